import type { SyncPlanRow } from '#shared/contract/sync.ts';
import { csvCell, unrunnable } from './csv-rows.ts';

/** Names of the columns of a plan as data, in order. */
export const SYNC_PLAN_NAMES = [
  'action',
  'id',
  'type',
  'summary',
  'owner',
  'rating',
  'confidence',
  'tags',
  'oldRating',
  'oldConfidence',
  'package',
  'reason',
  'why',
  'here',
] as const satisfies readonly (keyof SyncPlanRow)[];

/**
 * What a run did or would do as lines with their ends: CSV (RFC 4180, line feeds, UTF-8; tags as a JSON array; what a
 * spreadsheet would run gets a single quote in front, because summaries, owners and tags are written by others), or JSONL,
 * which carries all text unchanged. With `simulated` every row says so: the indicators are made up.
 */
export function syncPlanLines(
  format: 'csv' | 'jsonl',
  simulated: boolean,
): { readonly header: string; readonly row: (row: SyncPlanRow) => string } {
  const mark = simulated ? ['simulated'] : [];
  if (format === 'jsonl') {
    return {
      header: '',
      row: (row) => {
        const data = Object.fromEntries(SYNC_PLAN_NAMES.map((name) => [name, row[name]]));
        return `${JSON.stringify(simulated ? { ...data, simulated } : data)}\n`;
      },
    };
  }
  return {
    header: `${[...SYNC_PLAN_NAMES, ...mark].join(',')}\n`,
    row: (row) => `${[...SYNC_PLAN_NAMES.map((name) => cellOf(row[name])), ...mark.map(() => 'true')].join(',')}\n`,
  };
}

function cellOf(value: SyncPlanRow[(typeof SYNC_PLAN_NAMES)[number]]): string {
  if (value === null) {
    return '';
  }
  return csvCell(typeof value === 'string' ? unrunnable(value) : JSON.stringify(value));
}
