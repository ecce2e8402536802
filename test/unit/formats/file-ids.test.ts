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

  it('is a SHA-1 in registry exports and text, behind its name', () => {
    const found = read(
      `Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\A\\Root\\InventoryApplicationFile\\a.exe|1]\r\n"ProgramId"="0006${sha1(5)}"\r\n"FileId"="${fileId(6)}"\r\n"LowerCaseLongPath"="c:\\\\a.exe"\r\n`,
    );
    expect(found.recognition.format).toBe('text');
    expect(found.hashes.map(({ line, column, digests }) => [line, column, ...digests])).toEqual([[5, 15, sha1(6)]]);
    expect(read(`seen FileId: ${fileId(7)}\nProgramId: ${fileId(8)}\nother ${fileId(9)} here\n`).taken).toEqual([
      [sha1(7)],
    ]);
    expect(read(`see FileId=${fileId(1)}, file_id = '${fileId(2)}'\nFileId: 1${fileId(3).slice(1)}\n`).taken).toEqual([
      [sha1(1)],
      [sha1(2)],
    ]);
  });

  it('is a SHA-1 in blocks of fields', () => {
    const found = read(
      `Name      : a.exe\r\nFileId    : ${fileId(1)}\r\nProgramId : 0006${sha1(2)}\r\n\r\nName      : b.exe\r\nFileId    : 12345\r\nProgramId : 0006${sha1(3)}\r\n`,
    );
    expect(found.recognition.format).toBe('get-filehash-list');
    expect(found.hashes.map(({ line, digests }) => [line, digests])).toEqual([[2, [sha1(1)]]]);
    expect(found.without.map(({ line }) => line)).toEqual([6]);
  });

  it('is a SHA-1 in a list of nothing else; a program id among them is none', () => {
    const programId = `0000${'0123456789abcdef'.repeat(2)}00000409`;
    const lines = [fileId(1), fileId(2).toUpperCase(), programId, `${fileId(3)}  a.exe`];
    for (const header of ['', 'FileId\n']) {
      const found = read(`${header}${lines.join('\n')}\n`);
      expect(found.recognition).toMatchObject({ format: 'list', isList: true, isGuess: false });
      expect(found.recognition.why).toMatch(/start with a hash behind 0000, as Amcache writes a SHA-1$/);
      expect(found.taken).toEqual([[sha1(1)], [sha1(2)], [sha1(3)]]);
      expect(found.hashes[0]?.column).toBe(5);
      expect(found.rejected).toHaveLength(1);
    }
    expect(read(`${lines.join('\n')}\n${sha1(4)}\n`).taken).not.toContainEqual([sha1(1)]);
  });
});
