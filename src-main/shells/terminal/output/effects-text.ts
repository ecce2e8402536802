import type { LifeEffects, SourceEffect } from '#shared/contract/life.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { bytes, count, counted } from './numbers.ts';
import type { Style } from './style.ts';
import { tableLines, type TableColumn } from './table.ts';

/** What settings come to as text for people: per source, then what would go and how full the database is. */
export function effectsText(
  effects: LifeEffects,
  { width, style }: { readonly width: number | null; readonly style: Style },
): string {
  const { sources, purge, size } = effects;
  const lines = [
    ...tableLines(COLUMNS, sources, width, style.faint),
    ...sources.flatMap(({ source, why, warning }) =>
      [why === '' ? '' : `Not asked again: ${why}`, warning]
        .filter((sentence) => sentence !== '')
        .map((sentence) => `  ${sourceLabel(source)}: ${sentence}`),
    ),
    '',
    `A purge would remove ${counted(purge.items, 'item')}, and ${counted(purge.files, 'file')} of which nothing is left.`,
    `The database is ${bytes(size.bytes)} of ${bytes(size.cap)}${fullText(size.fullInDays)}.`,
  ];
  return `${lines.join('\n')}\n`;
}

const COLUMNS: readonly TableColumn<SourceEffect>[] = [
  { header: 'source', cell: ({ source }) => sourceLabel(source) },
  { header: 'items', align: 'right', cell: ({ items }) => count(items) },
  { header: 'overdue', align: 'right', cell: ({ overdue }) => count(overdue) },
  { header: 'of them malicious', align: 'right', cell: ({ overdueMalicious }) => count(overdueMalicious) },
  { header: 'due in 24 h', align: 'right', cell: ({ dueNextDay }) => count(dueNextDay) },
  { header: 'calls a day', align: 'right', cell: ({ callsPerDay }) => some(callsPerDay) },
  {
    header: 'allowed',
    align: 'right',
    cell: ({ allowedPerDay }) => (allowedPerDay === null ? 'no limit' : some(allowedPerDay)),
  },
  {
    header: 'full cycle, days',
    align: 'right',
    cell: ({ fullCycleDays }) => (fullCycleDays === null ? '-' : some(fullCycleDays)),
  },
];

function fullText(days: number | null): string {
  return days === null || days === 0 ? '' : `, full in about ${counted(days, 'day')} as it grows now`;
}

/** Small numbers with a decimal: one call in ten days is not none. */
function some(value: number): string {
  if (value > 0 && value < 0.1) {
    return '< 0.1';
  }
  return value > 0 && value < 10 ? String(Math.round(value * 10) / 10) : count(Math.round(value));
}
