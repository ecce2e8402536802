import type { PanelData } from '#shared/contract/usage.ts';
import { panelOf, type PanelId, type Split } from '#shared/domain/usage/panels.ts';

export interface Part {
  readonly key: string;
  readonly label?: string;
  readonly values: readonly (number | null)[];
}

export interface Given {
  readonly panel?: PanelId;
  readonly from?: number;
  readonly step?: number;
  readonly count?: number;
  readonly split?: Split;
  readonly parts: readonly Part[];
  readonly before?: readonly (number | null)[];
  readonly recordedSince?: number | null;
  readonly totals?: readonly (number | null)[];
}

/** Thursday, 12 November 2026, 00:00 UTC. */
export const NOVEMBER = Date.UTC(2026, 10, 12) / 1000;
export const HOUR = 3600;
export const DAY = 86_400;

/** What a call for a panel returns, told from its parts. */
export function panelData(given: Given): PanelData {
  const { panel = 'outbound-items', from = NOVEMBER, step = HOUR, parts, before, recordedSince = NOVEMBER } = given;
  const count = given.count ?? parts[0]?.values.length ?? 1;
  const starts = Array.from({ length: count }, (_, index) => from + index * step);
  const totals = given.totals ?? starts.map((_, index) => sum(parts.map(({ values }) => values[index] ?? null)));
  return {
    panel,
    split: given.split ?? panelOf(panel).splits[0],
    from,
    to: from + count * step,
    stepSeconds: step,
    starts,
    series: parts.map(({ key, label = key, values }) => ({ key, label, values: [...values], total: sum(values) })),
    totals: [...totals],
    total: sum(totals),
    peak: totals.reduce<number | null>((most, value) => (value === null ? most : Math.max(most ?? value, value)), null),
    before: before === undefined ? null : { values: [...before], total: sum(before) },
    recordedSince,
    text: `${panelOf(panel).title}: ${sum(totals) ?? 'not known'} in ${count} intervals.`,
    elapsedMs: 1,
  };
}

/** Values that rise and fall as days do, the same in every run. */
export function wave(count: number, most: number, shift = 0): readonly number[] {
  return Array.from({ length: count }, (_, index) =>
    Math.round((most * (1 + Math.sin((index + shift) / 3.7) * Math.cos((index * 7 + shift) / 11))) / 2),
  );
}

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}
