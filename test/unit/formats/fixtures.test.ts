import { createReadStream, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRecords } from '#main/formats/read-records.ts';
import { createCollector, type Collected } from './collect.ts';

const FOLDER = new URL('../../fixtures/lists/', import.meta.url);

interface Expected {
  readonly format: string;
  readonly hashes: number;
  readonly without?: number;
  readonly rejected?: number;
  readonly other?: number;
  readonly not?: Record<string, number>;
  readonly encoding?: string;
}

/** What the tools really wrote (md5sum 9.1, openssl 3.0, hashdeep 4.4, rhash 1.4.3, dpkg 1.21, 7-Zip 26.01), and Windows tools by their documentation. */
const EXPECTED: Record<string, Expected> = {
  'cyclonedx.json': {
    format: 'json',
    hashes: 2,
    without: 1,
    not: { 'serial number': 1, sha512: 2, sha3: 2 },
  },
  'defender.json': { format: 'json', hashes: 4, without: 1, not: { identifier: 2 } },
  'edr-events.jsonl': { format: 'json', hashes: 6, without: 1, not: { identifier: 7, imphash: 3 } },
  'misp-event.json': {
    format: 'misp',
    hashes: 4,
    without: 3,
    not: { sha512: 1, 'certificate hash': 1, uuid: 1, imphash: 1 },
  },
  'openioc10.ioc': { format: 'openioc', hashes: 3, without: 2 },
  'openioc11.ioc': { format: 'openioc', hashes: 1, without: 1 },
  'cyclonedx.xml': {
    format: 'file-xml',
    hashes: 2,
    without: 1,
    not: { sha512: 1, 'hash of a tool': 1, 'reference hash': 1 },
  },
  'download.meta4': { format: 'file-xml', hashes: 2, not: { sha512: 1, 'piece hash': 2 } },
  'fciv.xml': { format: 'file-xml', hashes: 2 },
  'fiwalk.dfxml': { format: 'file-xml', hashes: 2, without: 6, not: { 'directory hash': 10 } },
  'hashdeep.dfxml': { format: 'file-xml', hashes: 2, not: { 'piece hash': 12 } },
  'hello.spdx': {
    format: 'spdx',
    hashes: 2,
    without: 1,
    other: 31,
    not: {
      'value of another tag': 2,
      'verification code': 1,
      sha512: 2,
    },
  },
  'sigtool.hdb': { format: 'clamav', hashes: 3 },
  'sigtool.hsb': { format: 'clamav', hashes: 3 },
  'sigtool.mdb': { format: 'clamav', hashes: 0, without: 5, not: { 'section hash': 5 } },
  'spdx.json': { format: 'json', hashes: 2 },
  'stix20.json': { format: 'stix', hashes: 3 },
  'stix21.json': { format: 'stix', hashes: 3, without: 1, not: { sha512: 1, ssdeep: 1, tlsh: 1 } },
  'virustotal.json': {
    format: 'json',
    hashes: 1,
    not: {
      vhash: 1,
      authentihash: 1,
      tlsh: 1,
      ssdeep: 1,
      imphash: 1,
      'section hash': 1,
      'resource hash': 1,
      'certificate hash': 3,
      'icon hash': 2,
    },
  },
  '7zip-all.txt': {
    format: 'seven-zip',
    hashes: 4,
    without: 1,
    other: 47,
    not: { crc32: 8, blake: 4, 'other algorithm': 4, sha384: 4, sha512: 4, sha3: 4, 'sum over files': 21 },
  },
  '7zip-sha256.txt': { format: 'seven-zip', hashes: 4, without: 1, other: 20, not: { 'sum over files': 3 } },
  'autoruns.csv': {
    format: 'csv',
    hashes: 3,
    without: 2,
    other: 1,
    not: { pesha1: 3, pesha256: 3, imphash: 3 },
    encoding: 'UTF-16 LE',
  },
  'broken.csv': { format: 'csv', hashes: 4, without: 2, rejected: 2, other: 1 },
  'bsd-mixed.txt': { format: 'bsd', hashes: 2, without: 2, not: { sha512: 1, blake: 1 } },
  'bsd.sha256': { format: 'bsd', hashes: 7 },
  'certutil-de.txt': { format: 'certutil', hashes: 1, other: 1 },
  'certutil-ja.txt': { format: 'certutil', hashes: 1, other: 1 },
  'certutil-old.txt': { format: 'certutil', hashes: 2, without: 1, other: 9, not: { sha512: 1 } },
  'certutil-windows-7.txt': { format: 'certutil', hashes: 9, other: 17 },
  'certutil-zh.txt': { format: 'certutil', hashes: 1, other: 1 },
  'certutil.txt': { format: 'certutil', hashes: 2, other: 2 },
  'classic-mac.txt': { format: 'list', hashes: 4 },
  'clearsigned.asc': { format: 'gnu', hashes: 7, other: 9 },
  'dpkg.md5sums': { format: 'gnu', hashes: 20 },
  'event-messages.csv': { format: 'csv', hashes: 3, other: 1, not: { imphash: 3 } },
  'events.xml': { format: 'event-xml', hashes: 3, not: { imphash: 3 } },
  'fciv.txt': { format: 'fciv', hashes: 3, other: 5 },
  'feed-with-comments.csv': { format: 'csv', hashes: 4, other: 6, not: { imphash: 4 } },
  'get-filehash-list.txt': {
    format: 'get-filehash-list',
    hashes: 2,
    without: 1,
    rejected: 1,
    other: 7,
    not: { sha384: 1 },
  },
  'get-filehash-rows.txt': { format: 'get-filehash-table', hashes: 3, other: 2 },
  'get-filehash-table.txt': {
    format: 'get-filehash-table',
    hashes: 4,
    without: 1,
    rejected: 1,
    other: 5,
    not: { sha512: 1 },
    encoding: 'UTF-16 LE',
  },
  'get-filehash.csv': {
    format: 'csv',
    hashes: 3,
    without: 1,
    rejected: 1,
    other: 2,
    not: { sha512: 1 },
    encoding: 'UTF-16 LE',
  },
  'get-winevent.txt': { format: 'event-text', hashes: 3, other: 6, not: { imphash: 3 } },
  'gnu-binary.sha256': { format: 'gnu', hashes: 7 },
  'gnu-mixed.txt': { format: 'gnu', hashes: 3 },
  'gnu.b2': { format: 'gnu', hashes: 0, rejected: 2 },
  'gnu.md5': { format: 'gnu', hashes: 7 },
  'gnu.md5.gz': { format: 'gnu', hashes: 7, encoding: 'UTF-8, gzip' },
  'gnu.sha512': { format: 'gnu', hashes: 0, rejected: 7 },
  'hashdeep-all.txt': { format: 'hashdeep', hashes: 2, other: 5, not: { tiger: 2, whirlpool: 2 } },
  // A name with a line end is written as it is: its second half is a line without a hash.
  'hashdeep.txt': { format: 'hashdeep', hashes: 7, without: 1, other: 5 },
  'headerless.csv': { format: 'csv', hashes: 5 },
  'in-release.txt': { format: 'debian-files', hashes: 12, other: 48 },
  'list-header.txt': { format: 'list', hashes: 5, other: 1 },
  'list.txt': { format: 'list', hashes: 4, without: 1, rejected: 4, other: 4, not: { 'further hash of a line': 1 } },
  'malwarebazaar-sha256.txt': { format: 'list', hashes: 4, other: 3 },
  'malwarebazaar.csv': { format: 'csv', hashes: 4, other: 10, not: { imphash: 4, ssdeep: 4, tlsh: 4 } },
  'markdown.md': { format: 'markdown', hashes: 5, without: 6, other: 8, not: { imphash: 4 } },
  'md5deep.txt': { format: 'gnu', hashes: 6 },
  'nsrl-file-old.txt': { format: 'csv', hashes: 4, other: 1, not: { md4: 4, crc32: 4 } },
  'nsrl-file.txt': { format: 'csv', hashes: 4, other: 1, not: { crc32: 4 } },
  'openssl-mixed.txt': { format: 'openssl', hashes: 5, without: 2, not: { hmac: 1, sha3: 1 } },
  'openssl-r.sha1': { format: 'gnu', hashes: 2 },
  'openssl.sha256': { format: 'openssl', hashes: 6 },
  'page.html': { format: 'html', hashes: 7, without: 3, not: { authentihash: 2 } },
  'package-index.txt': { format: 'package-index', hashes: 4, other: 4, not: { 'description-md5': 4 } },
  'pasted.txt': {
    format: 'text',
    hashes: 6,
    without: 9,
    other: 1,
    not: {
      imphash: 1,
      authentihash: 1,
      vhash: 1,
      tlsh: 1,
      'description-md5': 1,
      uuid: 2,
      sha512: 1,
      'longer hex run': 1,
    },
  },
  'rhash-all.txt': {
    format: 'rhash',
    hashes: 2,
    not: { crc32: 4, 'other algorithm': 28, tiger: 4, sha512: 12, sha224: 4, sha384: 4 },
  },
  'rhash-bsd.txt': { format: 'bsd', hashes: 4, without: 2, not: { crc32: 2 } },
  'rhash-md5.sfv': { format: 'rhash', hashes: 3, other: 6, not: { crc32: 3 } },
  'rhash-multi.txt': { format: 'rhash', hashes: 4 },
  'rhash-simple.sha256': { format: 'gnu', hashes: 3 },
  'rhash.sfv': { format: 'rhash', hashes: 0, without: 3, other: 6, not: { crc32: 3 } },
  'semicolons.csv': { format: 'ssv', hashes: 4, other: 1, encoding: 'UTF-8 with BOM' },
  'sysmon.csv': { format: 'csv', hashes: 3, other: 1, not: { imphash: 3 } },
  'sources-index.txt': { format: 'debian-files', hashes: 3, other: 14 },
  'tabs.tsv': {
    format: 'tsv',
    hashes: 4,
    other: 1,
    not: { imphash: 4, vhash: 4, ssdeep: 4, pesha256: 4, 'signature hash': 4, uuid: 4 },
  },
  'tiny.buildinfo': { format: 'debian-files', hashes: 2, other: 26 },
  'tiny.changes': { format: 'debian-files', hashes: 5, other: 19 },
  'tiny.dsc': { format: 'debian-files', hashes: 2, other: 12 },
  'utf16-be.txt': { format: 'gnu', hashes: 4, encoding: 'UTF-16 BE' },
  'utf16-no-bom.txt': { format: 'list', hashes: 4, encoding: 'UTF-16 LE' },
  'wevtutil.txt': { format: 'event-text', hashes: 3, other: 3, not: { imphash: 3 } },
};

