import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { FLAG } from '#shared/domain/basis.ts';
import { STATUSES, STATUS_CODE } from '#shared/domain/status.ts';
import type { GridQuery } from '#shared/contract/intake.ts';
import type { IntakeFile } from '#main/intakes/intake-file.ts';
import { emptyVerdictColumns, type VerdictColumns } from '#main/intakes/verdict-columns.ts';
import { countVerdicts, IntakeView } from '#main/intakes/view/intake-view.ts';
import type { ViewMarks } from '#main/intakes/view/view-marks.ts';
import { recordArbitrary } from './record-model.ts';
import { EVERY_ROW } from '../../every-row.ts';
import { openRecords } from './open-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-view-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const flagNames = Object.keys(FLAG) as (keyof typeof FLAG)[];

/** Names of inputs in the order people expect of them, and intakes of some. */
const IN_ORDER = ['A.zip › É.txt', 'b 9.csv', 'b 10.csv', 'input'];
const namesArbitrary = fc.constantFrom(['input'], ['b 10.csv', 'b 9.csv', 'A.zip › É.txt', 'b 9.csv']);

/** Verdicts from a list of numbers, repeated as needed. */
function verdictsOf(length: number, seeds: readonly number[]): VerdictColumns {
  const columns = emptyVerdictColumns(length);
  for (let entry = 0; entry < length; entry += 1) {
    const seed = seeds[entry % seeds.length] ?? 0;
    columns.status[entry] = seed % 5;
    columns.rule[entry] = seed % 9;
    columns.source[entry] = seed % 6;
    columns.flags[entry] = seed % 64;
    columns.answeredAt[entry] = seed % 3 === 0 ? 0 : 4_000_000_000 - (seed % 7);
  }
  return columns;
}

/** Tags by entry, from seeds that may repeat; some entries have none. */
function tagsOf(count: number, seeds: readonly number[]): string[][] {
  return Array.from({ length: count }, (_, entry) => {
    const seed = (seeds[entry % seeds.length] ?? 0) + entry;
    return ['a1', 'b', 'c7b2'].filter((_tag, bit) => seed % 4 !== 0 && ((seed >> bit) & 1) === 1);
  });
}

/** What a view asks about tags, by plain filters. */
function marksOf(tags: () => readonly string[][]): ViewMarks {
  const bytes = (holds: (own: readonly string[]) => boolean) => Uint8Array.from(tags(), (own) => (holds(own) ? 1 : 0));
  return {
    tagged: (wanted) => bytes((own) => own.some((tag) => wanted.includes(tag))),
    mentioning: (text) => bytes((own) => own.some((tag) => tag.includes(text.toLowerCase()))),
    withTags: () => tags().flatMap((own, entry) => (own.length > 0 ? [entry] : [])),
    sortKey: (entry) => tags()[entry]?.join(' ') ?? null,
  };
}

/** The same by plain sorting and searching of strings. */
function naive(file: IntakeFile, verdicts: VerdictColumns, tags: readonly string[][], query: GridQuery): number[] {
  const entries = Array.from({ length: file.entries }, (_, entry) => entry);
  const at = (column: ArrayLike<number>, entry: number): number => column[entry] as number;
  const hashOf = (entry: number): string => {
    const { sha256, sha1, md5 } = file.digestsOf(entry);
    return sha256 ?? sha1 ?? md5 ?? '';
  };
  const keys: Record<GridQuery['sort'], (entry: number) => number | string> = {
    position: (entry) => at(file.firstOcc, entry),
    verdict: (entry) => at(verdicts.status, entry),
    hash: hashOf,
    source: (entry) => at(verdicts.source, entry) || 192 - at(verdicts.rule, entry),
    age: (entry) => 4_294_967_295 - at(verdicts.answeredAt, entry),
    kind: (entry) => hashOf(entry).length,
    tags: (entry) => tags[entry]?.join(' ') ?? '',
    input: (entry) => IN_ORDER.indexOf(file.fileOf(at(file.firstOcc, entry))),
  };
  const key = keys[query.sort];
  const needle = asciiLower(query.text.trim());
  const holds = (entry: number): boolean =>
    needle === '' ||
    (tags[entry] ?? []).some((tag) => tag.includes(query.text.trim().toLowerCase())) ||
    Object.values(file.digestsOf(entry)).some((digest) => digest.includes(needle)) ||
    [...file.occurrencesOf(entry, 1_000)].some((occurrence) =>
      [...file.carriedOf(occurrence), ...(file.inputs.length > 1 ? [file.fileOf(occurrence)] : [])].some((cell) =>
        asciiLower(cell).includes(needle),
      ),
    );
  const bits = query.flags.reduce((sum, flag) => sum | FLAG[flag], 0);
  const isLast = (entry: number): number =>
    (query.sort === 'age' && at(verdicts.answeredAt, entry) === 0) ||
    (query.sort === 'tags' && tags[entry]?.length === 0)
      ? 1
      : 0;
  return entries
    .filter(
      (entry) =>
        (query.statuses.length === 0 ||
          query.statuses.some((status) => STATUS_CODE[status] === at(verdicts.status, entry))) &&
        (bits === 0 || (at(verdicts.flags, entry) & bits) !== 0) &&
        ((query.tags ?? []).length === 0 || (query.tags ?? []).some((tag) => tags[entry]?.includes(tag) ?? false)) &&
        holds(entry),
    )
    .sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      const byKey = x < y ? -1 : x > y ? 1 : 0;
      return (
        isLast(a) - isLast(b) || (query.descending ? -byKey : byKey) || at(file.firstOcc, a) - at(file.firstOcc, b)
      );
    });
}

