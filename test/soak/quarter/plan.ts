import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import { seededRandom } from '#main/simulators/server/draw.ts';
import type { SimulatorOptions } from '#main/simulators/port.ts';
import type { SimulatedSource } from '#main/simulators/start.ts';
import { DAY, HOUR, MINUTE } from '../../integration/life/life-world.ts';
import type { Deed } from './messages.ts';

/** A Monday, midnight UTC. */
export const QUARTER_START = Date.UTC(2026, 0, 5);

/** What the simulators allow, and the sources are set to. By what each bills. */
export const LIMITS: Readonly<Record<SimulatedSource, SimulatorOptions['limits']>> = {
  wildfire: { perMinute: 60, perDay: 10, perMonth: null },
  'recorded-future': { perMinute: 60, perDay: 30, perMonth: 500 },
  'reversinglabs-a1000': { perMinute: 120, perDay: null, perMonth: null },
  'reversinglabs-titaniumcloud': { perMinute: 2_000, perDay: 160, perMonth: 2_800 },
  virustotal: { perMinute: 30, perDay: 110, perMonth: 1_900 },
};

export function configOf(source: SimulatedSource): SourceConfigChange {
  const { perMinute, perDay, perMonth } = LIMITS[source];
  return { callsPerMinute: perMinute, callsPerDay: perDay, callsPerMonth: perMonth, timeoutSeconds: 20 };
}

/** Something that happens at a moment of the quarter. Moments are counted on a clock that nobody sets, from its beginning. */
export type Happening = { readonly at: number } & (
  | { readonly kind: 'deed'; readonly deed: Deed }
  /** The machine sleeps for so long. */
  | { readonly kind: 'sleep'; readonly milliseconds: number }
  /** Somebody sets the wall clock. */
  | { readonly kind: 'set-wall'; readonly milliseconds: number }
  /** The owner gives up, so that the other process takes over. */
  | { readonly kind: 'swap' }
  /** Gauges are compared with what they count. */
  | { readonly kind: 'look' }
  | { readonly kind: 'forecast' }
  /** The board is compared with the books. */
  | { readonly kind: 'compare' }
);

const WEEK = 7;
/** Lists are forgotten after so many days, but for those of Fridays. */
const KEPT_DAYS = 12;

/** All that people, clock and machine do in so many days, in order. */
export function happeningsOf(days: number, seed: number): readonly Happening[] {
  const random = seededRandom(seed ^ 0x9a47);
  const numbers = createNumbers(random);
  const all = Array.from({ length: days }, (_, day) => [...machineOf(day), ...workOf(day, random, numbers)]).flat();
  const within = [...all, ...rareOf(numbers)].filter(({ at }) => at < days * DAY);
  return within.toSorted((a, b) => a.at - b.at);
}

function machineOf(day: number): Happening[] {
  const at = day * DAY;
  const weekday = day % WEEK;
  const isWeekEven = Math.floor(day / WEEK) % 2 === 0;
  const watched: Happening[] = [
    { at: at + 11 * HOUR + 59 * MINUTE, kind: 'look' },
    { at: at + 12 * HOUR, kind: 'forecast' },
    { at: at + 21 * HOUR + 30 * MINUTE, kind: 'look' },
  ];
  // On from before work until late, on Tuesdays through the night; every other weekend off.
  const wakes = at + 24 * HOUR + 6 * HOUR + 20 * MINUTE;
  const sleeps = at + 22 * HOUR + 10 * MINUTE;
  const night: Happening = { at: sleeps, kind: 'sleep', milliseconds: wakes - sleeps };
  const weekend: Happening = { ...night, milliseconds: wakes - sleeps + 2 * DAY };
  switch (weekday) {
    case 1:
      return watched;
    case 4:
      return isWeekEven ? [...watched, weekend] : watched;
    case 5:
    case 6:
      return isWeekEven
        ? []
        : [...watched, ...(weekday === 6 ? [{ at: at + 23 * HOUR, kind: 'compare' } as const] : [])];
    default:
      return [...watched, night];
  }
}

/** Busier on some weekdays than on others, and on no two days the same. */
const BUSY = [1.2, 1, 0.8, 1, 0.6, 0, 0] as const;

