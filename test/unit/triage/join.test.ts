import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PackedReader } from '#main/intakes/packed-reader.ts';
import { PackedWriter } from '#main/intakes/packed-writer.ts';
import { joinSorted, queriesOf, Stopped } from '#main/services/triage/bulk/join.ts';
import { SortedSection } from '#main/services/triage/bulk/sorted-section.ts';

const WIDTH = 16;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-join-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A digest of which many share their first bytes. */
function digest(number: number): Buffer {
  const bytes = Buffer.alloc(WIDTH);
  bytes.writeUInt32BE(Math.floor(number / 50) * 65_537, 0);
  bytes.writeUInt32BE(number, 12);
  return bytes;
}

let files = 0;
function section(numbers: readonly number[]): { section: SortedSection; close: () => void } {
  files += 1;
  const path = join(folder, `${files}.acol`);
  const writer = new PackedWriter(path);
  writer.section('md5', 'bytes', Buffer.concat(numbers.map(digest)));
  writer.finish({ kind: 'known-set', version: 1, meta: {} });
  const reader = new PackedReader(path);
  return { section: new SortedSection(reader, 'md5', WIDTH), close: () => reader.close() };
}

const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

function naive(queries: readonly number[], records: readonly number[]): string[] {
  return queries
    .flatMap((query, left) => records.flatMap((record, right) => (record === query ? [`${left} ${right}`] : [])))
    .sort();
}

function joined(queries: readonly number[], records: SortedSection): string[] {
  const pairs: string[] = [];
  const asked = queriesOf(Buffer.concat(queries.map(digest)), WIDTH);
  joinSorted(
    asked,
    records,
    (query, record) => pairs.push(`${query} ${record}`),
    () => false,
  );
  return pairs.sort();
}

describe('joinSorted', () => {
  const number = fc.integer({ min: 0, max: 400 });
  it('tells every pair of equal digests, duplicates on both sides included', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 60 }), fc.array(number, { maxLength: 200 }), (some, others) => {
        const [queries, records] = [ascending(some), ascending(others)];
        const opened = section(records);
        expect(joined(queries, opened.section)).toEqual(naive(queries, records));
        // The second time the checksum is known to be right and blocks may be passed over.
        expect(joined(queries, opened.section)).toEqual(naive(queries, records));
        opened.close();
      }),
      { numRuns: 60 },
    );
  });

  // Which of the ways is taken depends on how many are asked for: searched one by one, by block, or merged.
  it.each([1, 3, 300, 1_500, 9_000])('gives the same for %i queries against many blocks', (count) => {
    const records = ascending([
      ...Array.from({ length: 30_000 }, (_, place) => place * 3),
      // A digest that many files hold, over the border of a block.
      ...Array.from({ length: 300 }, () => 4_090 * 3),
    ]);
    const queries = ascending([4_090 * 3, ...Array.from({ length: count - 1 }, (_, place) => place * 11)]);
    const places = new Map<number, number[]>();
    for (const [place, record] of records.entries()) {
      places.set(record, [...(places.get(record) ?? []), place]);
    }
    const wanted = queries
      .flatMap((query, left) => (places.get(query) ?? []).map((right) => `${left} ${right}`))
      .sort();
    const opened = section(records);
    expect(joined(queries, opened.section)).toEqual(wanted);
    expect(joined(queries, opened.section)).toEqual(wanted);
    opened.close();
  });

  it('stops between blocks when asked', () => {
    const opened = section(Array.from({ length: 10_000 }, (_, place) => place));
    const queries = queriesOf(Buffer.concat(Array.from({ length: 5_000 }, (_, place) => digest(place))), WIDTH);
    expect(() =>
      joinSorted(
        queries,
        opened.section,
        () => undefined,
        () => true,
      ),
    ).toThrow(Stopped);
    opened.close();
  });
});
