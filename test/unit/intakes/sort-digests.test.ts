import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DigestColumn } from '#main/intakes/digest-column.ts';
import { distinctBlocks, isFirst, sortDigests } from '#main/intakes/sort-digests.ts';

function columnOf(stride: number, records: readonly Uint8Array[]): DigestColumn {
  const column = new DigestColumn(stride);
  for (const record of records) {
    column.append(record);
  }
  return column;
}

function naiveOrder(records: readonly Uint8Array[], from: number, to: number): number[] {
  return records
    .map((record, index) => ({ key: Buffer.from(record.subarray(from, to)), index }))
    .sort((a, b) => a.key.compare(b.key) || a.index - b.index)
    .map((entry) => entry.index);
}

/** Few distinct byte values, so that equal prefixes and equal records are common. */
const records = (stride: number) =>
  fc.array(fc.uint8Array({ min: 0, max: 2, minLength: stride, maxLength: stride }), { maxLength: 120 });

test('sorts like a comparison of all bytes, equal records in their order', () => {
  fc.assert(
    fc.property(fc.constantFrom(16, 20, 32, 48, 68), fc.gen(), (stride, gen) => {
      const list = gen(records, stride);
      const sorted = sortDigests(columnOf(stride, list));
      expect([...sorted.order]).toEqual(naiveOrder(list, 0, stride));
      expect(sorted.distinct).toBe(new Set(list.map((record) => Buffer.from(record).toString('hex'))).size);
    }),
  );
});

test('sorts by a key range inside the record', () => {
  fc.assert(
    fc.property(records(68), (list) => {
      expect([...sortDigests(columnOf(68, list), { offset: 52, length: 16 }).order]).toEqual(naiveOrder(list, 52, 68));
    }),
  );
});

test.each([
  ['one digest over and over', 70_000, () => Buffer.alloc(32, 7)],
  ['a shared start of 28 bytes', 5_000, (n: number) => Buffer.concat([Buffer.alloc(28, 1), word(n % 3_000)])],
  [
    'random digests over two blocks',
    70_000,
    (n: number) =>
      createHash('sha256')
        .update(`${n % 60_000}`)
        .digest(),
  ],
])('sorts %s', (_name, count, make) => {
  const list = Array.from({ length: count }, (_, n) => make(count - n));
  const column = columnOf(32, list);
  const sorted = sortDigests(column);
  const naive = naiveOrder(list, 0, 32);
  expect(Buffer.compare(Buffer.from(sorted.order.buffer), Buffer.from(new Uint32Array(naive).buffer))).toBe(0);
  expect(naive.filter((_, place) => isFirst(sorted, place)).length).toBe(sorted.distinct);
});

test('hands out the distinct records in order, in blocks', () => {
  const list = Array.from({ length: 40_000 }, (_, n) =>
    createHash('md5')
      .update(`${n % 30_000}`)
      .digest(),
  );
  const column = columnOf(16, list);
  const blocks = [...distinctBlocks(column, sortDigests(column))].length;
  expect(blocks).toBe(2);
  const bytes = Buffer.concat(Array.from(copies(column)));
  const expected = [...new Set(list.map((record) => record.toString('hex')))].sort().join('');
  expect(bytes.toString('hex')).toBe(expected);
});

test('a column of no records sorts to nothing', () => {
  const column = new DigestColumn(20);
  const sorted = sortDigests(column);
  expect([sorted.distinct, sorted.order.length, [...distinctBlocks(column, sorted)]]).toEqual([0, 0, []]);
});

function* copies(column: DigestColumn): Generator<Uint8Array> {
  for (const block of distinctBlocks(column, sortDigests(column))) {
    yield block.slice();
  }
}

function word(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}
