import { parseDigest } from '#shared/domain/hash.ts';
import { whyNoDigest } from '../../formats/names/describe-token.ts';
import { findHashes } from '../hash-list/find-hashes.ts';
import type { SingleHash } from '../intake/port.ts';

/** What a text asks about. */
export interface TextHashes {
  /** Distinct, in the order of the text, lower case. */
  readonly hashes: readonly SingleHash[];
  /** What looked like a hash and is none, with why; at most 20. */
  readonly rejected: readonly { readonly text: string; readonly reason: string }[];
}

const MOST_REJECTED = 20;
const LONGEST_SHOWN = 80;
/** Beside hashes, shorter words are numbers, dates and ids of the text around them. */
const SHORTEST_BESIDE_HASHES = 28;

const UUID = /^[{(]?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}[)}]?$/i;
/** A line that is one digest written with a space after every 8 digits (as Assay copies it "defanged") or between bytes. */
const SPACED = [/^[ \t]*[0-9a-f]{8}(?: [0-9a-f]{8})+[ \t]*$/gim, /^[ \t]*[0-9a-f]{2}(?:[ :-][0-9a-f]{2})+[ \t]*$/gim];

/**
 * The hashes in any text, by the rules free text is read with: never a slice of a longer run, never what is named as
 * something else (an imphash, a UUID). A digest written with spaces on a line of its own is put together first.
 */
export function findInText(text: string): TextHashes {
  const joined = SPACED.reduce((before, pattern) => before.replaceAll(pattern, together), text);
  const hashes = new Map<string, SingleHash>();
  for (const { hash } of findHashes(joined)) {
    const digest = parseDigest(hash);
    if (digest !== null) {
      hashes.set(digest.hex, { kind: digest.kind, hash: digest.hex });
    }
  }
  return { hashes: [...hashes.values()], rejected: rejectedOf(joined, hashes) };
}

/** A spaced run is a digest only when the whole of it has the length of one. */
function together(run: string): string {
  const digits = run.replaceAll(/[^0-9a-f]/gi, '');
  return parseDigest(digits) === null ? run : digits;
}

function rejectedOf(text: string, hashes: ReadonlyMap<string, SingleHash>): TextHashes['rejected'] {
  const rejected = new Map<string, { readonly text: string; readonly reason: string }>();
  for (const word of text.split(/[\s,;|"'`<>()[\]]+/)) {
    const reason = reasonOf(word, hashes);
    if (reason !== null && rejected.size < MOST_REJECTED) {
      const shown = word.length > LONGEST_SHOWN ? `${word.slice(0, LONGEST_SHOWN)}…` : word;
      rejected.set(word, { text: shown, reason });
    }
  }
  return [...rejected.values()];
}

function reasonOf(word: string, hashes: ReadonlyMap<string, SingleHash>): string | null {
  const digest = parseDigest(word);
  if (digest !== null) {
    return hashes.has(digest.hex) ? null : 'named as something else than the digest of a file';
  }
  if (UUID.test(word)) {
    return 'a UUID, not the digest of a file';
  }
  return hashes.size > 0 && word.length < SHORTEST_BESIDE_HASHES ? null : whyNoDigest(word);
}
