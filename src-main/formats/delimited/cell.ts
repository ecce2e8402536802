import type { DigestKind } from '#shared/domain/hash.ts';
import { kindOfHexLength, parseDigest } from '#shared/domain/hash.ts';
import { sha1OfFileId } from '../names/file-id.ts';
import { classifyName } from '../names/classify-name.ts';

const EMPTY = new Set([
  '',
  '-',
  '--',
  '0',
  'n/a',
  'na',
  '#n/a',
  'nan',
  'nil',
  'none',
  'null',
  '(null)',
  '(none)',
  'unknown',
  'undefined',
  '?',
]);

/** True for cells that say there is nothing: blank, `-`, `n/a`, `null` ... */
export function isEmptyCell(cell: string): boolean {
  return cell.length <= 9 && EMPTY.has(cell.trim().toLowerCase());
}

/** From here on only what stands around runs of digits is looked at: texts of events may be 64 KiB of something else. */
const LONG = 4096;
const MARKS = new Set(['"', "'", '`']);
const FRONT = /^(?:=?["'`]|0x(?=[0-9a-fA-F]{32}))+/;
/** Soft hyphens and characters without width: programs put them where a long word may break. */
const UNSEEN = /[\u00ad\u200b-\u200d\u2060\ufeff]+/g;

/**
 * A cell without what programs put around a value: quotes, the `="..."` by which spreadsheets keep texts, `0x` in front,
 * unseen characters. The end is walked by hand: a pattern would start anew at every quote.
 */
export function bareCell(cell: string): string {
  const text = cell.replaceAll(UNSEEN, '').trim();
  let end = text.length;
  while (end > 0 && MARKS.has(text.charAt(end - 1))) {
    end -= 1;
  }
  return text.slice(0, end).replace(FRONT, '');
}

/** The same of a cell in a column for SHA-1, which may write it as Amcache does. */
export function bareFileId(cell: string): string {
  const bare = bareCell(cell);
  return sha1OfFileId(bare) ?? bare;
}

/**
 * The digests of a bare cell that holds nothing else: one, or several with blanks or marks between, or one behind the name
 * of its file, as MISP writes both (`a.exe|0123…`); else none.
 */
export function plainDigests(bare: string): string[] {
  const parts = bare.length > LONG ? [] : bare.split(/[\s,;|/]+/).filter((part) => part !== '');
  if (parts.every((part) => parseDigest(part) !== null)) {
    return parts;
  }
  const behindName = bare.length > LONG ? '' : bare.slice(bare.lastIndexOf('|') + 1);
  return behindName.length < bare.length && parseDigest(behindName) !== null ? [behindName] : [];
}

/** The name of the file in front of its digest (`a.exe|0123…`), or ''. */
export function nameInFront(cell: string): string {
  const bare = cell.length > LONG ? '' : bareCell(cell);
  const bar = bare.lastIndexOf('|');
  const name = bar <= 0 || parseDigest(bare.slice(bar + 1)) === null ? '' : bare.slice(0, bar).trim();
  return parseDigest(name) === null ? name : '';
}

export interface PackedDigest {
  readonly kind: DigestKind;
  readonly hex: string;
}

const PAIR = /([A-Za-z][A-Za-z0-9-]{1,15})\s*[=:]\s*([0-9a-fA-F]+)(?![0-9A-Za-z])/g;

/** Digests of a cell that labels them: `SHA1=...,MD5=...,SHA256=...,IMPHASH=...` as event logs write, or `sha256:...`. */
export function packedDigests(cell: string): PackedDigest[] {
  return cell.length < 36 ? [] : labelled(cell).flatMap(({ kind, hex }) => (kind === null ? [] : [{ kind, hex }]));
}

/** Names of the labelled values of a cell that are no file digests. */
export function packedOthers(cell: string): string[] {
  return labelled(cell).flatMap(({ other }) => (other === null ? [] : [other]));
}

const RUN = /[0-9a-fA-F]{32,}/g;
/** More than a label and what ties it to its value. */
const IN_FRONT = 64;

/** The runs of a text that are as long as a digest, each with what is in front of it and the character behind it. */
function aroundRuns(text: string): string {
  const parts: string[] = [];
  let end = 0;
  for (const { index, 0: run } of text.matchAll(RUN)) {
    const from = Math.max(end, index - IN_FRONT);
    const stop = Math.min(text.length, index + run.length + 1);
    parts.push(from > end ? ' ' : '', text.slice(from, stop));
    end = stop;
  }
  return parts.join('');
}

interface Labelled {
  readonly kind: DigestKind | null;
  readonly other: string | null;
  readonly hex: string;
}

function labelled(cell: string): Labelled[] {
  return [...(cell.length > LONG ? aroundRuns(cell) : cell).matchAll(PAIR)].map(([, label = '', hex = '']) => {
    const meaning = classifyName(label);
    const kind = kindOfHexLength(hex.length);
    if (meaning?.kind === 'digest' && meaning.digest === kind) {
      return { kind, other: null, hex };
    }
    return { kind: null, other: meaning?.kind === 'never' ? meaning.name : null, hex };
  });
}
