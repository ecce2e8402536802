import { describe, expect, it } from 'vitest';
import { FIRST, INNER, LONG_FILE, NOTHING, good, open } from './packed-files.ts';

describe('encrypted 7z archives', () => {
  it('opens them by the first password that fits, and passes those by no archive can have', async () => {
    const { members, refused } = await open('infected.7z', ['', 'a\0b', 'x'.repeat(100_000), 'infected']);
    expect({ members, refused }).toEqual({ members: [NOTHING, FIRST, ...INNER, LONG_FILE], refused: [] });
  });

  it('gives nothing of what no password opens, stored without packing or not', async () => {
    const reason = 'it is encrypted and no password fits';
    const refusals = (...names: readonly string[]): object[] =>
      names.map((name) => ({ name, why: 'encrypted', reason }));
    const packed = await open('infected.7z', ['wrong']);
    expect(packed.members).toEqual([NOTHING]);
    expect(packed.refused).toEqual(
      refusals('first.txt', 'inner/list.txt', 'inner/second.exe', 'inner/ünïcode €.txt', 'long.txt'),
    );
    expect(await open('stored-other.7z', ['infected'])).toEqual({
      members: [],
      refused: refusals('first.txt', 'long.txt'),
      fault: null,
    });
    expect((await open('stored-other.7z', ['infected', 'other'])).members).toEqual([FIRST, LONG_FILE]);
  });

  it('opens a list of members that is encrypted itself', async () => {
    expect((await open('list-other.7z', ['infected', 'other'])).members).toEqual([FIRST, LONG_FILE]);
    expect((await open('list-other.7z', ['infected'])).fault).toBe(
      'encrypted: its list of members is encrypted and no password fits',
    );
  });

  it('takes each of several passwords for the members it opens', async () => {
    expect((await open('two-passwords.7z', ['infected', 'one'])).members).toEqual([FIRST, LONG_FILE]);
    const half = await open('two-passwords.7z', ['infected']);
    expect(half.members).toEqual([LONG_FILE]);
    expect(half.refused).toEqual([
      { name: 'first.txt', why: 'encrypted', reason: 'it is encrypted and no password fits, or its data is damaged' },
    ]);
  });

  it('takes each of several passwords where nothing but the checksum tells that one is wrong', async () => {
    const second = good('second.exe', 'MZ second file, a sample\n');
    const all = await open('stored-three.7z', ['infected', 'one', 'two']);
    expect(all.refused).toEqual([]);
    expect(all.members).toHaveLength(3);
    expect(all.members).toEqual(expect.arrayContaining([FIRST, LONG_FILE, second]));
    const some = await open('stored-three.7z', ['infected', 'two']);
    expect(some.members).toHaveLength(2);
    expect(some.members).toEqual(expect.arrayContaining([second, LONG_FILE]));
    expect(some.refused).toEqual([
      { name: 'first.txt', why: 'encrypted', reason: 'it is encrypted and no password fits, or its data is damaged' },
    ]);
  });
});
