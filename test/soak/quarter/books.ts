import type { Deed } from './messages.ts';

const HOUR = 3600;

/** What people did, as they would have put it down themselves; all times in seconds since the epoch by the wall clock. */
export interface Books {
  /** A deed that was done, and what a purge removed. */
  enter(at: number, deed: Deed, purged?: number): void;
  /** An owner was there and had looked at the gauges. */
  watched(at: number): void;
  /** An owner that was killed may have looked. */
  maybeWatched(at: number): void;
  readonly inbound: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Hashes of lists, by hour. */
  readonly judged: ReadonlyMap<number, number>;
  readonly purged: ReadonlyMap<number, number>;
  readonly watchedHours: ReadonlySet<number>;
  readonly maybeHours: ReadonlySet<number>;
  /** Entries of the hash list in force, and those of them that are in a kept intake, by side. */
  listed(at: number, isKept: boolean): Readonly<Record<'malicious' | 'non-malicious', number>>;
}

type Entry = Pick<Extract<Deed, { kind: 'hash-list' }>, 'side' | 'expiresAt'>;

export function createBooks(): Books {
  const inbound = new Map([
    ['intakes', new Map<number, number>()],
    ['look-ups', new Map<number, number>()],
  ]);
  const seen = new Map<number, Set<number>>();
  const kept = new Map<string, readonly number[]>();
  const entries = new Map<number, Entry>();
  const judged = new Map<number, number>();
  const purged = new Map<number, number>();
  const watchedHours = new Set<number>();
  const maybeHours = new Set<number>();

  function receive(at: number, door: string, numbers: readonly number[]): void {
    const hour = hourOf(at);
    const before = seen.get(hour) ?? new Set<number>();
    seen.set(hour, before);
    const size = before.size;
    numbers.forEach((number) => before.add(number));
    addTo(inbound.get(door) ?? new Map<number, number>(), hour, before.size - size);
  }

  return {
    enter(at, deed, removed = 0) {
      switch (deed.kind) {
        case 'list':
          receive(at, 'intakes', deed.numbers);
          kept.set(deed.name, deed.numbers);
          addTo(judged, hourOf(at), new Set(deed.numbers).size);
          break;
        case 'look-up':
          receive(at, 'look-ups', deed.numbers);
          break;
        case 'forget':
          kept.delete(deed.name);
          break;
        case 'hash-list':
          deed.numbers.forEach((number) => entries.set(number, deed));
          break;
        case 'unlist':
          deed.numbers.forEach((number) => entries.delete(number));
          break;
        case 'purge':
          addTo(purged, hourOf(at), removed);
          break;
        default:
      }
    },
    watched: (at) => void watchedHours.add(hourOf(at)),
    maybeWatched: (at) => void maybeHours.add(hourOf(at)),
    inbound,
    judged,
    purged,
    watchedHours,
    maybeHours,
    listed(at, isKept) {
      const held = new Set([...kept.values()].flat());
      const sums = { malicious: 0, 'non-malicious': 0 };
      for (const [number, { side, expiresAt }] of entries) {
        if ((expiresAt === null || expiresAt > at) && (!isKept || held.has(number))) {
          sums[side] += 1;
        }
      }
      return sums;
    },
  };
}

export function hourOf(seconds: number): number {
  return Math.floor(seconds / HOUR) * HOUR;
}

/** Adds to what is kept under a key. */
export function addTo<Key>(sums: Map<Key, number>, key: Key, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}