async function read(
  name: string,
): Promise<Collected & { format: string; isList: boolean; records: number; encoding: string }> {
  const { sink, found } = createCollector();
  const stream = createReadStream(new URL(name, FOLDER), { highWaterMark: 777 });
  const { recognition, records, decoding } = await readRecords(stream, {}, () => sink);
  return { ...found, format: recognition.format, isList: recognition.isList, records, encoding: decoding.encoding };
}

describe('sample outputs', () => {
  it('are all described here', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(readdirSync(FOLDER).sort());
  });

  it.each(Object.entries(EXPECTED))('%s', async (name, expected) => {
    const found = await read(name);
    expect({
      format: found.format,
      hashes: found.hashes.length,
      without: found.without.length,
      rejected: found.rejected.length,
      other: found.otherLines,
      not: found.notDigests,
      encoding: found.encoding,
    }).toEqual({ without: 0, rejected: 0, other: 0, not: {}, encoding: 'UTF-8', ...expected });
    expect(found.isList).toBe(true);
    expect(found.records).toBe(found.hashes.length + found.without.length + found.rejected.length);
  });
});

describe('names', () => {
  const HOME = ['back\\slash', 'd41d8cd98f00b204e9800998ecf8427e.exe', 'empty.bin', 'grüße, welt).txt', 'hello.txt'];

  it.each(['gnu.md5', 'gnu-binary.sha256', 'bsd.sha256'])('are unescaped in %s', async (name) => {
    const { hashes } = await read(name);
    expect(hashes.map(({ carried }) => carried[0])).toEqual([...HOME, 'new\nline.txt', 'with space.txt']);
  });

  it('keep commas and brackets in hashdeep and OpenSSL output', async () => {
    expect((await read('hashdeep.txt')).hashes[0]?.carried).toEqual(['1', '/tmp/h1/files/grüße, welt).txt']);
    expect((await read('openssl.sha256')).hashes[3]?.carried).toEqual(['grüße, welt).txt']);
  });

  it('are taken out of localized certutil headers', async () => {
    const names = await Promise.all(
      ['certutil.txt', 'certutil-old.txt', 'certutil-de.txt', 'certutil-ja.txt', 'certutil-zh.txt'].map(read),
    );
    expect(names.map(({ hashes }) => hashes[0]?.carried[0])).toEqual([
      'C:\\Users\\analyst\\setup file.exe',
      'C:\\old\\setup.exe',
      'C:\\Ablage\\Prüfung.exe',
      'setup.exe',
      'C:\\样本\\a.exe',
    ]);
  });

  it('go on over wrapped lines of PowerShell', async () => {
    expect((await read('get-filehash-table.txt')).hashes.at(-1)?.carried).toEqual([
      'MD5',
      'C:\\Users\\analyst\\AppData\\Local\\Temp\\long name.exe',
    ]);
    expect((await read('get-filehash-list.txt')).hashes[0]?.carried[1]).toMatch(/on and on\\and on\\setup\.exe$/);
  });
});
