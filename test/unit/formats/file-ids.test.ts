import { describe, expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { md5, sha1 } from './digests.ts';

const fileId = (seed: number): string => `0000${sha1(seed)}`;
const read = (text: string) => {
  const found = readAll(text, {}, [7]);
  expect(found.counted).toBe(found.reported);
  return { ...found, taken: found.hashes.map(({ digests }) => digests) };
};

describe('a FileId of Amcache', () => {
  it('is a SHA-1 in tables; a ProgramId that looks alike is none', () => {
    const found = read(
      `Name,FileId,ProgramId,Size\na.exe,${fileId(1)},${fileId(2)},12\nb.exe,"${fileId(3).toUpperCase()}",0006${sha1(4)},9\nc,,${fileId(5)},\n`,
    );
    expect(found.recognition).toMatchObject({ format: 'csv', isList: true, digestColumns: ['FileId'] });
    expect(found.taken).toEqual([[sha1(1)], [sha1(3)]]);
    expect(found.without.map(({ line }) => line)).toEqual([4]);
    expect(read(`Name,FileId\na,${fileId(1)}\n`).taken).toEqual([[sha1(1)]]);
    expect(read(`ProgramId,SHA1\n${fileId(1)},${fileId(2)}\n${fileId(3)},${sha1(4)}\n`).taken).toEqual([
      [sha1(2)],
      [sha1(4)],
    ]);
  });

  it('is a SHA-1 in JSON; other values of such a key are identifiers', () => {
    const lines = [
      { Name: 'a.exe', FileId: fileId(1), ProgramId: fileId(2) },
      { sha1: fileId(3) },
      { FileId: md5(4), ProgramId: sha1(4), sha1: sha1(5) },
      { file_id: '123e4567', md5: md5(6), FileId: fileId(6) },
    ];
    const found = read(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
    expect(found.recognition.format).toBe('json');
    expect(found.taken).toEqual([[sha1(1)], [sha1(3)], [sha1(5)], [sha1(6), md5(6)]]);
    expect(found.rejected).toEqual([]);
    expect(found.notDigests).toMatchObject({ identifier: 3 });
  });

  it('is none under other names, with other digits in front or one too many', () => {
    expect(read(`Name,Code,MD5\na,${fileId(1)},${md5(1)}\n`).taken).toEqual([[md5(1)]]);
    expect(read(`Name,SHA256,MD5\na,${fileId(1)},${md5(1)}\n`).taken).toEqual([[md5(1)]]);
    expect(read(`Name,FileId,MD5\na,0006${sha1(1)},${md5(1)}\n`).taken).toEqual([[md5(1)]]);
    expect(read(`Name,SHA1,MD5\na,0${fileId(1)},${md5(1)}\n`).taken).toEqual([[md5(1)]]);
    expect(read(`[{"FileId":"0006${sha1(1)}","md5":"${md5(1)}"}]`).taken).toEqual([[md5(1)]]);
  });
});
