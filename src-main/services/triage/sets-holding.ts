import { DIGEST_BYTES, DIGEST_KINDS } from '#shared/domain/hash.ts';
import { joinSorted, queriesOf } from './bulk/join.ts';
import type { Digest } from './digest-keys.ts';
import type { KnownSets, SetHit } from './set-lookup.ts';

const NEVER = (): boolean => false;

/**
 * The known sets that hold each of the digests, by its hex text; digests that none holds are left out. All are searched for
 * together in ascending order, which costs a set of many millions far fewer reads than one search per digest.
 */
export function setsHolding(sets: KnownSets, digests: readonly Digest[]): ReadonlyMap<string, readonly SetHit[]> {
  const holding = new Map<string, SetHit[]>();
  for (const kind of DIGEST_KINDS) {
    const asked = sets.sets.flatMap((set) => {
      const section = set.section(kind);
      return section === null ? [] : [{ hit: set.hit, section }];
    });
    if (asked.length === 0) {
      continue;
    }
    const distinct = new Map(digests.filter((digest) => digest.kind === kind).map((digest) => [digest.hex, digest]));
    const sorted = [...distinct.values()].sort((a, b) => Buffer.compare(a.bytes, b.bytes));
    const queries = queriesOf(Buffer.concat(sorted.map(({ bytes }) => bytes)), DIGEST_BYTES[kind]);
    for (const { hit, section } of asked) {
      joinSorted(queries, section, (query) => add(holding, sorted[query]?.hex ?? '', hit), NEVER);
    }
  }
  return holding;
}

function add(holding: Map<string, SetHit[]>, hex: string, hit: SetHit): void {
  const hits = holding.get(hex) ?? [];
  // A damaged file could hold a digest twice.
  if (!hits.includes(hit)) {
    hits.push(hit);
  }
  holding.set(hex, hits);
}
