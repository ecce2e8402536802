import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sevenZip } from '#main/formats/containers/seven-zip/seven-zip.ts';
import { openAll, type Opened } from '../opened.ts';

const FOLDER = new URL('../../../../fixtures/archives/seven-zip/', import.meta.url);
const fixture = (name: string): Buffer => readFileSync(new URL(name, FOLDER));
const open = (name: string, passwords: readonly string[] = ['infected']): Promise<Opened> =>
  openAll(sevenZip, fixture(name), passwords);

const LONG = Array.from({ length: 300 }, (_, index) => `line ${index + 1} of a longer text\n`).join('');
const good = (name: string, text: string): object => ({ name, text, fault: null });
const FIRST = good('first.txt', 'first file\n');
const LONG_FILE = good('long.txt', LONG);
const LIST = good('inner/list.txt', 'd41d8cd98f00b204e9800998ecf8427e\n');
const INNER = [LIST, good('inner/second.exe', 'MZ second file, a sample\n'), good('inner/ünïcode €.txt', 'u')];
const NOTHING = good('inner/nothing.bin', '');

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
});
