import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import type { SimulatorOptions } from '#main/simulators/port.ts';
import type { SimulatedSource } from '#main/simulators/start.ts';
import { DAY, HOUR } from '../../integration/life/life-world.ts';

/** When the year begins. */
export const YEAR_START = Date.UTC(2026, 0, 1, 8);

/** What the simulators allow, and the sources are set to. By what each bills. */
export const LIMITS: Readonly<Partial<Record<SimulatedSource, SimulatorOptions['limits']>>> = {
  wildfire: { perMinute: 30, perDay: 300, perMonth: null },
  'recorded-future': { perMinute: 60, perDay: 100, perMonth: 2_500 },
  'reversinglabs-a1000': { perMinute: 60, perDay: null, perMonth: null },
  'reversinglabs-titaniumcloud': { perMinute: 2_000, perDay: 4_000, perMonth: 100_000 },
  virustotal: { perMinute: 60, perDay: 120, perMonth: 3_000 },
} as const;

export function configOf(source: SimulatedSource): SourceConfigChange {
  const limits = LIMITS[source];
  return {
    callsPerMinute: limits?.perMinute ?? null,
    callsPerDay: limits?.perDay ?? null,
    callsPerMonth: limits?.perMonth ?? null,
    timeoutSeconds: 20,
  };
}

/** Something that happens at a moment of the year, once. */
export type YearEvent = { readonly at: number } & (
  | { readonly kind: 'list'; readonly name: string; readonly from: number; readonly count: number }
  | { readonly kind: 'forget'; readonly name: string }
  | { readonly kind: 'hash-list'; readonly from: number; readonly count: number; readonly until: number }
  | { readonly kind: 'purge'; readonly days: number }
  | { readonly kind: 'sleep'; readonly milliseconds: number }
  | { readonly kind: 'set-clock'; readonly by: number }
);

/** A share of all hashes comes at once, the rest in a list every four weeks; every other of those is forgotten again. */
export function eventsOf(hashes: number, days = 365): readonly YearEvent[] {
  const first = Math.floor(hashes * 0.6);
  const each = Math.floor((hashes - first) / 12);
  const at = (days: number): number => YEAR_START + days * DAY;
  const lists = Array.from({ length: 12 }, (_, n): YearEvent[] => [
    { at: at(10 + n * 28), kind: 'list', name: `list-${n}`, from: first + n * each, count: each },
    ...(n % 2 === 0 ? [{ at: at(30 + n * 28), kind: 'forget', name: `list-${n}` } as const] : []),
  ]).flat();
  const events: YearEvent[] = [
    { at: at(0), kind: 'list', name: 'first', from: 0, count: first },
    { at: at(50), kind: 'hash-list', from: 0, count: Math.min(200, Math.floor(first / 10)), until: at(95) },
    { at: at(120) + HOUR, kind: 'sleep', milliseconds: 7 * DAY },
    { at: at(150) + HOUR, kind: 'set-clock', by: -DAY },
    { at: at(200) + HOUR, kind: 'purge', days: 60 },
    { at: at(260) + HOUR, kind: 'purge', days: 45 },
    { at: at(330) + HOUR, kind: 'purge', days: 30 },
    ...lists,
  ];
  return events.filter((event) => event.at < endOf(days)).toSorted((a, b) => a.at - b.at);
}

export function endOf(days: number): number {
  return YEAR_START + days * DAY;
}
