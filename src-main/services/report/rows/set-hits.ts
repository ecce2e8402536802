import { setImmediate as nextTurn } from 'node:timers/promises';
import { DIGEST_BYTES, type DigestKind } from '#shared/domain/hash.ts';
import type { ReportSetHit } from '../../../destinations/report/port.ts';
import { CHUNK_ROWS, readChunk } from '../../triage/bulk/chunk.ts';
import { joinSorted, type SortedQueries } from '../../triage/bulk/join.ts';
import { hexOf } from '../../triage/digest-keys.ts';
import type { SelectedEntries } from '../../triage/plan/selected-entries.ts';
import type { KnownSets, OpenSet } from '../../triage/set-lookup.ts';

/** Which known sets hold which rows. */
export interface SetHits {
  /** The sets that hold a digest of the row itself, or may hold it, in the order of the sets; rows share the arrays. */
  of(entry: number): readonly ReportSetHit[];
}

/** Digests asked of a filter before other work gets its turn. */
const FILTERED_AT_ONCE = 1 << 14;

/**
 * Merges the digests of all rows with every known set, once: a set of many millions is read from start to end instead of
 * being searched a million times. Four bytes a row, whatever the number of sets. Other work gets its turn between stretches.
 */
export async function findSetHits(sets: KnownSets, rows: SelectedEntries, signal: AbortSignal): Promise<SetHits> {
  if (sets.sets.length === 0) {
    return { of: () => NONE };
  }
  const combinations = new Combinations();
  const found = new Uint32Array(rows.length);
  let base = 0;
  for (const [number, group] of rows.groups.entries()) {
    for (let from = 0; from < group.count; from += CHUNK_ROWS) {
      const { columns } = readChunk(rows, number, group, from, false);
      for (const { kind, queries, rows: places } of columns) {
        for (const [set, open] of sets.sets.entries()) {
          await findIn(open, kind, queries, signal, (query) => {
            const place = base + from + (places === null ? query : (places[query] as number));
            found[place] = combinations.add(found[place] as number, set, kind);
          });
        }
      }
    }
    base += group.count;
  }
  const placeOf = placesOf(rows.entries);
  return { of: (entry) => combinations.hits(found[placeOf(entry)] as number) };
}

const NONE: readonly ReportSetHit[] = [];

/** Tells the digests that a set holds, or that its filter may hold. */
async function findIn(
  set: OpenSet,
  kind: DigestKind,
  queries: SortedQueries,
  signal: AbortSignal,
  onHit: (query: number) => void,
): Promise<void> {
  const { filter } = set;
  const keys = set.section(kind);
  if (keys !== null) {
    await nextTurn(undefined, { signal });
    joinSorted(queries, keys, onHit, () => signal.aborted);
  }
  for (let from = 0; filter?.meta.digest === kind && from < queries.count; from += FILTERED_AT_ONCE) {
    await nextTurn(undefined, { signal });
    const held = filter.mayHoldEach(hexesOf(queries, from, Math.min(queries.count, from + FILTERED_AT_ONCE)));
    for (const [place, isHeld] of held.entries()) {
      if (isHeld === 1) {
        onHit(from + place);
      }
    }
  }
}

function hexesOf({ bytes, width }: SortedQueries, from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, place) =>
    hexOf(bytes.subarray((from + place) * width, (from + place + 1) * width)),
  );
}

/** Numbers the combinations of sets that occur; 0 is none. */
class Combinations {
  readonly #hits: (readonly ReportSetHit[])[] = [NONE];
  readonly #numbers = new Map<string, number>();

  hits(number: number): readonly ReportSetHit[] {
    return this.#hits[number] ?? NONE;
  }

  /** The combination with a set that was found by that kind of digest. */
  add(number: number, set: number, kind: DigestKind): number {
    const key = `${number}+${set} ${kind}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) {
      return known;
    }
    const hits = withHit(this.hits(number), { set, matchedBy: kind });
    const name = hits.map((hit) => `${hit.set} ${hit.matchedBy}`).join(', ');
    const made = this.#numbers.get(name) ?? this.#hits.push(hits) - 1;
    this.#numbers.set(name, made);
    this.#numbers.set(key, made);
    return made;
  }
}

/**
 * One more hit; a set counts once, by its strongest digest, and by one that is certainly the row's before one that only
 * the list ties to it. In the order of the sets.
 */
export function withHit(hits: readonly ReportSetHit[], hit: ReportSetHit): readonly ReportSetHit[] {
  const known = hits.find(({ set }) => set === hit.set);
  if (known !== undefined && weight(known) >= weight(hit)) {
    return hits;
  }
  return [...hits.filter((each) => each !== known), hit].sort((a, b) => a.set - b.set);
}

function weight({ matchedBy, asserted }: ReportSetHit): number {
  return asserted === undefined ? DIGEST_BYTES[matchedBy] : -1 / DIGEST_BYTES[matchedBy];
}

/** The place of an entry among those selected, which ascend. */
function placesOf(entries: Uint32Array): (entry: number) => number {
  return (entry) => {
    // Mostly all are selected.
    if (entries[entry] === entry) {
      return entry;
    }
    let low = 0;
    let high = entries.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((entries[middle] as number) < entry) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
}