function workOf(day: number, random: () => number, numbers: Numbers): Happening[] {
  const at = day * DAY;
  const busy = (BUSY[day % WEEK] ?? 0) * (0.6 + 0.8 * random());
  if (busy === 0) {
    return [];
  }
  const deed = (hour: number, minute: number, what: Deed): Happening => ({
    at: at + hour * HOUR + minute * MINUTE,
    kind: 'deed',
    deed: what,
  });
  const morning = numbers.fresh(Math.round(50 * busy));
  const afternoon = [...numbers.fresh(Math.round(30 * busy)), ...numbers.known(12), ...morning.slice(0, 10)];
  const isKept = day % WEEK === 4;
  const forgotten = [
    ...(isKept ? [] : [forgets(day, 'morning')]),
    ...(day % WEEK === 0 ? [] : [forgets(day, 'afternoon')]),
  ];
  return [
    deed(9, 5 + Math.floor(random() * 40), { kind: 'list', name: `morning-${day}`, numbers: morning }),
    deed(10, 11, { kind: 'look-up', numbers: [...morning.slice(0, 3), ...numbers.fresh(2)], asks: false }),
    deed(11, 15, { kind: 'look-up', numbers: numbers.fresh(4), asks: true }),
    deed(11, 40, { kind: 'look-up', numbers: morning.slice(0, 3), asks: false }),
    deed(14, 5 + Math.floor(random() * 40), { kind: 'list', name: `afternoon-${day}`, numbers: afternoon }),
    deed(16, 20, { kind: 'look-up', numbers: [...numbers.known(3), ...numbers.fresh(3)], asks: true }),
    ...forgotten,
  ];
}

function forgets(day: number, which: 'morning' | 'afternoon'): Happening {
  return {
    at: (day + KEPT_DAYS) * DAY + 13 * HOUR + 5 * MINUTE,
    kind: 'deed',
    deed: { kind: 'forget', name: `${which}-${day}` },
  };
}

function rareOf(numbers: Numbers): Happening[] {
  const at = (day: number, hour: number, minute = 0): number => day * DAY + hour * HOUR + minute * MINUTE;
  const seconds = (day: number): number => (QUARTER_START + day * DAY) / 1000;
  const deed = (when: number, what: Deed): Happening => ({ at: when, kind: 'deed', deed: what });
  const listed = numbers.first(40);
  const weeks = Array.from({ length: 14 }, (_, week): Happening[] => [
    { at: at(week * WEEK + 2, 8, 30), kind: 'swap' },
    { at: at(week * WEEK + 4, 21, 50), kind: 'compare' },
    deed(at(week * WEEK + 3, 10, 30), {
      kind: 'hash-list',
      numbers: [1000 + week, 2000 + week],
      side: week % 2 === 0 ? 'malicious' : 'non-malicious',
      expiresAt: null,
    }),
  ]).flat();
  return [
    ...weeks,
    { at: at(1, 15, 20), kind: 'set-wall', milliseconds: -HOUR },
    { at: at(2, 17, 10), kind: 'set-wall', milliseconds: HOUR },
    { at: at(36, 10, 20), kind: 'set-wall', milliseconds: -HOUR },
    { at: at(50, 15, 20), kind: 'set-wall', milliseconds: 2 * HOUR },
    { at: at(51, 15, 20), kind: 'set-wall', milliseconds: -HOUR },
    deed(at(0, 8, 15), {
      kind: 'hash-list',
      numbers: listed.slice(0, 20),
      side: 'malicious',
      expiresAt: seconds(2) + 30_000,
    }),
    deed(at(9, 8, 15), { kind: 'hash-list', numbers: listed.slice(20), side: 'non-malicious', expiresAt: seconds(60) }),
    deed(at(2, 8, 15), { kind: 'hash-list', numbers: [45, 46, 47], side: 'non-malicious', expiresAt: null }),
    deed(at(2, 15, 40), { kind: 'unlist', numbers: [46] }),
    deed(at(28, 15, 40), { kind: 'unlist', numbers: [47, 1000, 2000] }),
    deed(at(2, 9), { kind: 'pause', source: 'virustotal' }),
    deed(at(2, 18), { kind: 'resume', source: 'virustotal' }),
    deed(at(43, 8, 30), { kind: 'pause', source: 'wildfire' }),
    deed(at(44, 8, 30), { kind: 'resume', source: 'wildfire' }),
    deed(at(46, 8, 25), { kind: 'purge', days: 20 }),
    deed(at(74, 8, 25), { kind: 'purge', days: 30 }),
  ];
}

/** Numbers of hashes: ever new ones, ones that came before, and the first. */
interface Numbers {
  fresh(count: number): number[];
  known(count: number): number[];
  first(count: number): number[];
}

function createNumbers(random: () => number): Numbers {
  let next = 0;
  return {
    fresh(count) {
      next += count;
      return Array.from({ length: count }, (_, place) => next - count + place);
    },
    known: (count) => [...new Set(Array.from({ length: count }, () => Math.floor(random() * next)))],
    first: (count) => Array.from({ length: count }, (_, place) => place),
  };
}
