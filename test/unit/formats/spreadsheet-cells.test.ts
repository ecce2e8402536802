import { describe, expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

const formula = (text: string): string => `="${text}"`;
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

describe('cells of spreadsheets saved as text', () => {
  it.each([
    ['quoted', quoted],
    ['bare', (text: string): string => text],
  ])('hold digests as formulas of texts: %s', (_, written) => {
    const row = (seed: number): string =>
      ['f.exe', md5(seed), sha256(seed)].map((text) => written(formula(text))).join(';');
    const found = readAll(['sep=;', 'Name;MD5;SHA256', row(1), row(2), ''].join('\r\n'));
    expect(found.hashes.map(({ line, digests }) => [line, ...digests])).toEqual([
      [3, sha256(1), md5(1)],
      [4, sha256(2), md5(2)],
    ]);
    expect(found.rejected).toEqual([]);
  });

  it('tell which columns hold digests without a header, too', () => {
    const row = (seed: number): string => [`f${seed}.exe`, sha1(seed)].map((text) => formula(text)).join(',');
    const found = readAll(`${row(1)}\n${row(2)}\n`);
    expect(found.hashes.map(({ digests, carried }) => [...digests, ...carried])).toEqual([
      [sha1(1), '="f1.exe"'],
      [sha1(2), '="f2.exe"'],
    ]);
  });

  it('hold digests that unseen characters part', () => {
    const parted = (text: string): string => `${text.slice(0, 32)}\u200b${text.slice(32)}\u00ad`;
    const found = readAll(`name,sha256\na,${parted(sha256(1))}\nb,${sha256(2)}\n`);
    expect(found.hashes.map(({ digests }) => digests[0])).toEqual([sha256(1), sha256(2)]);
  });
});

describe('cells with several digests', () => {
  it.each([
    ['blanks', ' '],
    ['a line end', '\n'],
    ['a slash', ' / '],
    ['a semicolon', ';'],
  ])('give all of one file, parted by %s', (_, mark) => {
    const cell = (seed: number): string => `"${[md5(seed), sha1(seed), sha256(seed)].join(mark)}"`;
    for (const header of ['hashes', 'MD5/SHA1/SHA256']) {
      const found = readAll(`name,${header}\na,${cell(1)}\nb,${cell(2)}\n`);
      expect(found.hashes.map(({ digests }) => digests)).toEqual([
        [sha256(1), sha1(1), md5(1)],
        [sha256(2), sha1(2), md5(2)],
      ]);
      expect([found.rejected, found.without, found.reported]).toEqual([[], [], found.counted]);
    }
  });

  it('are each a file where they are of one kind', () => {
    const found = readAll(`name,sha256\na,${sha256(1)} ${sha256(2)}\nb,${sha256(3)}\nc,${sha256(4)} and more\n`);
    expect(found.hashes.map(({ line, digests, carried }) => [line, digests, carried])).toEqual([
      [2, [sha256(1)], ['a']],
      [2, [sha256(2)], ['a']],
      [3, [sha256(3)], ['b']],
    ]);
    expect([found.notDigests, found.another]).toEqual([{}, 1]);
    expect(found.rejected.map(({ line }) => line)).toEqual([4]);
  });
});

describe('long texts of events in a cell', () => {
  const event = (command: string, hashes: string): string =>
    `"Process Create:\nImage: C:\\p.exe\nCommandLine: ${command}\nHashes: ${hashes}\nParentImage: q"`;

  it.each([[3_900], [4_010], [4_096], [6_000], [70_000]])('are read to their end: %i characters in front', (length) => {
    const packed = (seed: number): string =>
      `SHA1=${sha1(seed)},MD5=${md5(seed)},SHA256=${sha256(seed)},IMPHASH=${md5(90)}`;
    const rows = [1, 2].map((seed) => `1,${event('A'.repeat(length), packed(seed))}`);
    const found = readAll(['Id,Message', ...rows, ''].join('\n'));
    expect(found.hashes.map(({ digests, carried }) => [...digests, carried.at(-1)])).toEqual([
      [sha256(1), sha1(1), md5(1), 'C:\\p.exe'],
      [sha256(2), sha1(2), md5(2), 'C:\\p.exe'],
    ]);
    expect(found.notDigests).toEqual({ imphash: 2 });
  });

  it('never give a slice of a longer run', () => {
    const rows = [1, 2].map((seed) => `1,${event('A'.repeat(5_000), `MD5=${md5(seed)}z,SHA1=${sha1(seed)}`)}`);
    const found = readAll(['Id,Message', ...rows, ''].join('\n'));
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[sha1(1)], [sha1(2)]]);
  });
});
