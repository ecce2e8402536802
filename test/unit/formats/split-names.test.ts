import { describe, expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

describe('a name with a line end in it', () => {
  it('keeps its algorithm for the digest behind it', () => {
    const text = [
      `SHA256 (plain) = ${sha256(1)}`,
      'MD5 (new',
      `line) = ${md5(2)}`,
      'SHA3-256 (new',
      `line) = ${sha256(3)}`,
      'MD4 (a',
      'b',
      `c) = ${md5(4)}`,
      'RIPEMD-160 (new',
      `line) = ${sha1(5)}`,
      `SHA1 (plain) = ${sha1(6)}`,
      `MD5 (plain) = ${md5(7)}`,
      `MD5 (more) = ${md5(8)}`,
      `MD5 (most) = ${md5(9)}`,
      '',
    ].join('\n');
    const found = readAll(text, { format: 'bsd' });
    expect(found.hashes.map(({ digests }) => digests[0])).toEqual([sha256(1), md5(2), sha1(6), md5(7), md5(8), md5(9)]);
    expect(found.reported).toBe(found.counted);
    expect(readAll(text, { format: 'openssl' }).hashes).toEqual(found.hashes);
  });
});
