import { describe, expect, it } from 'vitest';
import { FORMATS } from '#main/formats/registry.ts';
import { readAll } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

const MIB = 1024 * 1024;
/** Formats whose records are no lines. */
const DOCUMENTS = ['json', 'stix', 'misp', 'openioc', 'file-xml', 'event-xml', 'html'];
const SIZES: readonly (readonly number[])[] = [[], [65_536], [MIB - 1, 3]];

describe('lines over 1 MiB', () => {
  it.each(FORMATS.filter(({ id }) => id !== 'text' && !DOCUMENTS.includes(id)))(
    'are rejected in $id and reading goes on',
    ({ id }) => {
      const long = `x${'y'.repeat(MIB)}`;
      const text = `Hash : ${sha256(1)}\n\n${long}\n\n${sha256(2)}\n`;
      for (const sizes of SIZES) {
        const found = readAll(text, { format: id }, sizes);
        expect(found.rejected.filter(({ reason }) => reason.includes('1 MiB')).map(({ line }) => line)).toEqual([3]);
        expect(found.rejected.find(({ line }) => line === 3)?.excerpt).toMatch(/^xy{100}/);
        expect(found.reported).toBe(found.counted);
      }
    },
  );

  it('of text are read through, with columns', () => {
    const record = (seed: number): string => `{"imphash":"${md5(seed)}","sha1":"${sha1(seed)}"},`;
    const count = Math.ceil((2.5 * MIB) / record(1).length);
    const line = Array.from({ length: count }, (_, index) => record(index % 50)).join('');
    for (const sizes of SIZES) {
      const found = readAll(`${line}\n${md5(7)}\n`, { format: 'text' }, sizes);
      expect(found.hashes).toHaveLength(count + 1);
      expect(found.notDigests).toEqual({ imphash: count });
      expect(found.hashes[count - 1]?.column).toBe(line.length - 42);
      expect(found.hashes[count]).toMatchObject({ line: 2, column: 1 });
      expect(found.counted).toBe(count + 1);
    }
  });

  it('of one endless word hold no digest', () => {
    const found = readAll(`${'0'.repeat(2.5 * MIB)}\n${'g0'.repeat(MIB)}\n${' '.repeat(MIB + 9)}\n`, {
      format: 'text',
    });
    expect(found.hashes).toEqual([]);
    expect(found.notDigests).toEqual({ 'longer hex run': 1 });
    expect([found.without.length, found.otherLines, found.counted]).toEqual([2, 1, 2]);
  });
});

describe('a quote that is never closed', () => {
  it('over more short lines than a call takes arguments leaves each of them a row', () => {
    const found = readAll(`"x,${md5(1)}\n${'b\n'.repeat(600_000)}c,${md5(2)}\n`, { format: 'csv' });
    expect([found.counted, found.reported]).toEqual([600_002, 600_002]);
    expect(found.without.at(-1)?.line).toBe(600_002);
  });
});

describe('a line of blanks', () => {
  it.each(FORMATS)('costs $id no more than any other', ({ id }) => {
    const blanks = ' '.repeat(MIB - 200);
    const found = readAll(`a|${blanks}x\n-|-\n${sha256(1)}${blanks}|\n`, { format: id });
    expect(found.reported).toBe(found.counted);
  });

  it('and openings of comments do not hold recognition up', () => {
    expect(readAll(`${'<!---->'.repeat(400)}${'<!--'.repeat(200)}\n${md5(1)}\n`).hashes).toHaveLength(1);
  });
});

describe('a quote over more than 1 MiB', () => {
  it('is a stray mark: its rows are read one by one', () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `${sha256(index % 9)},note ${index}`);
    const text = `sha256,note\n${sha256(1)},"open\n${rows.join('\n')}\n${sha256(2)},"closed"\n`;
    for (const sizes of SIZES) {
      const found = readAll(text, { format: 'csv' }, sizes);
      expect([found.hashes.length, found.counted, found.faults.length]).toEqual([20_002, 20_002, 0]);
    }
  });
});
