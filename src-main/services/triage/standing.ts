import { EMPTY_FILE } from '#shared/domain/empty-file.ts';
import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import { DIGEST_BYTES, DIGEST_LABEL, type DigestKind, type HexDigest } from '#shared/domain/hash.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import type { Status } from '#shared/domain/status.ts';
import { decideEntry, effectiveStatus } from '#shared/domain/verdict.ts';
import type { ReadableDb } from '../../db/handles.ts';
import { entryDetail, fileKeysAmong, listKeysAmong } from '../../db/repositories/evidence.ts';
import { digestOfHex, keyOf, type Digest } from './digest-keys.ts';
import { gather, type Gathered } from './gather.ts';
import { createLookup, type Lookup } from './lookup.ts';
import type { JudgeContext } from './port.ts';
import { setsHolding } from './sets-holding.ts';
import { setTitle, withKnownSets, type KnownSets } from './set-lookup.ts';

/** Who says that a file is harmless, in a sentence that stays true: days are named, not counted. */
export interface Harmless {
  readonly reason: 'hash-list' | 'known-good' | 'non-malicious';
  readonly by: string;
}

/** How files stand on this machine before they are told to others as malicious. */
export interface Standing {
  /** The verdict's status, as of a row of a list with these digests. */
  readonly status: Status;
  /** Null when nobody says that it is harmless, or somebody who decides says the opposite. */
  readonly harmless: Harmless | null;
}

/** A digest of a file whose standing is asked for. */
export interface FileDigest {
  readonly kind: DigestKind;
  readonly hash: HexDigest;
}

/** Characters of a note that a sentence repeats. */
const LONGEST_NOTE = 200;
/** Keys looked for in one query. */
const KEYS = 500;

/**
 * Looks at files, in their order. Every digest is looked at by itself, with all that belongs to its file: each of them would
 * be searched for, whatever ties them together. A file is harmless
 * - on an unexpired entry of the hash list's non-malicious side, even when another entry says malicious, or as the empty file;
 * - in a known-good set, unless the hash list says malicious, which decides over everything else;
 * - by a source's non-malicious answer under the thresholds in force, unless the hash list or another source says malicious.
 * `problems` name known sets that could not be read.
 */
export function standingOf(
  context: JudgeContext,
  files: readonly (readonly FileDigest[])[],
): { readonly standings: readonly Standing[]; readonly problems: readonly string[] } {
  return withKnownSets(context.db, context.directory, (sets) => ({
    standings: lookAtFiles(context, sets, files),
    problems: sets.problems,
  }));
}

function lookAtFiles(
  { db, now, policy }: JudgeContext,
  sets: KnownSets,
  files: readonly (readonly FileDigest[])[],
): readonly Standing[] {
  const all = files.map((digests) => strongestFirst(digests).map(({ kind, hash }) => digestOfHex(kind, hash)));
  const lookup = lookupFor(db, sets, now, all);
  return all.map((digests): Standing => {
    const found = digests.map((digest) => ({ digest, gathered: gather(lookup, [digest]) }));
    const [first, ...others] = found.map(({ gathered }) => gathered);
    const evidence = {
      own: first?.own ?? [],
      contradicting: first?.contradicting ?? [],
      asserted: others.flatMap(({ own }) => own),
    };
    return { status: decideEntry(evidence, policy, now).status, harmless: harmlessOf(db, policy, found) };
  });
}

function strongestFirst(digests: readonly FileDigest[]): readonly FileDigest[] {
  return digests.toSorted((a, b) => DIGEST_BYTES[b.kind] - DIGEST_BYTES[a.kind]);
}

interface FoundDigest {
  readonly digest: Digest;
  readonly gathered: Gathered;
}

/**
 * Everything is asked for all digests at once: one by one is slow in large sets, and most digests are known to neither list
 * nor sources.
 */
