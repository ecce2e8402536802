import { describe, expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

/** Long enough that looking at the rest of the line behind every part of it takes minutes. */
const LONG = 900_000;

const fill = (part: string): string => part.repeat(Math.floor(LONG / part.length));

describe('a long run of the same marks in one line', () => {
  it.each([
    ['spdx', `SPDXVersion: SPDX-2.3\nComment: ${fill('|')} x\nFileName: a\nFileChecksum: SHA1: ${sha1(1)}\n`],
    ['get-filehash-table', `Path Algorithm Hash\n---- --------- ----\na${fill(' ')}b  SHA256 ${sha256(1)}\n`],
    ['certutil', `${fill('certutil ')}\nMD5 hash of a:\n${md5(1)}\n`],
    ['certutil', `${fill('md5 ')}\nMD5 hash of a:\n${md5(1)}\n`],
    ['certutil', `MD5 hash of ${fill('(')}) C:\\a:\n${md5(1)}\n`],
    ['certutil', `MD5 hash of${fill(' ')}a:\n${md5(1)}\n`],
  ])('does not hold %s up', (format, text) => {
    const found = readAll(text, { format });
    expect(found.hashes).toHaveLength(1);
    expect(found.counted).toBe(found.reported);
  });
});
