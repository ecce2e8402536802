import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { zip } from '#main/formats/containers/zip/zip.ts';
import { openAll } from '../opened.ts';

const fixture = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../../../fixtures/archives/zip/${name}.zip`, import.meta.url)));
const ONE = 'MZ\uFFFD\0\0\0sample one';
const LIST = readFileSync(
  fileURLToPath(new URL('../../../../fixtures/archives/zip/gnu.sha256', import.meta.url)),
  'utf8',
);
const BOTH = {
  members: [
    { name: 'bin/one.exe', text: ONE, fault: null },
    { name: 'lists/gnu.sha256', text: LIST, fault: null },
  ],
  refused: [],
  fault: null,
};

test.each(['streamed', 'zip64', 'self-extracting', 'deflate64', 'zipcrypto-infected', 'aes-infected'])(
  'an archive %s is read as it was packed',
  async (name) => {
    expect(await openAll(zip, fixture(name))).toEqual(BOTH);
  },
);

test('folders are no members, links are refused, and names are those of the archive', async () => {
  const opened = await openAll(zip, fixture('info-zip'));
  expect(opened.members.map(({ name }) => name).sort()).toEqual([
    'bin/one.exe',
    'bin/prüfung.dll',
    'lists/gnu.sha256',
    'lists/table.csv',
  ]);
  expect(opened.refused).toEqual([{ name: 'bin/link', why: 'no-file', reason: 'it is a link' }]);
});

test('names of old archives, and members that share a name, are kept', async () => {
  const named = async (name: string) =>
    (await openAll(zip, fixture(name))).members.map((member) => `${member.name} ${member.text}`);
  expect(await named('cp437')).toEqual(['ä.bin \0first', 'ä.bin \0second']);
  expect(await named('same-names')).toEqual(['a.bin \0first', 'a.bin \0second']);
  expect((await named('hostile-names'))[0]).toBe('../../etc/passwd \0a');
});

test('a method that cannot be unpacked is named and nothing comes out', async () => {
  const { members } = await openAll(zip, fixture('lzma'));
  expect(members.find(({ name }) => name === 'lists/gnu.sha256')).toMatchObject({
    text: '',
    fault: 'damaged: it is packed by a method that cannot be unpacked here',
  });
});

test('passwords are tried in turn, and none of them gives anything but the content', async () => {
  expect(await openAll(zip, fixture('zipcrypto-other'), ['infected', 'other word'])).toEqual(BOTH);
  expect(await openAll(zip, fixture('aes-infected'), ['wrong', 'infected'])).toEqual(BOTH);
  // One wrong password in 256 passes the format's own check: of 700 some do.
  const wrong = Array.from({ length: 700 }, (_, index) => `wrong ${index}`);
  const opened = await openAll(zip, fixture('zipcrypto-other'), wrong);
  expect(opened.members.map(({ text }) => text)).toEqual(['', '']);
  expect(opened.members.map(({ fault }) => fault)).toContain(
    'encrypted: it is encrypted and no password fits, or its data is damaged',
  );
  expect((await openAll(zip, fixture('aes-infected'), ['wrong'])).members[0]?.fault).toBe(
    'encrypted: it is encrypted and no password fits',
  );
});

test('an encrypted member whose bytes were changed gives nothing under the right password', async () => {
  const places = { 'zipcrypto-infected': 27, 'aes-infected': 40 };
  for (const [name, behind] of Object.entries(places)) {
    const bytes = fixture(name);
    const place = bytes.indexOf('one.exe') + behind;
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    const { members } = await openAll(zip, bytes);
    expect(members[0]?.text).toBe('');
    expect(members[0]?.fault).toMatch(/^(encrypted|damaged): /);
    expect(members[1]).toEqual(BOTH.members[1]);
  }
});