function lookupFor(db: ReadableDb, sets: KnownSets, now: number, files: readonly (readonly Digest[])[]): Lookup {
  const lookup = createLookup(db, sets, now);
  const digests = files.flat();
  const asked = new Set(digests.map(({ hex }) => hex));
  const holding = setsHolding(sets, digests);
  const keys = [...new Set(digests.map(({ bytes }) => keyOf(bytes)))];
  const listed = among(keys, (some) => listKeysAmong(db, some));
  const known = among(keys, (some) => fileKeysAmong(db, some));
  const isIn = (found: ReadonlySet<number>, digest: Digest): boolean =>
    !asked.has(digest.hex) || found.has(keyOf(digest.bytes));
  return {
    items: (fileId) => lookup.items(fileId),
    files: (digest) => (isIn(known, digest) ? lookup.files(digest) : []),
    entries: (digest) => (isIn(listed, digest) ? lookup.entries(digest) : []),
    sets: (digest) => (asked.has(digest.hex) ? (holding.get(digest.hex) ?? []) : lookup.sets(digest)),
  };
}

function among(keys: readonly number[], find: (some: readonly number[]) => readonly number[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (let from = 0; from < keys.length; from += KEYS) {
    find(keys.slice(from, from + KEYS)).forEach((key) => found.add(key));
  }
  return found;
}

function harmlessOf(db: ReadableDb, policy: VerdictPolicy, found: readonly FoundDigest[]): Harmless | null {
  const listed = byList(db, found);
  if (listed !== null) {
    return listed;
  }
  const empty = found.find(({ digest }) => digest.hex === EMPTY_FILE[digest.kind]);
  if (empty !== undefined) {
    return { reason: 'non-malicious', by: `Its ${DIGEST_LABEL[empty.digest.kind]} is that of the empty file.` };
  }
  if (found.some(({ gathered }) => gathered.entries.some(({ entry }) => entry.side === 'malicious'))) {
    return null;
  }
  return byKnownGood(found) ?? byItems(policy, found);
}

function byList(db: ReadableDb, found: readonly FoundDigest[]): Harmless | null {
  for (const { digest, gathered } of found) {
    const entry = gathered.entries.find((one) => one.entry.side === 'non-malicious')?.entry;
    if (entry !== undefined) {
      const detail = entryDetail(db, entry.id);
      const words = shortened(detail?.note ?? '') || shortened(detail?.reason ?? '');
      const note = words === '' ? '' : `: ${words.replace(/\.$/, '')}`;
      const added = `added ${dayOf(entry.addedAt)}`;
      return {
        reason: 'hash-list',
        by: `The hash list says non-malicious (${DIGEST_LABEL[digest.kind]}, ${added})${note}.`,
      };
    }
  }
  return null;
}

function byKnownGood(found: readonly FoundDigest[]): Harmless | null {
  for (const { digest, gathered } of found) {
    const hit = gathered.sets.find((one) => one.hit.mark === 'known-good')?.hit;
    if (hit !== undefined) {
      const label = DIGEST_LABEL[digest.kind];
      return { reason: 'known-good', by: `The known-good set ${setTitle(hit)} holds its ${label}.` };
    }
  }
  return null;
}

function byItems(policy: VerdictPolicy, found: readonly FoundDigest[]): Harmless | null {
  const items = found.flatMap(({ digest, gathered }) =>
    gathered.files.flatMap((file) =>
      file.items.map((item) => ({ digest, item, status: effectiveStatus(item, policy) })),
    ),
  );
  if (items.some(({ status }) => status === 'malicious')) {
    return null;
  }
  const good = items
    .filter(({ status }) => status === 'non-malicious')
    .sort((a, b) => (b.item.scannedAt ?? 0) - (a.item.scannedAt ?? 0))[0];
  if (good === undefined) {
    return null;
  }
  const { digest, item } = good;
  const at = item.scannedAt === null ? '' : ` on ${dayOf(item.scannedAt)}`;
  const doubt = items.find(({ status }) => status === 'suspicious');
  const other = doubt === undefined ? '' : `; ${sourceLabel(doubt.item.source)} says suspicious`;
  return {
    reason: 'non-malicious',
    by: `${sourceLabel(item.source)} said non-malicious${at} (${DIGEST_LABEL[digest.kind]})${other}.`,
  };
}

/** The day in UTC. */
function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST_NOTE ? `${line.slice(0, LONGEST_NOTE)}…` : line;
}
