import type { DigestKind } from '#shared/domain/hash.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { type NameMeaning, classifyName, nameInParts } from '../names/classify-name.ts';
import { isCustomField } from '../names/custom-field.ts';
import { isFileIdName, sha1OfFileId } from '../names/file-id.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import { columnsOfOneFile } from '../names/one-file.ts';
import { meaningsOf } from '../names/known-tables.ts';
import { fileOfEventText } from '../names/event-file.ts';
import { bareCell, bareFileId, isEmptyCell, packedDigests, nameInFront, plainDigests } from './cell.ts';
import type { Sample } from './sample.ts';

export interface ColumnPlan {
  /** Names of all columns; `column 1` ... when there is no header. */
  readonly names: readonly string[];
  /** Physical lines before the first row of data. */
  readonly skipLines: number;
  /** Indexes digests are taken from, best first. */
  readonly digests: readonly number[];
  /** Columns that look like digests of the file and are carried, by the reason. */
  readonly passedOver: readonly string[];
  /** Columns whose content is set aside by name: index and the name it is counted under. */
  readonly setAside: ReadonlyMap<number, string>;
  /** A column that names the algorithm of the only digest column, or -1. */
  readonly algorithm: number;
  /** The columns that tell, row by row, what custom fields of events hold, by the digest columns they belong to. */
  readonly labels: ReadonlyMap<number, number>;
  /** Digest columns that may hold a SHA-1 as Amcache writes it. */
  readonly fileIds: ReadonlySet<number>;
  /** Columns with digests among the rows of the sample, taken or not. */
  readonly holding: ReadonlySet<number>;
  /** True for digest columns whose name says so: anything else in them is a damaged digest. */
  readonly strict: ReadonlySet<number>;
  readonly hasHeader: boolean;
  /** Cells of digest columns are texts of events that name the file in a line of their own. */
  readonly hasEventText: boolean;
  /** Cells of digest columns name the file in front of its digest. */
  readonly hasNamedDigests: boolean;
  /** Nothing but likelihood says that the digests are such: they stand behind `0x`, under no name of a kind. */
  readonly isGuess: boolean;
  /** All columns with digest-like content are named as something else: there is nothing to look up. */
  readonly isNoneOfTheFile: boolean;
  /** Rows of the sample with two different digests of one kind: more than one file. */
  readonly rowsOfSeveralFiles: number;
  /** Rows of the sample with a digest. */
  readonly hits: number;
  readonly rows: number;
}

interface Column {
  readonly index: number;
  readonly meaning: NameMeaning | null;
  readonly parts: string;
  readonly isNamed: boolean;
  /** Its name says SHA-1, or it is a `FileId` that holds one. */
  readonly isSha1: boolean;
  readonly filled: number;
  readonly digests: number;
  /** Of these, those behind `0x` and as long as addresses and transactions of Ethereum are. */
  readonly behind0x: number;
  /** Cells that look like a damaged digest. */
  readonly damaged: number;
  /** Cells that look like a code of some kind: one word, with digits. */
  readonly coded: number;
}

