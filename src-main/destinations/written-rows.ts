import type { ExportRow } from '../services/intake/port.ts';
import { csvCell, unrunnable, type MoreColumns } from './csv-rows.ts';

/** What people wrote on the files, as columns of a CSV whose rows carry some: tags in one cell, commas between them. */
export const writtenColumns: MoreColumns<ExportRow> = {
  names: ['tags', 'note'],
  cells: ({ written }) =>
    written === undefined
      ? ',,'
      : `,${csvCell(unrunnable(written.tags.join(', ')))},${csvCell(unrunnable(written.note))}`,
};

/**
 * The same as one member of a row's JSON, `assay_note`, with a comma behind; empty for a row nobody wrote on. Whoever reads
 * the rows as a list of hashes can leave out what stands below that key: people write hashes of other files in notes.
 */
export function writtenMember({ written }: ExportRow): string {
  return written === undefined
    ? ''
    : `"assay_note":{"tags":${JSON.stringify(written.tags)},"note":${JSON.stringify(written.note)}},`;
}
