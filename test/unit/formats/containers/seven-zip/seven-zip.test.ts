import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FIRST, INNER, LONG_FILE, NOTHING, good, open } from './packed-files.ts';

describe('7z archives', () => {
  it('gives the files of a solid archive, empty ones too, refuses links and leaves folders out', async () => {
    const { members, refused, fault } = await open('solid.7z');
    expect(members.slice(0, -1)).toEqual([NOTHING, FIRST, ...INNER, LONG_FILE]);
    expect(members.at(-1)?.name).toBe('program.bin');
    expect({ refused, fault }).toEqual({
      refused: [{ name: 'link', why: 'no-file', reason: 'it is a link' }],
      fault: null,
    });
  });

  it('unpacks every method and filter 7-Zip packs by', async () => {
    const { members, fault } = await open('methods.7z');
    const digests = members.map((member) => [
      member.name,
      createHash('sha256').update(member.text).digest('hex').slice(0, 8),
      member.fault,
    ]);
    const texts = digests.filter(([name]) => String(name).endsWith('.txt'));
    expect(texts).toEqual(
      ['Copy', 'LZMA', 'LZMA2', 'PPMd', 'BZip2', 'Deflate', 'Deflate64'].map((name) => [
        `${name}.txt`,
        '3adb79b8',
        null,
      ]),
    );
    const programs = digests.filter(([name]) => String(name).endsWith('.bin'));
    expect(programs.map(([name]) => name)).toEqual(
      expect.arrayContaining(['BCJ.bin', 'BCJ2.bin', 'ARM.bin', 'Delta4.bin']),
    );
    // All of them are the same file.
    expect(new Set(programs.map(([, digest, bad]) => `${String(digest)} ${String(bad)}`)).size).toBe(1);
    expect(fault).toBeNull();
  });

  it('gives nested archives as they are', async () => {
    const { members } = await open('nested.7z');
    expect(members.map(({ name, text }) => [name, text.slice(0, 2)])).toEqual([['inner.7z', '7z']]);
  });

  it('takes what was packed from standard input for the file it is, not for a pipe', async () => {
    expect((await open('piped.7z')).members).toEqual([good('piped.txt', 'through a pipe\n')]);
  });

  it('finds nothing in an empty archive', async () => {
    expect(await open('empty.7z')).toEqual({ members: [], refused: [], fault: null });
  });

  it('passes names on that lead out of a folder, for they name nothing on the disk', async () => {
    const { members } = await open('hostile.7z');
    expect(members.map(({ name }) => name)).toEqual(['../../etc/passwd', 'inner/C:\\..\\x', '/abs/olute']);
  });

  it('says of the first part of a split archive that the rest is missing', async () => {
    expect((await open('volumes.7z.001')).fault).toMatch(
      /^damaged: its last [\d,]+ bytes are missing, .* the first part of an archive that was split$/,
    );
  });
});
