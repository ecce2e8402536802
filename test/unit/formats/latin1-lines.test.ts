import { describe, expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { md5, sha256 } from './digests.ts';

/** Characters of two bytes in UTF-8, here of one: lines like that are no UTF-8. */
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('lines that are no UTF-8', () => {
  it('give the file of a Debian field, and not what stands in front of it', () => {
    const found = readAll(latin1(`Package: a\nSHA256: ${sha256(1)} 12 müüütze.deb\n`), { format: 'debian-files' });
    expect(found.hashes).toMatchObject([
      { line: 2, column: 9, digests: [sha256(1)], carried: ['müüütze.deb', '12', 'a', ''] },
    ]);
  });

  it('name the column of a value in the characters of the line', () => {
    expect(readAll(latin1(`MD5 (ÄÖÜ) = ${md5(1)}é\n`), { format: 'bsd' }).rejected).toMatchObject([{ column: 13 }]);
  });
});
