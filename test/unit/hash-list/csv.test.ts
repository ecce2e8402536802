import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRead, readListCsv } from '#main/services/hash-list/csv/read-file.ts';
import { isoTime, parseIsoTime } from '#main/services/hash-list/csv/write-text.ts';

async function* pieces(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  let at = 0;
  for (let turn = 0; at < text.length; turn += 1) {
    const size = sizes.length === 0 ? text.length : (sizes[turn % sizes.length] ?? 1);
    yield text.slice(at, at + size);
    at += size;
  }
}

const read = (text: string, sizes: readonly number[] = []): Promise<CsvRead> =>
  readListCsv('x.csv', pieces(text, sizes));

const hash = fc
  .tuple(fc.constantFrom('md5', 'sha1', 'sha256'), fc.nat(9))
  .map(([kind, seed]) => createHash(kind).update(String(seed)).digest('hex'));
const cell = fc.oneof(
  { weight: 5, arbitrary: hash },
  { weight: 3, arbitrary: fc.constantFrom('malicious', 'Whitelist', 'blacklist', '') },
  fc.string({ maxLength: 8 }),
  fc.constantFrom('"quoted, cell"', '"c\r\nd"', '"two\nlines"', '"', '""', '\r', 'a"b', "'x", '2026-11-22'),
);
const line = fc.array(cell, { maxLength: 6 }).map((cells) => cells.join(','));
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\r'))
  .map(([lines, end]) => ['hash,md5,list,notes,expiresAt', ...lines].join(end));

describe('a hash-list CSV', () => {
  it('gives every record as a row or as a problem, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const { lines, rows, problems } = await read(content);
        expect(rows.length + problems.length).toBe(lines);
        const last = content.split(/\r\n|\n|\r/).length;
        for (const place of [...rows, ...problems].map((one) => one.line ?? 0)) {
          expect(place).toBeGreaterThan(1);
          expect(place).toBeLessThanOrEqual(last);
        }
      }),
    );
  });

  it('reads the same however it is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(fc.integer({ min: 30, max: 90 }), { minLength: 1, maxLength: 3 }),
        async (content, sizes) => {
          expect(await read(content, sizes)).toEqual(await read(content));
        },
      ),
    );
  });

  it('names the line a record starts on, also after cells of several lines', async () => {
    const md5 = 'ab'.repeat(16);
    const content = `md5,list,notes\r\n${md5},malicious,"one\r\ntwo\nthree"\r\n\r\nbad,malicious,\r\n${md5},malicious,\r\n`;
    const { rows, problems } = await read(content);
    expect([rows.map((row) => row.line), problems.map((problem) => problem.line)]).toEqual([[2, 7], [6]]);
    expect(rows[0]?.note).toBe('one\r\ntwo\nthree');
  });
});

describe('times in the CSV', () => {
  it.each([
    ['2026-11-22', 1_795_305_600],
    ['2026-11-22T01:00', 1_795_309_200],
    ['2026-11-22 01:00:00', 1_795_309_200],
    ['2026-11-22T02:00:00.9+01:00', 1_795_309_200],
    ['2026-02-31', null],
    ['22.11.2026', null],
    ['1969-12-31', null],
    ['', null],
  ])('%s', (written, expected) => {
    expect(parseIsoTime(written)).toBe(expected);
  });

  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (seconds) => {
        expect(parseIsoTime(isoTime(seconds))).toBe(seconds);
      }),
    );
  });
});
