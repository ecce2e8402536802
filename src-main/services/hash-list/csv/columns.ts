import { AppError } from '#shared/errors/app-error.ts';

/** The header of Assay's own export. A file with exactly this header is read back to the letter. */
export const OWN_HEADER = [
  'md5',
  'sha1',
  'sha256',
  'list',
  'notes',
  'reason',
  'addedBy',
  'addedAt',
  'expiresAt',
] as const;

export type CsvColumn = 'hash' | (typeof OWN_HEADER)[number];

const BY_NAME: Readonly<Record<string, CsvColumn>> = {
  hash: 'hash',
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  list: 'list',
  note: 'notes',
  notes: 'notes',
  reason: 'reason',
  addedby: 'addedBy',
  addedat: 'addedAt',
  expiresat: 'expiresAt',
};

/** Where each known column stands, and whether the file is Assay's own export. */
export interface CsvHeader {
  readonly places: { readonly [C in CsvColumn]?: number };
  readonly cells: number;
  readonly isOwn: boolean;
}

/** Reads the header: names in any order and case. Columns of other names are not read. */
export function readHeader(cells: readonly string[], file: string): CsvHeader {
  const places: { [C in CsvColumn]?: number } = {};
  for (const [place, cell] of cells.entries()) {
    const column = BY_NAME[cell.toLowerCase().replaceAll(/[^a-z0-9]/g, '')];
    if (column !== undefined) {
      if (places[column] !== undefined) {
        throw unreadable(file, `two columns are named ${column}`);
      }
      places[column] = place;
    }
  }
  if ([places.hash, places.md5, places.sha1, places.sha256].every((place) => place === undefined)) {
    throw unreadable(file, 'its first line names no column hash, md5, sha1 or sha256');
  }
  if (places.list === undefined) {
    throw unreadable(file, 'its first line names no column list, which says malicious or non-malicious');
  }
  const isOwn = cells.length === OWN_HEADER.length && OWN_HEADER.every((name, place) => cells[place] === name);
  return { places, cells: cells.length, isOwn };
}

/** The character that separates the header's cells: spreadsheets write semicolons or tabs in many countries. */
export function delimiterOf(firstLine: string): string {
  const count = (character: string): number => firstLine.split(character).length;
  return [',', ';', '\t'].reduce((best, candidate) => (count(candidate) > count(best) ? candidate : best));
}

function unreadable(file: string, reason: string): AppError {
  return new AppError(
    'UNREADABLE',
    `${file} cannot be imported: ${reason}. The first line must name hash (or md5, sha1, sha256) and list; notes is optional.`,
  );
}
