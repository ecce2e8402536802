import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { IntakeBuilder, type BuiltIntake } from '#main/intakes/intake-builder.ts';
import { IntakeFile, digestSetOf } from '#main/intakes/intake-file.ts';
import { digestOf, inputView, keyOf, type ModelRecord, recordArbitrary, report, setOf } from './record-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-builder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function build(
  inputs: readonly { columns: readonly string[]; records: readonly ModelRecord[] }[],
): BuiltIntake & { path: string } {
  files += 1;
  const path = join(folder, `${files}.acol`);
  const builder = new IntakeBuilder(path);
  for (const { columns, records } of inputs) {
    const sink = builder.startInput(columns);
    for (const record of records) {
      report(sink, record);
    }
  }
  const built = builder.finish(inputs.map((_, index) => inputView(`input ${index}`)));
  return { ...built, path };
}

const threeColumns = ['a', 'b', 'c'];

test('keeps every record: hashes, duplicates, hash-less and rejected ones, each with its place and cells', () => {
  fc.assert(
    fc.property(
      fc.array(recordArbitrary, { maxLength: 60 }),
      fc.array(recordArbitrary, { maxLength: 20 }),
      (one, two) => {
        const { path, ...built } = build([
          { columns: threeColumns, records: one },
          { columns: ['c', 'd', 'a'], records: two },
        ]);
        const file = new IntakeFile(path);
        const records = [...one, ...two];
        const hashed = records.filter((record) => record.kind === 'hash');
        const keys = [...new Set(hashed.map(keyOf))];
        expect([built.entries, built.occurrences, built.troubles]).toEqual([
          keys.length,
          hashed.length,
          records.length - hashed.length,
        ]);
        hashed.forEach((record, occurrence) => {
          const entry = file.occEntry[occurrence] as number;
          const isFirstInput = occurrence < one.filter((each) => each.kind === 'hash').length;
          const [x = '', y = '', z = ''] = record.carried;
          expect({
            digests: file.digestsOf(entry),
            line: file.lineOf(occurrence),
            column: file.columnOf(occurrence) ?? 0,
            file: file.fileOf(occurrence),
            cells: file.carriedOf(occurrence),
            first: hashed.findIndex((each) => keyOf(each) === keyOf(record)),
            count: file.occurrenceCount(entry),
          }).toEqual({
            digests: setOf(record),
            line: record.line,
            column: record.column,
            file: isFirstInput ? 'input 0' : 'input 1',
            cells: isFirstInput ? [x, y, z, ''] : [z, '', x, y],
            first: file.firstOcc[entry],
            count: hashed.filter((each) => keyOf(each) === keyOf(record)).length,
          });
          expect([...file.occurrencesOf(entry, 500)]).toContain(occurrence);
        });
        expect(file.troubles(0, 500).map((trouble) => [trouble.line, trouble.kind])).toEqual(
          records
            .filter((record) => record.kind !== 'hash')
            .map((record) => [record.line, record.kind === 'without' ? 'without-hash' : 'rejected']),
        );
        file.verify();
        file.close();
      },
    ),
    { numRuns: 60 },
  );
});

test('entries are sorted inside their group and found by any of their digests', () => {
  fc.assert(
    fc.property(fc.array(recordArbitrary, { maxLength: 60 }), (records) => {
      const { path } = build([{ columns: threeColumns, records }]);
      const file = new IntakeFile(path);
      const source = file.source();
      source.groups.forEach((group, index) => {
        const block = Buffer.from(source.read(index, 0, group.count));
        for (let place = 1; place < group.count; place += 1) {
          const before = block.subarray((place - 1) * group.stride, place * group.stride);
          expect(before.compare(block, place * group.stride, (place + 1) * group.stride)).toBe(-1);
        }
      });
      for (const kind of ['md5', 'sha1', 'sha256'] as const) {
        for (let number = 0; number <= 13; number += 1) {
          const digest = Buffer.from(digestOf(kind, number), 'hex');
          const entry = file.find(kind, digest);
          const isThere = records.some((record) => record.kind === 'hash' && record[kind] === number);
          expect(entry === null ? null : file.digestsOf(entry)[kind]).toBe(isThere ? digest.toString('hex') : null);
        }
      }
      file.close();
    }),
    { numRuns: 60 },
  );
});

test('a first look in the middle shows the records so far without disturbing the rest', () => {
  fc.assert(
    fc.property(fc.array(recordArbitrary, { maxLength: 40 }), fc.nat(40), (records, stop) => {
      files += 1;
      const path = join(folder, `${files}.acol`);
      const builder = new IntakeBuilder(path);
      const sink = builder.startInput(threeColumns);
      records.slice(0, stop).forEach((record) => report(sink, record));
      const seen = builder.preview();
      const shown = seen.groups.flatMap((group, index) =>
        Array.from({ length: group.count }, (_, place) => digestSetOf(group.mask, seen.read(index, place, 1))),
      );
      const hashed = records.slice(0, stop).filter((record) => record.kind === 'hash');
      expect(shown.map((set) => JSON.stringify(set)).sort()).toEqual([...new Set(hashed.map(keyOf))].sort());
      records.slice(stop).forEach((record) => report(sink, record));
      builder.finish([inputView('input 0')]);
      expect(readFileSync(path).equals(readFileSync(build([{ columns: threeColumns, records }]).path))).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('any page of many troubles is found', () => {
  const records = Array.from({ length: 1_500 }, (_, n): ModelRecord => {
    return { kind: 'rejected', line: n + 1, column: 0, md5: null, sha1: null, sha256: null, carried: [] };
  });
  const file = new IntakeFile(build([{ columns: [], records }]).path);
  const lines = (offset: number, limit: number) => file.troubles(offset, limit).map((trouble) => trouble.line);
  expect(lines(0, 2)).toEqual([1, 2]);
  expect(lines(255, 3)).toEqual([256, 257, 258]);
  expect(lines(512, 1)).toEqual([513]);
  expect(lines(1_499, 10)).toEqual([1_500]);
  expect(lines(1_500, 10)).toEqual([]);
  expect(lines(700, 500)).toEqual(Array.from({ length: 500 }, (_, n) => 701 + n));
  file.close();
});

test('giving up leaves nothing behind', () => {
  const path = join(folder, 'given-up.acol');
  const builder = new IntakeBuilder(path);
  const sink = builder.startInput([]);
  for (let line = 1; line < 3_000; line += 1) {
    sink.reject(line, 0, 'r'.repeat(50), 'e'.repeat(500));
  }
  builder.abort();
  expect(readdirSync(folder).filter((name) => !name.endsWith('.acol') || name.startsWith('given'))).toEqual([]);
});
