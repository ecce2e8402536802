import { SOURCES } from '#shared/domain/source.ts';
import { DUE_CLASS, DUE_FIELDS } from '../../db/repositories/life/due.ts';
import type { FedFile } from '../../db/repositories/asking/queue/feed-rescans.ts';
import { createOverdueList, type OverdueList } from './overdue.ts';

/** Kept of each source and kind: what the fastest source asks between two sweeps of a large database. */
const KEPT = 20_000;
/** This share of what is fed is malicious, while any is overdue: one in three. */
const MALICIOUS_PART = 3;

/** What a sweep found, to be fed from. */
export interface Candidates {
  /** Cuts for the next range of the sweep. */
  cuts(): Float64Array;
  /** Packed as `dueItems` finds them. */
  add(found: Float64Array): void;
  /** The sweep is over. */
  finish(): void;
  /** The next files of a source to be asked again, malicious ones first; nothing is taken yet. */
  rescans(source: number, count: number): readonly FedFile[];
  /** The next files that were never asked about. */
  unasked(source: number, count: number): readonly FedFile[];
  /** Takes the first `count` of `files` out, as they were given. */
  take(source: number, files: readonly FedFile[], purpose: 'new' | 'rescan', count: number): void;
  /** True when there were more of something than were kept, and all that was kept is taken. */
  isUsedUp(): boolean;
}

export function createCandidates(kept: number = KEPT): Candidates {
  const lists = new Map<number, OverdueList>();
  for (const { code } of SOURCES) {
    for (const of of Object.values(DUE_CLASS)) {
      lists.set(keyOf(code, of), createOverdueList(kept));
    }
  }
  const listOf = (source: number, of: number): OverdueList => lists.get(keyOf(source, of)) ?? createOverdueList(0);

  return {
    cuts() {
      const cuts = new Float64Array(Math.max(...lists.keys()) + 1).fill(Number.POSITIVE_INFINITY);
      for (const [key, list] of lists) {
        cuts[key] = list.cut;
      }
      return cuts;
    },
    add(found) {
      for (let at = 0; at + DUE_FIELDS <= found.length; at += DUE_FIELDS) {
        const [id, source, due, of] = [...found.subarray(at, at + DUE_FIELDS)] as [number, number, number, number];
        listOf(source, of).add({ id, due });
      }
    },
    finish() {
      for (const list of lists.values()) {
        list.sort();
      }
    },
    rescans: (source, count) => merged(listOf(source, DUE_CLASS.malicious), listOf(source, DUE_CLASS.other), count),
    unasked: (source, count) => firstOf(listOf(source, DUE_CLASS.unasked), count, false),
    take(source, files, purpose, count) {
      const taken = files.slice(0, count);
      const malicious = taken.filter(({ isMalicious }) => isMalicious).length;
      if (purpose === 'new') {
        listOf(source, DUE_CLASS.unasked).drop(taken.length);
      } else {
        listOf(source, DUE_CLASS.malicious).drop(malicious);
        listOf(source, DUE_CLASS.other).drop(taken.length - malicious);
      }
    },
    isUsedUp: () => [...lists.values()].some(({ cut, length }) => cut < Number.POSITIVE_INFINITY && length === 0),
  };
}

/** A third malicious ones at least, then whatever is overdue the longest. */
function merged(malicious: OverdueList, others: OverdueList, count: number): readonly FedFile[] {
  const files: FedFile[] = [...firstOf(malicious, Math.ceil(count / MALICIOUS_PART), true)];
  let bad = files.length;
  let other = 0;
  while (files.length < count) {
    const [one, two] = [malicious.at(bad), others.at(other)];
    if (one === undefined && two === undefined) {
      break;
    }
    const isBad = two === undefined || (one !== undefined && one.due <= two.due);
    files.push({ id: (isBad ? one : two)?.id ?? 0, isMalicious: isBad });
    bad += isBad ? 1 : 0;
    other += isBad ? 0 : 1;
  }
  return files;
}

function firstOf(list: OverdueList, count: number, isMalicious: boolean): readonly FedFile[] {
  return Array.from({ length: Math.min(count, list.length) }, (_, index) => list.at(index))
    .filter((item) => item !== undefined)
    .map(({ id }) => ({ id, isMalicious }));
}

/** As `dueItems` numbers its cuts. */
function keyOf(source: number, of: number): number {
  return source * 3 + of;
}
