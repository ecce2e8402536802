import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAll, recogniseText } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

const FIXTURE = readFileSync(new URL('../../fixtures/lists/hello.spdx', import.meta.url));
const HEAD = 'SPDXVersion: SPDX-2.3\n';

const read = (input: string | Buffer) => {
  const found = readAll(input, { format: 'spdx' }, [1, 13, 5]);
  expect(found.counted).toBe(found.reported);
  return found;
};

describe('SPDX as tags and values', () => {
  it('joins the checksums of a file or package, and no others', () => {
    const found = readAll(Buffer.from(FIXTURE));
    expect(found.recognition).toMatchObject({ format: 'spdx', isList: true, isGuess: false });
    expect(found.hashes).toEqual([
      {
        line: 19,
        column: 23,
        digests: [
          '11b6d3ee554eedf79299905a98f9b9a04e498210b59f15094c916c91d150efcd',
          '85ed0817af83a24ad8da68c2b5094de69833983c',
          '624c1abb3664f4b35547e7c73864ad24',
        ],
        carried: ['hello-2.12.tar.gz', 'hello', '2.12', 'SPDXRef-Package-hello'],
      },
      {
        line: 32,
        column: 21,
        digests: [
          'c7be1ed902fb8dd4d48997c6452f5d7e509fbcdbe2808b16bcf4edce4c07d14e',
          '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12',
        ],
        carried: ['./src/hello.c', 'hello', '2.12', 'SPDXRef-File-1'],
      },
    ]);
    expect(found.without).toEqual([{ line: 41, reason: 'no MD5, SHA-1 or SHA-256 of this file' }]);
    expect(found.notDigests).toEqual({
      'value of another tag': 2,
      'verification code': 1,
      sha512: 2,
    });
    expect(found.counted).toBe(3);
  });

  it('starts a file of its own for checksums that stand elsewhere, and keeps what contradicts', () => {
    const found = read(
      `${HEAD}FileChecksum: SHA1: ${sha1(1)}\nPackageName: p\nFileChecksum: MD5: ${md5(2)}\nFileName: a\nFileChecksum: SHA256: ${sha256(3)}\nFileChecksum: SHA256: ${sha256(4)}\nFileChecksum: SHA256: ${sha256(3).toUpperCase()}\nLicenseID: x\nPackageChecksum: MD5: ${md5(5)}\n`,
    );
    expect(found.hashes.map(({ line, digests, carried }) => [line, digests, carried[0]])).toEqual([
      [2, [sha1(1)], ''],
      [4, [md5(2)], ''],
      [6, [sha256(3)], 'a'],
      [6, [sha256(4)], 'a'],
      [10, [md5(5)], ''],
    ]);
    expect(found.another).toBe(1);
    expect(found.without.map(({ line }) => line)).toEqual([3]);
  });

  it('rejects what is damaged, unless the file has a sound digest', () => {
    const found = read(
      `${HEAD}FileName: a\nFileChecksum: SHA1: ${sha1(1).slice(1)}\nFileName: b\nFileChecksum: SHA256: ${md5(1)}\nFileName: c\nFileChecksum: nothing\nFileName: d\nFileChecksum: MD5: ${md5(4)}\nFileChecksum: SHA1: ${sha1(4)}0\n`,
    );
    expect(found.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [2, '39 hex digits; MD5 has 32, SHA-1 40, SHA-256 64'],
      [4, 'SHA-256 is named, but the hash has the length of MD5'],
      [6, '“nothing” is not “ALGORITHM: hash”'],
    ]);
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[md5(4)]]);
    expect(found.notDigests).toEqual({ 'damaged digest beside a good one': 1 });
  });

  it('says where a text begins that does not end', () => {
    const found = read(`${HEAD}FileName: a\nFileChecksum: MD5: ${md5(1)}\nFileComment: <text>\nFileName: b\n`);
    expect(found.hashes).toHaveLength(1);
    expect(found.faults).toEqual(['The text that begins in line 4 does not end. What stands behind it was not read.']);
  });

  it('is told by its version or by its tags, not by one line in a mail', () => {
    expect(recogniseText(`FileName: a\nFileChecksum: SHA1: ${sha1(1)}\n`).format).toBe('spdx');
    expect(recogniseText(`Hi,\nwe saw this:\nFileChecksum: SHA1: ${sha1(1)}\nand more\n`).format).toBe('text');
    expect(recogniseText(`${HEAD}DocumentName: x\n`).format).not.toBe('spdx');
  });
});
