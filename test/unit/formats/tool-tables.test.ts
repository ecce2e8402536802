import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAll, recogniseText } from './collect.ts';
import { md5, sha1, sha256, sha512 } from './digests.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/lists/${name}`, import.meta.url));

describe('tables of well-known tools', () => {
  it.each([
    ['nsrl-file.txt', 'columns of NSRLFile.txt; header names SHA-1, MD5'],
    ['nsrl-file-old.txt', 'columns of NSRLFile.txt; header names SHA-1, MD5'],
    ['malwarebazaar.csv', 'columns of MalwareBazaar; header names sha256_hash, md5_hash, sha1_hash'],
  ])('are named: %s', (name, why) => {
    expect(readAll(fixture(name)).recognition.why).toBe(why);
  });

  it('set the digests aside that sigcheck takes over parts of a file', () => {
    const header = 'Path,Verified,Date,Publisher,MD5,SHA1,PESHA1,PE256,SHA256,IMP';
    const row = `c:\\x.exe,Signed,n/a,Acme,${md5(1)},${sha1(1)},${sha1(2)},${sha256(2)},${sha256(1)},${md5(2)}`;
    const found = readAll(`${header}\n${row}\n`);
    expect(found.recognition.why).toBe('columns of sigcheck; header names MD5, SHA1, SHA256');
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[sha256(1), sha1(1), md5(1)]]);
    expect(found.notDigests).toEqual({ pesha1: 1, pesha256: 1, imphash: 1 });
    expect(readAll(`\tPE256:\t${sha256(2)}\n\tSHA256:\t${sha256(1)}\n`, { format: 'text' }).notDigests).toEqual({
      pesha256: 1,
    });
  });
});

describe('messages of events in a table', () => {
  const message = (fields: string): string => `"Process Create:\nUtcTime: x\n${fields}"`;

  it('carry the file their hashes are of', () => {
    const hashes = (seed: number): string => `Hashes: MD5=${md5(seed)},IMPHASH=${md5(seed + 50)}`;
    const found = readAll(
      [
        'Id,Message',
        `1,${message(`Image: C:\\a.exe\n${hashes(1)}\nParentImage: C:\\p.exe`)}`,
        `7,${message(`Image: C:\\a.exe\nImageLoaded: C:\\b.dll\n${hashes(2)}`)}`,
        `23,${message(`Image: C:\\a.exe\nTargetFilename: C:\\c.txt\n${hashes(3)}`)}`,
        `5,${message('Image: C:\\a.exe')}`,
      ].join('\n'),
    );
    expect(found.recognition).toMatchObject({ format: 'csv', carriedColumns: ['Id', 'Image'] });
    expect(found.hashes.map(({ line, carried }) => [line, ...carried])).toEqual([
      [2, '1', 'C:\\a.exe'],
      [7, '7', 'C:\\b.dll'],
      [12, '23', 'C:\\c.txt'],
    ]);
    expect([found.without.length, found.counted, found.reported]).toEqual([1, 4, 4]);
  });
});

describe('certutil', () => {
  const spaced = (hex: string): string => hex.replaceAll(/(..)(?!$)/g, '$1 ');

  it('names files in any language', () => {
    expect(readAll(fixture('certutil-windows-7.txt')).hashes.map(({ carried }) => carried[0])).toEqual([
      'C:\\Ablage\\Größe (1).exe',
      'D:\\données\\a b.exe',
      'C:\\año\\x.exe',
      'C:\\perché\\y.exe',
      'C:\\Файлы\\z.exe',
      'C:\\파일\\a.exe',
      'C:\\作業\\b.exe',
      '\\\\srv\\样本\\c.exe',
      'C:\\żółw\\d.exe',
    ]);
  });

  it('is known without its closing line, when nothing else is there', () => {
    const pair = `SHA1 hash of file x.exe:\n${spaced(sha1(1))}\n`;
    expect(recogniseText(pair).format).toBe('certutil');
    expect(recogniseText(`SHA1 of the day:\n${md5(1)}\n`).format).not.toBe('certutil');
    expect(recogniseText(`SHA512 hash of x:\n${sha512(1)}\n`).format).not.toBe('certutil');
    expect(recogniseText(`${pair}more\n`).format).not.toBe('certutil');
  });
});

it('rows of Get-FileHash without headings need an algorithm that fits', () => {
  expect(recogniseText(`MD5             ${md5(1).toUpperCase()}      C:\\x\n`).format).toBe('get-filehash-table');
  expect(recogniseText(`MD5             ${sha1(1).toUpperCase()}      C:\\x\n`).format).not.toBe('get-filehash-table');
});

describe('files.log of Zeek', () => {
  const head =
    '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tfiles\n#open\t2026-01-01-00-00-00\n' +
    '#fields\tts\tfuid\tsource\tfilename\tmd5\tsha1\tsha256\textracted\n' +
    '#types\ttime\tstring\tstring\tstring\tstring\tstring\tstring\tstring\n';
  const row = (seed: number) => `1.${seed}\tF${seed}\tHTTP\ta.exe\t${md5(seed)}\t${sha1(seed)}\t${sha256(seed)}\t-\n`;
  const close = '#close\t2026-01-01-01-00-00\n';

  it('has the names of its columns behind #fields, and lines around its rows that are none', () => {
    for (const sizes of [[], [7]]) {
      const found = readAll(`${head}${row(1)}2.0\tF2\tHTTP\tb.txt\t-\t-\t-\t-\n${close}`, {}, sizes);
      expect(found.recognition.why).toBe('header names md5, sha1, sha256');
      expect(found.recognition.carriedColumns).toEqual(['ts', 'fuid', 'source', 'filename', 'extracted']);
      expect(found.hashes.map(({ digests, carried }) => [digests, carried[3]])).toEqual([
        [[sha256(1), sha1(1), md5(1)], 'a.exe'],
      ]);
      expect(found.without).toEqual([{ line: 10, reason: 'no hash in this row' }]);
      expect([found.counted, found.reported, found.otherLines]).toEqual([2, 2, 9]);
    }
  });

  it('of an hour with a single row is a list as well', () => {
    const found = readAll(`${head}${row(1)}${close}`);
    expect([found.recognition.format, found.recognition.isList, found.hashes.length]).toEqual(['tsv', true, 1]);
  });
});

describe('columns that sensors fill with zeros', () => {
  it('hold no digest there', () => {
    const rows = [1, 2].map((seed) => `a.exe,${sha256(seed)},${md5(seed)},${'0'.repeat(40)}\n`).join('');
    const found = readAll(`FileName,SHA256HashData,MD5HashData,SHA1HashData\n${rows}b.exe,,,${'0'.repeat(40)}\n`);
    expect(found.hashes.map(({ digests }) => digests)).toEqual([1, 2].map((seed) => [sha256(seed), md5(seed)]));
    expect(found.notDigests).toEqual({ 'zeros for a missing digest': 3 });
    expect(found.without).toEqual([{ line: 4, reason: 'no hash in this row' }]);
    expect(found.counted).toBe(found.reported);
  });
});
