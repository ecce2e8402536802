import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAll, recogniseText } from './collect.ts';
import { md5, sha1, sha256, sha512 } from './digests.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/lists/${name}`, import.meta.url));

describe('7-Zip', () => {
  it('gives name and size; the sums over all files are no digests of one', () => {
    const found = readAll(fixture('7zip-sha256.txt'));
    expect(found.hashes.map(({ digests, carried }) => [digests[0]?.slice(0, 8), ...carried])).toEqual([
      ['ba7816bf', 'a b.txt', '3'],
      ['cb8379ac', 'b.txt', '3'],
      ['e3b0c442', 'empty', '0'],
      ['2d711642', 'd/c.bin', '1'],
    ]);
    expect(found.without).toEqual([{ line: 13, reason: 'no MD5, SHA-1 or SHA-256 in this row' }]);
    expect(found.notDigests).toEqual({ 'sum over files': 3 });
  });

  it('gives one record for all algorithms of a row', () => {
    const { hashes } = readAll(fixture('7zip-all.txt'));
    expect(hashes.map(({ digests }) => digests.length)).toEqual([3, 3, 3, 3]);
    expect(hashes[0]?.digests[2]).toBe('900150983cd24fb0d6963f7d28e17f72');
  });

  it('rejects damaged rows and keeps what came before a cut, wherever it is', () => {
    const rows = [
      'MD5 Size Name',
      '-------- ------------- ------------',
      `${md5(1)}  3  a`,
      `${md5(2).slice(2)}  3  b`,
    ];
    const found = readAll(`${rows.join('\n')}\n`);
    expect(found.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [4, 'MD5: 30 hex digits; MD5 has 32, SHA-1 40, SHA-256 64'],
    ]);
    const whole = fixture('7zip-sha256.txt');
    for (let end = 0; end < whole.length; end += 1) {
      const part = readAll(whole.subarray(0, end), { format: 'seven-zip' });
      expect(part.reported).toBe(part.counted);
      expect(part.hashes.length).toBeLessThanOrEqual(4);
    }
  });
});

describe('FCIV', () => {
  it('gives one record for both digests of a line', () => {
    const found = readAll(fixture('fciv.txt'));
    expect(found.hashes.map(({ digests, carried }) => [digests.length, ...carried])).toEqual(
      [0, 1, 2].map((index) => [2, `c:\\x y\\f${index}.exe`]),
    );
    expect(recogniseText(`${md5(1)} ${sha1(1)} c:\\a.exe\n`).format).toBe('fciv');
    expect(recogniseText(`${md5(1)} ${sha256(1)} c:\\a.exe\n`).format).not.toBe('fciv');
  });

  it('takes a digest at the start of a name for the name', () => {
    const found = readAll(
      `// File Checksum Integrity Verifier version 2.05.\n${md5(1)} ${sha256(1)}.exe\nERROR x\nabc\n`,
    );
    expect(found.hashes.map(({ digests, carried }) => [...digests, ...carried])).toEqual([
      [md5(1), `${sha256(1)}.exe`],
    ]);
    expect([found.without.length, found.counted]).toEqual([2, 3]);
  });
});

describe('certutil', () => {
  it('takes no second half of a longer hash for one of a file', () => {
    const long = sha512(1);
    const found = readAll(
      `SHA512 hash of a.exe:\n${long.slice(0, 64)}\n${long.slice(64)}\nCertUtil: -hashfile command completed successfully.\nMD5 hash of b.exe:\n${md5(2)}\n${sha256(3)}\n`,
      { format: 'certutil' },
      [9],
    );
    expect(found.hashes.map(({ line, digests, carried }) => [line, ...digests, ...carried])).toEqual([
      [6, md5(2), 'b.exe'],
      [7, sha256(3), ''],
    ]);
    expect(found.without.map(({ line }) => line)).toEqual([2, 3]);
    expect(found.counted).toBe(found.reported);
  });
});
