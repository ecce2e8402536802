import type { DigestKind } from '#shared/domain/hash.ts';
import { kindOfHexLength } from '#shared/domain/hash.ts';
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

interface Labelled {
  readonly kind: DigestKind | null;
  readonly other: string | null;
  readonly hex: string;
}

function labelled(cell: string): Labelled[] {
  return [...cell.slice(0, 4096).matchAll(PAIR)].map(([, label = '', hex = '']) => {
    const meaning = classifyName(label);
    const kind = kindOfHexLength(hex.length);
    if (meaning?.kind === 'digest' && meaning.digest === kind) {
      return { kind, other: null, hex };
    }
    return { kind: null, other: meaning?.kind === 'never' ? meaning.name : null, hex };
  });
}
