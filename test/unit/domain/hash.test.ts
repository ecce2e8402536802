import { describe, expect, it } from 'vitest';
import { parseDigest, strongestKind } from '#shared/domain/hash.ts';

describe('parseDigest', () => {
  it('takes the three kinds in either case and returns lower case', () => {
    expect(parseDigest('D41D8CD98F00B204E9800998ECF8427E')).toEqual({
      kind: 'md5',
      hex: 'd41d8cd98f00b204e9800998ecf8427e',
    });
    expect(parseDigest(` ${'a'.repeat(40)}\r\n`)?.kind).toBe('sha1');
    expect(parseDigest('0'.repeat(64))?.kind).toBe('sha256');
  });

  it('never takes a slice of a longer run or anything that is not hex', () => {
    for (const text of ['', 'a'.repeat(33), 'a'.repeat(65), 'g'.repeat(32), `${'a'.repeat(32)} x`]) {
      expect(parseDigest(text), text).toBeNull();
    }
  });
});

describe('strongestKind', () => {
  it('prefers SHA-256 over SHA-1 over MD5', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map(strongestKind)).toEqual([
      null,
      'md5',
      'sha1',
      'sha1',
      'sha256',
      'sha256',
      'sha256',
      'sha256',
    ]);
  });
});
