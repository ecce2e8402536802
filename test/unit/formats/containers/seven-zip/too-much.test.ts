import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BOUNDS } from '#main/formats/containers/bounds.ts';
import { sevenZip } from '#main/formats/containers/seven-zip/seven-zip.ts';
import { openAll } from '../opened.ts';
import { archiveOf, emptyFiles, number, oneFile } from './hand-made.ts';

const COPY = { id: '00' };
const LZMA2 = '21';

describe('7z archives that ask for too much', () => {
  it('says so when a member wants a dictionary of 4 GiB', async () => {
    const list = oneFile('a.txt', { id: LZMA2, properties: '28' }, 7, 3, crc32(Buffer.from('abc')));
    const { members, refused } = await openAll(sevenZip, archiveOf(list, Buffer.from('01000261626300', 'hex')));
    const reason = 'unpacking takes more memory than the 1,280 MiB it may have';
    expect([members, refused]).toEqual([[], [{ name: 'a.txt', why: 'limit', reason }]]);
  });

  it('stops a member that says it is larger than all its packed bytes could make it', async () => {
    const { members } = await openAll(sevenZip, archiveOf(oneFile('a', COPY, 4, 2 ** 50, 1), Buffer.from('abcd')));
    expect(members.map((member) => member.fault)).toEqual(['damaged: its packed data is damaged']);
  });

  it('gives thousands of empty members one by one', async () => {
    const names = Array.from({ length: 20_001 }, (_, index) => `f${index}`);
    const { members, fault } = await openAll(sevenZip, archiveOf(emptyFiles(names)));
    expect([members.length, members.at(-1), fault]).toEqual([
      names.length,
      { name: 'f20000', text: '', fault: null },
      null,
    ]);
  });

  it('stops at a list that is far too long', async () => {
    const names = Array.from({ length: BOUNDS.members * 2 + 1 }, (_, index) => `f${index}`);
    const { members, fault } = await openAll(sevenZip, archiveOf(emptyFiles(names)));
    expect([members, fault]).toEqual([[], 'limit: its list of members is too long']);
  });

  it('calls a list damaged that says it has more files than it can hold', async () => {
    const list = Buffer.concat([Buffer.from([1, 5]), number(2 ** 31 - 1), Buffer.from([0, 0])]);
    const { members, fault } = await openAll(sevenZip, archiveOf(list));
    expect(members).toEqual([]);
    expect(fault).toMatch(/^(?:damaged|limit): /);
  });
});
