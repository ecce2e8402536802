import { DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import { PAIR, PAIRS, pairCode, pairKind, withPair, type Pair, type PlanColumns } from './pairs.ts';

/** What a plan comes to for one source. */
export interface SourceTotals {
  /** Pairs by what becomes of them. */
  readonly pairs: Readonly<Record<Pair, number>>;
  /** Of `ask`: by the kind of digest they are asked by. A request holds one kind only. */
  readonly askByKind: Readonly<Record<DigestKind, number>>;
}

/** What a plan comes to. Every hash is in exactly one of `ask`, `without` and `cannot`. */
export interface PlanTotals {
  readonly hashes: number;
  readonly ask: number;
  readonly without: Readonly<Record<'hash-list' | 'known-set' | 'fresh' | 'link' | 'conclusive' | 'queued', number>>;
  readonly cannot: Readonly<Record<'kind' | 'empty' | 'over', number>>;
  /** Hashes that are under embargo, by the intake that holds them. */
  readonly embargoed: readonly { readonly intakeId: number; readonly hashes: number }[];
  /** In the order of the question's sources. */
  readonly sources: readonly SourceTotals[];
}

/** How a source bills, for counting calls. */
export interface Billing {
  readonly hashesPerRequest: number;
  readonly billedBy: 'request' | 'hash';
  /** An answer may be followed by a single call about the hash. */
  readonly isFollowed: boolean;
}

const CODES: readonly Pair[] = PAIRS;
/** What decides where a hash is counted when it is not asked about, the first that holds. */
const BY_RANK = ['over', 'fresh', 'link', 'conclusive', 'queued', 'embargo', 'empty', 'kind'] as const;

/** Counts the entries of `order`, each once. */
export function totalsOf(columns: PlanColumns, order: Uint32Array): PlanTotals {
  const pairs = columns.pairs.map(() => counters(CODES));
  const kinds = columns.pairs.map(() => counters(DIGEST_KINDS));
  const hashes = { ask: 0, 'hash-list': 0, 'known-set': 0, ...counters(BY_RANK) };
  const embargoed = new Map<number, number>();
  for (const entry of order) {
    let bits = 0;
    for (const [number, column] of columns.pairs.entries()) {
      const packed = column[entry] as number;
      const code = pairCode(packed);
      bits |= 1 << code;
      const of = pairs[number] as Record<Pair, number>;
      const pair = CODES[code - 1] as Pair;
      of[pair] += 1;
      const kind = pair === 'ask' ? pairKind(packed) : null;
      if (kind !== null) {
        (kinds[number] as Record<DigestKind, number>)[kind] += 1;
      }
    }
    const place = placeOf(bits, columns.answered[entry] as number);
    hashes[place] += 1;
    if (place === 'embargo') {
      const intakeId = columns.embargoedBy[entry] as number;
      embargoed.set(intakeId, (embargoed.get(intakeId) ?? 0) + 1);
    }
  }
  const { ask, over, empty, kind, embargo: _embargo, ...without } = hashes;
  return {
    hashes: order.length,
    ask,
    without,
    cannot: { kind, empty, over },
    embargoed: [...embargoed].map(([intakeId, count]) => ({ intakeId, hashes: count })),
    sources: columns.pairs.map((_, number) => ({
      pairs: pairs[number] as Record<Pair, number>,
      askByKind: kinds[number] as Record<DigestKind, number>,
    })),
  };
}

/** Puts every pair that would be sent under the embargo of an intake: for a list that is under embargo itself. */
export function embargoAll(columns: PlanColumns, intakeId: number): void {
  const sent = [PAIR.ask, PAIR.queued, PAIR.conclusive];
  for (const column of columns.pairs) {
    for (let entry = 0; entry < columns.length; entry += 1) {
      const packed = column[entry] as number;
      if (sent.includes(pairCode(packed))) {
        column[entry] = withPair(packed, 'embargo');
        columns.embargoedBy[entry] = intakeId;
      }
    }
  }
}

/**
 * Leaves out pairs past so many calls, the first of `order` kept. A request is paid by its first hash. Where answers may be
 * followed by single calls, each hash pays for one: however they turn out, the calls stay below the number.
 */
export function keepCalls(
  columns: PlanColumns,
  order: Uint32Array,
  billing: readonly Billing[],
  maxCalls: number,
): void {
  const asked = columns.pairs.map(() => counters(DIGEST_KINDS));
  let calls = 0;
  for (const entry of order) {
    for (const [number, column] of columns.pairs.entries()) {
      const packed = column[entry] as number;
      const kind = pairKind(packed);
      if (pairCode(packed) !== PAIR.ask || kind === null) {
        continue;
      }
      const of = asked[number] as Record<DigestKind, number>;
      const { billedBy, hashesPerRequest, isFollowed } = billing[number] as Billing;
      const own = billedBy === 'hash' || of[kind] % hashesPerRequest === 0 ? 1 : 0;
      const cost = own + (isFollowed ? 1 : 0);
      if (calls + cost > maxCalls) {
        column[entry] = withPair(packed, 'over');
      } else {
        calls += cost;
        of[kind] += 1;
      }
    }
  }
}

function placeOf(bits: number, answered: number) {
  const has = (pair: Pair): boolean => (bits & (1 << PAIR[pair])) !== 0;
  if (has('ask')) {
    return 'ask';
  }
  if (answered !== 0) {
    return answered === PAIR['hash-list'] ? 'hash-list' : 'known-set';
  }
  return BY_RANK.find(has) ?? 'kind';
}

function counters<N extends string>(names: readonly N[]): Record<N, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<N, number>;
}