const queryArbitrary: fc.Arbitrary<GridQuery> = fc.record({
  statuses: fc.subarray([...STATUSES]),
  flags: fc.oneof(fc.constant<GridQuery['flags']>([]), fc.subarray(flagNames)),
  text: fc.oneof(
    fc.constant(''),
    fc.constantFrom('0', 'a', 'AB', '1f', '.CSV', 'b 1', 'É', 'é', '\u0001', ' ', '7b2'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2 }),
  ),
  tags: fc.oneof(fc.constant<string[]>([]), fc.subarray(['a1', 'b', 'c7b2', 'not used'])),
  sort: fc.constantFrom('position', 'verdict', 'hash', 'source', 'age', 'kind', 'tags', 'input'),
  descending: fc.boolean(),
  asOf: fc.constant(0),
});

test('filters, searches and sorts like plain code, both ways, with verdicts that change', () => {
  fc.assert(
    fc.property(
      fc.array(recordArbitrary, { maxLength: 50 }),
      namesArbitrary,
      fc.array(queryArbitrary, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(10_000), { minLength: 1, maxLength: 20 }),
      fc.array(fc.nat(10_000), { minLength: 1, maxLength: 20 }),
      (records, names, queries, seeds, laterSeeds) => {
        const file = openRecords(folder, records, names);
        expect(file.emptyColumns).toEqual(
          [0, 1, 2].filter((place) => [...file.occEntry.keys()].every((each) => file.carriedOf(each)[place] === '')),
        );
        const before = verdictsOf(file.entries, seeds);
        const after = verdictsOf(file.entries, laterSeeds);
        let tags = tagsOf(file.entries, seeds);
        const view = new IntakeView(
          file,
          before,
          marksOf(() => tags),
        );
        for (const query of queries) {
          expect([...view.select(query).order]).toEqual(naive(file, before, tags, query));
        }
        view.invalidate(after);
        for (const query of queries) {
          expect([...view.select(query).order]).toEqual(naive(file, after, tags, query));
        }
        tags = tagsOf(file.entries, laterSeeds);
        view.marksChanged();
        for (const query of queries) {
          expect([...view.select(query).order]).toEqual(naive(file, after, tags, query));
        }
        file.close();
      },
    ),
    { numRuns: 80 },
  );
});

test('cell lengths are never taken for text', () => {
  const record = { kind: 'hash', line: 1, column: 0, md5: 1, sha1: null, sha256: null } as const;
  const file = openRecords(folder, [
    { ...record, carried: ['x'.repeat(0x7a), 'yy'] },
    { ...record, md5: 2, carried: ['q', 'z'] },
  ]);
  const view = new IntakeView(file, emptyVerdictColumns(2));
  const hits = (text: string) =>
    [...view.select({ ...EVERY_ROW, text }).order].map((entry) => file.carriedOf(file.firstOcc[entry] as number)[1]);
  expect(hits('z')).toEqual(['z']);
  expect(hits('Z')).toEqual(['z']);
  expect(hits('qz')).toEqual([]);
  expect(hits('XYY')).toEqual([]);
  file.close();
});

test('asking again for a query gives the very same array until verdicts change', () => {
  const file = openRecords(folder, [
    { kind: 'hash', line: 1, column: 0, md5: 1, sha1: null, sha256: null, carried: [] },
  ]);
  const view = new IntakeView(file, emptyVerdictColumns(1));
  const query = { ...EVERY_ROW, sort: 'verdict' } as const;
  const first = view.select(query);
  expect(view.select({ ...query }).order).toBe(first.order);
  view.invalidate(emptyVerdictColumns(1));
  const second = view.select(query);
  expect(second.order).not.toBe(first.order);
  expect(second.orderId).not.toBe(first.orderId);
  file.close();
});

test('an order asked for by its number stays as it was while verdicts change, and is given up openly', () => {
  const record = { kind: 'hash', line: 1, column: 0, sha1: null, sha256: null, carried: [] } as const;
  const file = openRecords(folder, [
    { ...record, md5: 1 },
    { ...record, md5: 2 },
    { ...record, md5: 3 },
  ]);
  const view = new IntakeView(file, verdictsOf(3, [0]));
  const query = { ...EVERY_ROW, sort: 'verdict', descending: true } as const;
  const before = view.select(query);
  const changed = emptyVerdictColumns(3);
  changed.status[before.order[2] as number] = 4;
  view.invalidate(changed);
  expect([...view.select({ ...query, asOf: before.orderId }).order]).toEqual([...before.order]);
  expect(view.select(query).order[0]).toBe(before.order[2]);
  const other = new IntakeView(file, changed);
  expect(other.select({ ...query, asOf: before.orderId }).orderId).not.toBe(before.orderId);
  file.close();
});

test('counts statuses and the two flags of the strip', () => {
  const columns = emptyVerdictColumns(6);
  columns.status.set([4, 4, 3, 2, 1, 0]);
  columns.flags.set([FLAG.conflict, FLAG.conflict | FLAG.stale, 0, FLAG.weak, FLAG.stale, FLAG.stale]);
  expect(countVerdicts(columns)).toEqual({
    malicious: 2,
    suspicious: 1,
    'non-malicious': 1,
    pending: 1,
    unknown: 1,
    conflict: 2,
    stale: 3,
  });
  expect(countVerdicts(columns, 2)).toMatchObject({ malicious: 2, suspicious: 0, conflict: 2, stale: 1 });
});

function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
