import type { ExportRow } from '../../../services/intake/port.ts';
import { csvLine } from './records.ts';

export function csvHeader(columns: readonly string[]): string {
  return csvLine(['hash', 'verdict', ...columns]);
}

export function rowsToCsv(rows: readonly ExportRow[], _now: number): string {
  return rows.map((row) => csvLine([row.hash, row.verdict.status, ...row.carried])).join('');
}

export function rowsToJsonl(rows: readonly ExportRow[], _columns: readonly string[], _now: number): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
