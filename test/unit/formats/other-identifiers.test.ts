import { describe, expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

describe('what tools print that is no digest of a file', () => {
  it('ED2K of rhash, in capitals, is none although it is as long as MD5', () => {
    const found = readAll(`MD5   (a.txt) = ${md5(1)}\nED2K  (a.txt) = ${md5(2)}\nAICH  (a.txt) = ${'b2'.repeat(16)}\n`);
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[md5(1)]]);
    expect(found.notDigests).toEqual({ 'other algorithm': 2 });
    expect(found.counted).toBe(found.reported);
  });

  it('sums that services for files make their own way, in listings of rclone', () => {
    const hashes = {
      dropbox: sha256(7),
      hidrive: sha1(7),
      mailru: sha1(8),
      md5: md5(1),
      quickxor: sha1(9),
      sha1: sha1(1),
      sha256: sha256(1),
    };
    const found = readAll(`[\n${JSON.stringify({ Path: 'a.txt', Name: 'a.txt', Size: 2, Hashes: hashes })}\n]\n`);
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[sha256(1), sha1(1), md5(1)]]);
    expect(found.notDigests).toEqual({ 'other algorithm': 4 });
    expect(found.counted).toBe(found.reported);
  });

  it('objects of git, behind their mode', () => {
    const text = `100644 ${sha1(1)} 0\tREADME.md\n100755 blob ${sha1(2)}\trun.sh\n040000 tree ${sha1(3)}\tsrc\n`;
    const found = readAll(`${text}the file README.md has ${sha1(4)}\n`, { format: 'text' });
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[sha1(4)]]);
    expect(found.notDigests).toEqual({ 'git object': 3 });
    expect(found.counted).toBe(found.reported);
    expect(readAll(text).hashes).toEqual([]);
  });
});
