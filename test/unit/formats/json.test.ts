import { describe, expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { md5, sha1, sha256, sha512 } from './digests.ts';

const asJson = (value: unknown) => {
  const found = readAll(typeof value === 'string' ? value : JSON.stringify(value), { format: 'json' });
  expect(found.counted).toBe(found.reported);
  return found;
};
const filesOf = (value: unknown) => asJson(value).hashes.map(({ digests, carried }) => [...digests, ...carried]);

describe('digests of one object', () => {
  it('are one file, with its name, size and place', () => {
    expect(filesOf({ file: { name: 'a.exe', size: 12, md5: md5(1), sha1: sha1(1), sha256: sha256(1) } })).toEqual([
      [sha256(1), sha1(1), md5(1), 'a.exe', '12', 'file.md5'],
    ]);
  });

  it('are those of hashes and attributes below it, too', () => {
    expect(
      filesOf([
        { file: { path: '/a', hash: { md5: md5(1), sha256: sha256(1) } } },
        { name: 'b', Hashes: { 'SHA-256': sha256(2), MD5: md5(2) } },
        {
          name: 'c',
          hashes: [
            { alg: 'MD5', content: md5(3) },
            { alg: 'SHA-256', content: sha256(3) },
            { alg: 'SHA-512', content: sha512(3) },
          ],
        },
        {
          data: {
            id: sha256(4),
            type: 'file',
            attributes: { md5: md5(4), sha256: sha256(4), meaningful_name: 'd.exe', size: 7 },
          },
        },
      ]).map((cells) => cells.slice(0, -1)),
    ).toEqual([
      [sha256(1), md5(1), '/a', ''],
      [sha256(2), md5(2), 'b', ''],
      [sha256(3), md5(3), 'c', ''],
      [sha256(4), md5(4), 'd.exe', '7'],
    ]);
  });

  it('named for another file are a file of their own', () => {
    expect(
      filesOf({
        FileName: 'a.exe',
        SHA1: sha1(1),
        SHA256: sha256(1),
        InitiatingProcessSHA256: sha256(2),
        InitiatingProcessMD5: md5(2),
        InitiatingProcessFileName: 'cmd.exe',
      }).map((cells) => cells.slice(0, -2)),
    ).toEqual([
      [sha256(1), sha1(1), 'a.exe'],
      [sha256(2), md5(2), 'cmd.exe'],
    ]);
  });
});