const ENOUGH = 0.5;
const SHA1: NameMeaning = { kind: 'digest', digest: 'sha1' };
/** A whole digest anywhere in a cell: `SHA1=...` and `{"sha256":"..."}` are data, never a heading. */
const DIGEST = /(?<![0-9A-Za-z])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![0-9A-Za-z])/;
const BEHIND_0X = /^=?["'`]*0x(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40})(?![0-9A-Za-z])/;
const CODE = /^(?=.*\d)\S{8,}$/;

/** Decides by header and content which columns hold the file's digests. */
export function chooseColumns(sample: Sample, asked: readonly string[] | undefined): ColumnPlan {
  const header = findHeader(sample);
  const data = dataRows(sample, header);
  const width = Math.max(sample.width, header?.cells.length ?? 0);
  const names = Array.from({ length: width }, (_, index) => header?.cells[index] || `column ${index + 1}`);
  const said = header === null ? names.map(() => '') : names;
  const meanings = meaningsOf(said);
  const columns = said.map((name, index) => readColumn({ name, meaning: meanings[index] ?? null }, index, data));
  const chosen = asked === undefined ? pick(columns) : askedColumns(names, asked);
  return {
    names: uniqueNames(names),
    skipLines: Math.max(header?.line ?? 0, (data[0]?.line ?? 1) - 1),
    digests: chosen,
    passedOver: columns
      .filter(({ index, meaning, digests }) => meaning?.kind === 'digest' && digests > 0 && !chosen.includes(index))
      .map(({ index }) => names[index] ?? ''),
    setAside: new Map(
      columns.flatMap(({ index, meaning, coded, filled }) =>
        meaning?.kind === 'never' && coded >= Math.max(1, filled * ENOUGH) && !chosen.includes(index)
          ? [[index, meaning.name] as const]
          : [],
      ),
    ),
    algorithm: chosen.length === 1 ? algorithmColumn(names, chosen[0] ?? -1) : -1,
    labels: labelColumns(names, chosen),
    strict: new Set(chosen.filter((index) => asked !== undefined || columns[index]?.meaning?.kind === 'digest')),
    fileIds: new Set(chosen.filter((index) => columns[index]?.isSha1 === true)),
    holding: new Set(columns.filter(({ digests }) => digests > 0).map(({ index }) => index)),
    hasHeader: header !== null,
    hasEventText: data.some(({ cells }) => chosen.some((index) => fileOfEventText(cells[index] ?? '') !== '')),
    hasNamedDigests: data.some(({ cells }) => chosen.some((index) => nameInFront(cells[index] ?? '') !== '')),
    isGuess: asked === undefined && chosen.some((index) => isGuessed(columns[index])),
    isNoneOfTheFile: chosen.length === 0 && isNoneOfTheFile(columns, names),
    rowsOfSeveralFiles: data.filter(({ cells }) => holdsSeveralFiles(chosen.map((index) => cells[index] ?? ''))).length,
    hits: data.filter(({ cells }) => chosen.some((index) => holdsDigest(cells[index] ?? '', columns[index]?.isSha1)))
      .length,
    rows: data.length,
  };
}

/** Digests behind `0x` under a name that says nothing of hashes: addresses and the like. */
function isOfAddresses({ meaning, isNamed, digests, behind0x }: Column): boolean {
  return meaning === null && isNamed && digests > 0 && behind0x === digests;
}

function isGuessed(column: Column | undefined): boolean {
  return column !== undefined && column.meaning?.kind !== 'digest' && column.behind0x > 0;
}

/** Rows in front of a header are titles; without a header they are data like the others. */
function dataRows(sample: Sample, header: Sample['rows'][number] | null): Sample['rows'] {
  if (header === null) {
    return [...sample.early, ...sample.rows];
  }
  return sample.rows.filter(({ line }) => line > header.line);
}

function findHeader(sample: Sample): Sample['rows'][number] | null {
  const first = sample.rows[0];
  if (first === undefined || first.cells.some((cell) => DIGEST.test(cell))) {
    return sample.commentHeader === null ? null : withoutMark(sample.commentHeader);
  }
  if (first.cells.some((cell) => classifyName(cell) !== null || isFileIdName(cell))) {
    return first;
  }
  // Unknown names, but digests below them: a header all the same.
  const rows = sample.rows.slice(1);
  const isHeader = first.cells.some((cell, index) => {
    const filled = rows.filter(({ cells }) => !isEmptyCell(cells[index] ?? ''));
    // Texts of events hold line ends; not every event has hashes.
    const needed = filled.some(({ cells }) => cells[index]?.includes('\n') === true) ? ENOUGH : 1;
    return cell !== '' && !/\d{4}/.test(cell) && filled.length > 0 && share(filled, index) >= needed;
  });
  return isHeader ? first : sample.commentHeader === null ? null : withoutMark(sample.commentHeader);
}

function withoutMark(row: Sample['rows'][number]): Sample['rows'][number] {
  return { ...row, cells: row.cells.map((cell) => cell.replaceAll(/^#\s*"?|"$/g, '')) };
}

function share(rows: Sample['rows'], index: number): number {
  return rows.filter(({ cells }) => holdsDigest(cells[index] ?? '')).length / rows.length;
}

function readColumn(
  said: Pick<Column, 'meaning'> & { readonly name: string },
  index: number,
  rows: Sample['rows'],
): Column {
  const { name } = said;
  const isFileId = isFileIdName(name) && rows.some(({ cells }) => sha1OfFileId(bareCell(cells[index] ?? '')) !== null);
  const meaning = isFileId ? SHA1 : said.meaning;
  const isSha1 = meaning?.kind === 'digest' && meaning.digest === 'sha1';
  let filled = 0;
  let digests = 0;
  let behind0x = 0;
  let damaged = 0;
  let coded = 0;
  for (const { cells } of rows) {
    const cell = cells[index] ?? '';
    if (!isEmptyCell(cell)) {
      filled += 1;
      coded += CODE.test(cell) ? 1 : 0;
      if (holdsDigest(cell, isSha1)) {
        digests += 1;
        behind0x += BEHIND_0X.test(cell) ? 1 : 0;
      } else if (whyNoDigest(cell) !== null) {
        damaged += 1;
      }
    }
  }
  return {
    index,
    meaning,
    parts: nameInParts(name),
    isNamed: name !== '',
    isSha1,
    filled,
    digests,
    behind0x,
    damaged,
    coded,
  };
}

function holdsDigest(cell: string, isSha1 = false): boolean {
  const bare = isSha1 ? bareFileId(cell) : bareCell(cell);
  return plainDigests(bare).length > 0 || packedDigests(bare).length > 0;
}

/** True when names such as `imphash` cover every column of digests. Headings of several words may be titles. */
function isNoneOfTheFile(columns: readonly Column[], names: readonly string[]): boolean {
  const withDigests = columns.filter(({ digests }) => digests > 0);
  return (
    withDigests.length > 0 &&
    withDigests.every(
      (column) => isOfAddresses(column) || (column.meaning?.kind === 'never' && !/\s/.test(names[column.index] ?? ' ')),
    )
  );
}

function holdsSeveralFiles(cells: readonly string[]): boolean {
  const digests = new Set(cells.flatMap((cell) => plainDigests(bareCell(cell)).map((hex) => hex.toLowerCase())));
  const lengths = new Set([...digests].map((digest) => digest.length));
  return digests.size > lengths.size;
}

/** Named columns first; unnamed ones only when no name says anything and half of their cells are digests. */
function pick(columns: readonly Column[]): number[] {
  const ofAKind = columns.filter(({ meaning, digests }) => meaning?.kind === 'digest' && digests > 0);
  if (ofAKind.length > 0) {
    return onePerKind(ofAKind, columns);
  }
  const general = columns.filter(({ meaning, digests }) => meaning?.kind === 'any' && digests > 0);
  if (general.length > 0) {
    return [best(general).index];
  }
  const unnamed = columns.filter(
    (column) =>
      column.meaning === null &&
      column.digests > 0 &&
      column.digests >= column.filled * ENOUGH &&
      !isOfAddresses(column),
  );
  if (unnamed.length > 0) {
    return unnamed.map(({ index }) => index);
  }
  const damaged = columns.filter(
    ({ meaning, damaged, filled }) =>
      meaning !== null && meaning.kind !== 'never' && damaged >= Math.max(1, filled * ENOUGH),
  );
  return damaged.map(({ index }) => index);
}

/** Of the columns about one file, and of several of one kind (`sha256`, `sha256_upper`) the one with the shortest name. */
function onePerKind(columns: readonly Column[], all: readonly Column[]): number[] {
  const empty = all.filter(({ filled }) => filled === 0);
  const kept = new Map<string, Column>();
  for (const { column, kind } of columnsOfOneFile(named(columns), named(empty))) {
    const other = kept.get(kind);
    if (other === undefined || column.parts.length < other.parts.length) {
      kept.set(kind, column);
    }
  }
  return [...kept.values()].map(({ index }) => index).sort((left, right) => left - right);
}

function named(columns: readonly Column[]): { name: string; kind: DigestKind; column: Column }[] {
  return columns.flatMap((column) =>
    column.meaning?.kind === 'digest' ? [{ name: column.parts, kind: column.meaning.digest, column }] : [],
  );
}

function best(columns: readonly Column[]): Column {
  return columns.reduce((winner, column) => (column.digests > winner.digests ? column : winner));
}

function askedColumns(names: readonly string[], asked: readonly string[]): number[] {
  return asked.map((wanted) => {
    const exact = names.findIndex((name) => name === wanted);
    const loose = names.findIndex((name) => nameInParts(name) === nameInParts(wanted));
    const number = /^\d+$/.test(wanted) ? Number(wanted) - 1 : -1;
    const index = [exact, loose, number].find((place) => place >= 0 && place < names.length);
    if (index === undefined) {
      throw new AppError(
        'INVALID_ARGUMENT',
        `No column is named “${wanted}”. The columns are: ${names.slice(0, 40).join(', ')}.`,
      );
    }
    return index;
  });
}

function algorithmColumn(names: readonly string[], digest: number): number {
  return names.findIndex(
    (name, index) =>
      index !== digest &&
      /(^|-)(algorithm|algo|alg|hash-type|hashtype|indicator-type|type|kind)$/.test(nameInParts(name)),
  );
}

/** `DeviceCustomString1Label` for `DeviceCustomString1`. */
function labelColumns(names: readonly string[], digests: readonly number[]): ReadonlyMap<number, number> {
  const places = new Map(names.map((name, index) => [name.toLowerCase(), index]));
  return new Map(
    digests.flatMap((index) => {
      const name = names[index] ?? '';
      const label = isCustomField(name) ? places.get(`${name}label`.toLowerCase()) : undefined;
      return label === undefined ? [] : [[index, label] as const];
    }),
  );
}

/** Exports need each name once. */
function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}
