import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAll, recogniseText } from './collect.ts';
import { md5, sha1, sha256, sha512 } from './digests.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/lists/${name}`, import.meta.url));
const text = (...lines: string[]): string => `${lines.join('\n')}\n`;

describe('Debian control files', () => {
  it('give one record per file, with the digests of every field', () => {
    const found = readAll(fixture('tiny.changes'));
    expect(found.recognition).toMatchObject({
      why: 'below Checksums-Sha1, Checksums-Sha256, Files stand lines “hash size name”',
      carriedColumns: ['name', 'Size', 'Package', 'Version'],
    });
    expect(found.hashes[0]).toEqual({
      line: 18,
      column: 2,
      digests: [
        'a2cbf2c6904f2d2bef0f8f224658b69f6b3a3ff5cd9598c77754f5c442fc9142',
        'e70c9939357504c40a002094bdf04ef5df181fd9',
        '25cf2e615a8a920fa5835a33c1927bf4',
      ],
      carried: ['tiny_1.0-1.dsc', '694', 'tiny', '1.0-1'],
    });
  });

  it('keep paragraphs and files of different sizes apart', () => {
    const found = readAll(
      text('Package: a', 'Files:', ` ${md5(1)} 5 x`, 'Checksums-Sha1:', ` ${sha1(1)} 5 x`, ` ${sha1(2)} 6 x`, '') +
        text('Package: b', 'Files:', ` ${md5(3)} 5 x`),
    );
    expect(found.hashes.map(({ line, digests, carried }) => [line, digests, carried[2]])).toEqual([
      [3, [sha1(1), md5(1)], 'a'],
      [6, [sha1(2)], 'a'],
      [10, [md5(3)], 'b'],
    ]);
  });

  it('account for what is damaged, of other algorithms, or not there', () => {
    const found = readAll(
      text(
        'Origin: x',
        'MD5Sum:',
        ` ${md5(1)} 5 a`,
        ` ${md5(2).slice(2)} 5 b`,
        ` ${sha1(2)} 5 c`,
        ` ${md5(4)} five d`,
        ` ${md5(9)} 5 a`,
        'SHA512:',
        ` ${sha512(1)} 5 a`,
        ` ${sha512(2)} 5 e`,
        'garbage',
        '',
        'Package: none',
      ),
      { format: 'debian-files' },
    );
    expect(found.hashes.map(({ line, digests }) => [line, digests])).toEqual([[3, [md5(1)]]]);
    expect(found.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [4, '30 hex digits; MD5 has 32, SHA-1 40, SHA-256 64'],
      [5, 'MD5 is named, but the hash has the length of SHA-1'],
      [6, 'not “hash size name”'],
    ]);
    expect(found.without).toEqual([
      { line: 11, reason: 'no field in this line' },
      { line: 10, reason: 'no MD5, SHA-1 or SHA-256 of this file' },
      { line: 13, reason: 'no checksums in this paragraph' },
    ]);
    expect(found.notDigests).toEqual({ sha512: 2, 'second MD5 of a file': 1 });
    expect(found.counted).toBe(7);
  });

  it('read the current file of an index of differences, too', () => {
    const found = readAll(
      text(`SHA256-Current: ${sha256(1)} 50`, 'SHA256-History:', ` ${sha256(2)} 49 T-1-F-1`, 'SHA256-Download:') +
        text(` ${sha256(3)} 9 T-1-F-1.gz`),
    );
    expect(found.recognition.format).toBe('debian-files');
    expect(found.hashes.map(({ digests }) => digests[0])).toEqual([sha256(1), sha256(2), sha256(3)]);
  });

  it('keep what came before a cut, wherever it is', () => {
    const whole = fixture('tiny.dsc');
    for (let end = 0; end <= whole.length; end += 1) {
      const found = readAll(whole.subarray(0, end), { format: 'debian-files' });
      expect(found.reported).toBe(found.counted);
      expect(found.hashes.length).toBeGreaterThanOrEqual(end > 380 ? 1 : 0);
    }
  });

  it('are not seen where lines only mention such fields', () => {
    expect(recogniseText(`see\nSHA256:\n ${sha256(1)} 5 x\nand more\nof it\nhere\n`).format).not.toBe('debian-files');
  });
});
