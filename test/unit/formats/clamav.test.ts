import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAll, recogniseText } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/lists/${name}`, import.meta.url));

describe('ClamAV', () => {
  it('gives name and size of what sigtool wrote about files', () => {
    for (const [name, length] of [
      ['sigtool.hdb', 32],
      ['sigtool.hsb', 64],
    ] as const) {
      const found = readAll(fixture(name));
      expect(found.recognition).toMatchObject({ format: 'clamav', isList: true, carriedColumns: ['name', 'size'] });
      expect(found.hashes.map(({ digests, carried }) => [digests.map((digest) => digest.length), ...carried])).toEqual([
        [[length], 'a', '2'],
        [[length], 'b', '2'],
        [[length], 'sample.exe', `${fixture(name).toString().split(':').at(-2)}`],
      ]);
    }
  });

  it('takes no hash of a section for one of a file', () => {
    const found = readAll(fixture('sigtool.mdb'));
    expect(found.recognition.format).toBe('clamav');
    expect(found.hashes).toEqual([]);
    expect(found.without.map(({ reason }) => reason)).toEqual(
      found.without.map(() => 'a hash of a section, not of a file'),
    );
    expect(found.notDigests).toEqual({ 'section hash': found.without.length });
    expect(found.without.length).toBeGreaterThan(1);
  });

  it('reads both side by side, sizes left open, and what is damaged', () => {
    const lines = [
      `${md5(1)}:68:Win.Test.A-1`,
      `68:${md5(2)}:Win.Test.B-1`,
      `*:${sha256(2)}:Win.Test.C-1:73`,
      `${sha1(3)}:*:Win.Test.D-1:73:255`,
      `${sha256(4).slice(1)}:1:Win.Test.E-1`,
      `${md5(5)}:9999:Win.Test.F-1`,
      'no signature',
    ];
    const found = readAll(`${lines.join('\r\n')}\r\n`, {}, [1, 9]);
    expect(found.hashes.map(({ line, digests, carried }) => [line, digests, ...carried])).toEqual([
      [1, [md5(1)], 'Win.Test.A-1', '68'],
      [4, [sha1(3)], 'Win.Test.D-1', ''],
      [6, [md5(5)], 'Win.Test.F-1', '9999'],
    ]);
    expect(found.without.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'a hash of a section, not of a file'],
      [3, 'a hash of a section, not of a file'],
      [7, 'no hash in this line'],
    ]);
    expect(found.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [5, '63 hex digits; MD5 has 32, SHA-1 40, SHA-256 64'],
    ]);
    expect(found.counted).toBe(found.reported);
  });

  it('takes no import hash for one of a file where the name says so, and is a guess where nothing does', () => {
    const lines = `${md5(1)}:120:Win.Test.A-1\n${md5(2)}:*:Win.Test.B-1:73\n`;
    const found = readAll(lines, { name: 'daily.IMP' }, [7]);
    expect(found.recognition).toMatchObject({ format: 'clamav-imp', isList: true, isGuess: false });
    expect(found.hashes).toEqual([]);
    expect(found.without).toEqual([1, 2].map((line) => ({ line, reason: 'a hash of imports, not of a file' })));
    expect(found.notDigests).toEqual({ imphash: 2 });
    expect(found.counted).toBe(2);
    const named = recogniseText(lines, { name: 'daily.hdb' });
    expect(named).toMatchObject({ format: 'clamav', isGuess: false });
    const pasted = recogniseText(lines);
    expect(pasted).toMatchObject({
      format: 'clamav',
      isGuess: true,
      why: '2 of 2 lines are “hash:size:name”, as import hashes in .imp are as well',
    });
    expect(pasted.alternatives.map(({ format }) => format)).toContain('clamav-imp');
    expect(recogniseText(lines.replaceAll(/^[0-9a-f]{32}/gm, sha256(1))).isGuess).toBe(false);
    expect(recogniseText(lines, { name: 'a.imp', format: 'clamav' }).format).toBe('clamav');
  });

  it('leaves other lines with colons alone', () => {
    expect(recogniseText(`${sha1(1)}:1234\n${sha1(2)}:7\n`).format).not.toBe('clamav');
    expect(recogniseText(`${md5(1)}:C:\\a.exe\n`).format).not.toBe('clamav');
    expect(recogniseText(`user:1001:${md5(1)}:${md5(2)}:::\n`).format).not.toBe('clamav');
  });
});
