import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { expect, test } from 'vitest';
import { zip } from '#main/formats/containers/zip/zip.ts';
import { memorySource, openAll } from '../opened.ts';
import { buildZip } from './build-zip.ts';

const TEXT = Buffer.from('what is in it');

test('what the headers say of size or checksum and is not so is damage', async () => {
  const { members } = await openAll(
    zip,
    buildZip([
      { name: 'sum', data: TEXT, says: { crc: 1 } },
      { name: 'small', data: TEXT, method: 8, says: { size: 3 } },
      { name: 'large', data: TEXT, method: 8, says: { size: 4_000_000_000 } },
      { name: 'stored', data: TEXT, says: { size: 5 } },
      { name: 'cut', data: TEXT, method: 8, packed: deflateRawSync(TEXT).subarray(0, 6) },
      { name: 'noise', data: TEXT, method: 8, packed: Buffer.alloc(12, 0xff) },
      { name: 'sound', data: TEXT, method: 8 },
    ]),
  );
  expect(members.map(({ name, fault }) => [name, fault])).toEqual([
    ['sum', 'damaged: its checksum does not fit its content'],
    ['small', 'damaged: it unpacks to another size than the archive says'],
    ['large', 'damaged: it unpacks to another size than the archive says'],
    ['stored', 'damaged: it unpacks to another size than the archive says'],
    ['cut', 'damaged: its packed data is damaged'],
    ['noise', 'damaged: its packed data is damaged'],
    ['sound', null],
  ]);
});

test('data that lies outside, and members that share their bytes, are refused', async () => {
  const shared = { name: 'kernel', data: Buffer.alloc(10_000), method: 8 } as const;
  const { members } = await openAll(
    zip,
    buildZip([
      shared,
      { ...shared, name: 'again', placeOf: 0 },
      { name: 'far', data: TEXT, says: { packed: 1_000_000, size: 1_000_000 } },
    ]),
  );
  expect(members.map(({ fault }) => fault)).toEqual([
    null,
    'damaged: it shares its bytes with another member',
    'damaged: its data would lie outside the archive',
  ]);
});

test('a member of many pieces is checked like a small one', async () => {
  const data = randomBytes(700_000);
  const packed = deflateRawSync(data);
  const broken = Buffer.from(packed);
  broken.fill(0xff, 400_000, 400_064);
  const { members } = await openAll(
    zip,
    buildZip([
      { name: 'sound', data, method: 8 },
      { name: 'stored', data },
      { name: 'small', data, method: 8, says: { size: 300_000 } },
      { name: 'large', data, method: 8, says: { size: 800_000 } },
      { name: 'broken', data, method: 8, packed: broken },
      { name: 'cut', data, method: 8, packed: packed.subarray(0, 500_000) },
    ]),
  );
  expect(members.map(({ name, fault }) => `${name} ${fault ?? ''}`)).toEqual([
    'sound ',
    'stored ',
    'small damaged: it unpacks to another size than the archive says',
    'large damaged: it unpacks to another size than the archive says',
    expect.stringMatching(/^broken damaged: its (packed data is damaged|checksum does not fit its content)$/),
    'cut damaged: its packed data is damaged',
  ]);
});

test.each([undefined, 'infected'])(
  'given up in the middle, the next member is read (password %s)',
  async (password) => {
    const data = randomBytes(2_000_000);
    const writer = new ZipWriter(new Uint8ArrayWriter(), {
      useWebWorkers: false,
      ...(password === undefined ? {} : { password }),
    });
    await writer.add('large', new Uint8ArrayReader(data));
    await writer.add('next', new Uint8ArrayReader(TEXT));
    const bytes = await writer.close();
    const came: string[] = [];
    const options = { passwords: ['infected'], signal: new AbortController().signal };
    for await (const finding of zip.open(memorySource(bytes), options)) {
      for await (const chunk of finding.kind === 'member' ? finding.content : []) {
        came.push(`${finding.name} ${chunk.length < data.length}`);
        break;
      }
    }
    expect(came).toEqual(['large true', 'next true']);
  },
);

test('devices and folders with content are refused', async () => {
  const { members, refused } = await openAll(
    zip,
    buildZip([
      { name: 'device', data: TEXT, unixMode: 0o020644 },
      { name: 'hidden/', data: TEXT },
      { name: 'folder/', data: Buffer.alloc(0) },
    ]),
  );
  expect(members).toEqual([]);
  expect(refused.map(({ name, why }) => `${name} ${why}`)).toEqual(['device no-file', 'hidden/ damaged']);
});

test('cut off anywhere, an archive says so, and what came before is read by the headers of its members', async () => {
  const text = TEXT.toString();
  const whole = buildZip([
    { name: 'a', data: TEXT },
    { name: 'folder/', data: Buffer.alloc(0) },
    { name: 'b', data: TEXT, method: 8 },
  ]);
  const first = 30 + 1 + TEXT.length;
  const directory = whole.indexOf('PK\x01\x02');
  for (let length = 0; length < whole.length; length += 1) {
    const { members, refused, fault } = await openAll(zip, whole.subarray(0, length));
    expect([fault?.startsWith('damaged: its '), refused]).toEqual([true, []]);
    const good = members.filter((member) => member.fault === null);
    // The last bits of deflated data may say nothing any more: its checksum tells that it is whole.
    const least = length < first ? 0 : length < directory ? 1 : 2;
    expect(good.length).toBeGreaterThanOrEqual(least);
    expect(good).toEqual(['a', 'b'].slice(0, good.length).map((name) => ({ name, text, fault: null })));
    expect(members.every((member) => member.fault === null || member.fault.startsWith('damaged: it'))).toBe(true);
  }
});

test('without its list, an archive refuses what only that would have told how to read', async () => {
  for (const [flags, reason] of [
    [1, 'it is encrypted, and is not opened without the list of members'],
    [8, 'only the list of members would tell where it ends'],
  ] as const) {
    const whole = buildZip([
      { name: 'a', data: TEXT },
      { name: 'b', data: TEXT, flags },
    ]);
    const { members, refused } = await openAll(zip, whole.subarray(0, whole.indexOf('PK\x01\x02')));
    expect(members).toEqual([{ name: 'a', text: TEXT.toString(), fault: null }]);
    expect(refused).toEqual([{ name: 'b', why: 'damaged', reason }]);
  }
});

test('with any byte changed, what comes out without a fault is what was packed', async () => {
  const bytes = readFileSync(fileURLToPath(new URL('../../../../fixtures/archives/zip/streamed.zip', import.meta.url)));
  const sound = new Set((await openAll(zip, bytes)).members.map(({ text }) => text));
  for (let place = 0; place < bytes.length; place += 1) {
    for (const bit of [1, 0x40, 0xff]) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ bit;
      for (const { text, fault } of (await openAll(zip, changed)).members) {
        expect(fault !== null || sound.has(text) || text === '').toBe(true);
      }
    }
  }
});
