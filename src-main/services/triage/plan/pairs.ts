import type { DigestKind } from '#shared/domain/hash.ts';
import type { SourceId } from '#shared/domain/source.ts';

/**
 * What becomes of one (hash, source) pair. Exactly one holds:
 *
 * - `ask`: it would be sent
 * - `hash-list`, `known-set`, `fresh`, `link`, `conclusive`, `queued`: it needs no call, see AVOIDED_BY
 * - `kind`: the source takes none of the digests the file is known by
 * - `empty`: the digest of the empty file
 * - `embargo`: its intake, or another one that holds it, is under embargo
 * - `over`: left out because the scan may make only so many calls
 */
export const PAIRS = [
  'ask',
  'hash-list',
  'known-set',
  'fresh',
  'link',
  'conclusive',
  'queued',
  'kind',
  'empty',
  'embargo',
  'over',
] as const;
export type Pair = (typeof PAIRS)[number];

/** Code of a pair in a column; 0 is a row that was not looked at. */
export const PAIR: Readonly<Record<Pair, number>> = {
  ask: 1,
  'hash-list': 2,
  'known-set': 3,
  fresh: 4,
  link: 5,
  conclusive: 6,
  queued: 7,
  kind: 8,
  empty: 9,
  embargo: 10,
  over: 11,
};

const STATE_BITS = 0x0f;
const KIND_SHIFT = 4;
const ALIAS_BIT = 0x40;
const KIND_CODE: Readonly<Record<DigestKind, number>> = { md5: 1, sha1: 2, sha256: 3 };
const KIND_OF_CODE: readonly (DigestKind | null)[] = [null, 'md5', 'sha1', 'sha256'];

/** A source as a plan needs it. */
export interface PlanSource {
  readonly source: SourceId;
  /** Its stored code. */
  readonly code: number;
  /** Digest kinds it takes, best first. */
  readonly takes: readonly DigestKind[];
  /** Seconds after which a pending answer is due again. */
  readonly recheckSeconds: number;
}

/** What a plan is asked. */
export interface PlanQuestion {
  /** At most eight. */
  readonly sources: readonly PlanSource[];
  /** An answer younger than this many seconds is fresh. */
  readonly freshSeconds: number;
  /** "Does not know it" younger than this many seconds is fresh. */
  readonly notKnownSeconds: number;
  /** One source that says malicious is enough. */
  readonly isConclusiveEnough: boolean;
  /** False asks although an answer is known; hash list and embargo always hold. */
  readonly avoid: boolean;
}

/** The plan of entries as columns, one value per entry. */
export interface PlanColumns {
  readonly length: number;
  /** Per source: a packed pair, see `packPair`. */
  readonly pairs: readonly Uint8Array[];
  /** `hash-list` or `known-set` as a PAIR code where that answers the entry, whatever sources take; else 0. */
  readonly answered: Uint8Array;
  /** The intake under embargo that holds the entry, 0 for none. */
  readonly embargoedBy: Uint32Array;
}

/** Columns of the given length in which nothing was looked at yet. */
export function emptyPlanColumns(length: number, sources: number): PlanColumns {
  return {
    length,
    pairs: Array.from({ length: sources }, () => new Uint8Array(length)),
    answered: new Uint8Array(length),
    embargoedBy: new Uint32Array(length),
  };
}

/** A pair as one byte: what becomes of it, the kind it is asked by, and whether that digest is known by a link only. */
export function packPair(pair: Pair, kind: DigestKind | null, isAlias: boolean): number {
  return PAIR[pair] | ((kind === null ? 0 : KIND_CODE[kind]) << KIND_SHIFT) | (isAlias ? ALIAS_BIT : 0);
}

/** The PAIR code in a packed pair. */
export function pairCode(packed: number): number {
  return packed & STATE_BITS;
}

/** The kind a pair would be asked by; null when no digest of it can be asked. */
export function pairKind(packed: number): DigestKind | null {
  return KIND_OF_CODE[(packed >> KIND_SHIFT) & 3] ?? null;
}

/** Whether the digest to ask by is another one of the file than the row's own. */
export function isAliasPair(packed: number): boolean {
  return (packed & ALIAS_BIT) !== 0;
}

/** The same pair with another fate. */
export function withPair(packed: number, pair: Pair): number {
  return (packed & ~STATE_BITS) | PAIR[pair];
}
