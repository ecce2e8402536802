import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sevenZip } from '#main/formats/containers/seven-zip/seven-zip.ts';
import { openAll } from '../opened.ts';
import { archiveOf, emptyFiles, oneFile } from './hand-made.ts';
import { fixture } from './packed-files.ts';

const COPY = { id: '00' };

describe('hostile 7z archives', () => {
  it('says of one cut off at any byte that it is, and gives nothing', async () => {
    const whole = fixture('nested.7z');
    for (let length = 0; length < whole.length; length += 1) {
      const { members, fault } = await openAll(sevenZip, whole.subarray(0, length));
      expect(members).toEqual([]);
      expect(fault).toMatch(/^damaged: /);
    }
  });

  it('gives no member as good of which a byte was changed', async () => {
    const whole = fixture('nested.7z');
    const [right] = (await openAll(sevenZip, whole)).members;
    for (let at = 9; at < whole.length; at += 37) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      const { members } = await openAll(sevenZip, changed);
      const goodOnes = members.filter((member) => member.fault === null);
      expect(goodOnes.every((member) => member.text === right?.text)).toBe(true);
    }
  });

  it('refuses one damaged member and gives those before and behind it', async () => {
    const content = fixture('stored-other.7z');
    content[40] = (content[40] ?? 0) ^ 1;
    const { members, refused } = await openAll(sevenZip, content, ['other']);
    expect(members.filter(({ fault }) => fault === null).map(({ name }) => name)).toEqual(['long.txt']);
    expect([...members.filter(({ fault }) => fault !== null), ...refused].map(({ name }) => name)).toEqual([
      'first.txt',
    ]);
  });

  it('calls damaged what has a right list and a wrong checksum', async () => {
    const text = Buffer.from('some text');
    const { members } = await openAll(sevenZip, archiveOf(oneFile('a.txt', COPY, 9, 9, crc32(text) ^ 1), text));
    expect(members.map(({ fault }) => fault)).toEqual(['damaged: its checksum does not fit its content']);
    const right = await openAll(sevenZip, archiveOf(oneFile('a.txt', COPY, 9, 9, crc32(text)), text));
    expect(right.members).toEqual([{ name: 'a.txt', text: 'some text', fault: null }]);
  });

  it('says so when a method is unknown', async () => {
    const list = oneFile('a.txt', { id: '7f01' }, 9, 9, 1);
    const { members } = await openAll(sevenZip, archiveOf(list, Buffer.alloc(9)));
    expect(members.map(({ fault }) => fault)).toEqual([
      'damaged: it is packed by a method that cannot be unpacked here',
    ]);
  });

  it('takes no name for a message of 7-Zip', async () => {
    const names = [
      'x\n- second',
      'ERROR: CRC Failed : x',
      '- third',
      'Everything is Ok',
      '----------',
      'a\r\nPath = b',
      '',
    ];
    const { members, fault } = await openAll(sevenZip, archiveOf(emptyFiles(names)));
    expect(members.map(({ name, fault: bad }) => [name, bad])).toEqual([
      ['x_- second', null],
      ['ERROR: CRC Failed : x', null],
      ['- third', null],
      ['Everything is Ok', null],
      ['----------', null],
      ['a\r_Path = b', null],
      expect.anything(),
    ]);
    expect(fault).toBeNull();
  });

  it('takes the name of a damaged member for no message either', async () => {
    const packed = Buffer.from('some text');
    const { members } = await openAll(sevenZip, archiveOf(oneFile('x\n- y', COPY, 9, 9, 1), packed));
    expect(members).toEqual([
      { name: 'x_- y', text: 'some text', fault: 'damaged: its checksum does not fit its content' },
    ]);
  });

  it('gives members of any name', async () => {
    const names = ['a/', '/', 'a//b', '..', '.', 'C:', 'con', ' ', 'a ', '- a', '\ud800', 'a\u202eb', '\u0001'];
    const more = [
      '\u001b[31m',
      '\u0085',
      '\u2028',
      '\ufeff',
      '-',
      '--',
      '@list',
      '*',
      '?',
      'a\\',
      'a:b',
      'x'.repeat(5_000),
    ];
    const { members, fault } = await openAll(sevenZip, archiveOf(emptyFiles([...names, ...more])));
    expect([members.length, fault]).toEqual([names.length + more.length, null]);
  });

  it('stops at a name that has no end', async () => {
    const { members, fault } = await openAll(sevenZip, archiveOf(emptyFiles(['x'.repeat(2_000_000)])));
    expect([members, fault]).toEqual([[], 'limit: a name in it is too long']);
  });

  it('gives what a list names that goes on behind its end, and says that it is damaged', async () => {
    const text = Buffer.from('some text');
    const list = Buffer.concat([oneFile('a.txt', COPY, 9, 9, crc32(text)), Buffer.from([0, 0])]);
    const { members, fault } = await openAll(sevenZip, archiveOf(list, text));
    expect([members, fault]).toEqual([
      [{ name: 'a.txt', text: 'some text', fault: null }],
      'damaged: its list of members is damaged',
    ]);
  });

  it('reads a file all the same that is marked as a folder', async () => {
    const text = Buffer.from('some text');
    const list = oneFile('folder', COPY, 9, 9, crc32(text), 0x10);
    const { members } = await openAll(sevenZip, archiveOf(list, text));
    expect(members).toEqual([{ name: 'folder', text: 'some text', fault: null }]);
  });

  it('takes no content of a wrong password for a file, where there is no checksum either', async () => {
    const list = oneFile('a.bin', { id: '06f10701', properties: '00' }, 16, 9, null);
    const { members, refused } = await openAll(sevenZip, archiveOf(list, Buffer.alloc(16, 7)));
    const reason = 'it is encrypted and has no checksum that would tell whether a password fits';
    expect([members, refused]).toEqual([[], [{ name: 'a.bin', why: 'damaged', reason }]]);
  });
});
