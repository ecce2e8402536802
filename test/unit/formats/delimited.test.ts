import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadWork } from '#test/unit/thread-work.ts';
import { readAll, recogniseText } from './collect.ts';
import { md5, sha1, sha256, sha512 } from './digests.ts';

const rows = (...lines: string[]): string => `${lines.join('\n')}\n`;
const columnsOf = (text: string): readonly string[] => recogniseText(text).digestColumns;

describe('columns', () => {
  it('are chosen by header and content', () => {
    const row = (seed: number): string => [md5(seed), sha1(seed), sha256(seed), 'x'].join(',');
    for (const [header, expected] of [
      ['MD5,SHA-1,SHA256 Digest,name', ['MD5', 'SHA-1', 'SHA256 Digest']],
      ['md5_hash,sha1_hash,sha256_hash,n', ['md5_hash', 'sha1_hash', 'sha256_hash']],
      ['FileMd5,file.hash.sha1,InitiatingProcessSHA256,n', ['FileMd5', 'file.hash.sha1']],
      ['InitiatingProcessSHA1,MD5 sum,InitiatingProcessSHA256,n', ['MD5 sum']],
      ['process.hash.md5,file.hash.sha1,process.hash.sha256,n', ['file.hash.sha1']],
      ['MD5 of it,SHA1 of the file,vt sha256,n', ['MD5 of it', 'SHA1 of the file', 'vt sha256']],
      ['event.hash,tls.client.hash.sha1,process.pe.imphash,n', []],
      ['imphash,PESHA1,PESHA256,n', []],
      ['IMPHASH,Thumbprint,sha256,n', ['sha256']],
      ['vhash,signature hash,authentihash,n', []],
      ['uuid,pe-sha1,File Hash,n', ['File Hash']],
      ['a,b,c,d', ['a', 'b', 'c']],
    ] as const) {
      expect(columnsOf(rows(header, row(1), row(2))), header).toEqual(expected);
    }
  });

  it('named for another file of the row are carried, and the reason says so', () => {
    const found = readAll(
      rows('name,parent_sha256,sha256', `a,${sha256(1)},${sha256(2)}`, `b,${sha256(3)},${sha256(4)}`),
    );
    expect(found.recognition.why).toBe('header names sha256; parent_sha256 carried only');
    expect(found.hashes.map(({ digests, carried }) => [...digests, ...carried])).toEqual([
      [sha256(2), 'a', sha256(1)],
      [sha256(4), 'b', sha256(3)],
    ]);
  });

  it('are chosen by content alone without a header', () => {
    const found = readAll(rows(`1;${sha256(1)};x`, `2;${sha256(2)};y`, '3;-;z'));
    expect(found.recognition).toMatchObject({
      format: 'ssv',
      digestColumns: ['column 2'],
      carriedColumns: ['column 1', 'column 3'],
    });
    expect([found.hashes.length, found.without.length]).toEqual([2, 1]);
  });

  it('can be asked for by name or number', () => {
    const text = rows('name,parent_sha256,sha256', `a,${sha256(1)},${sha256(2)}`);
    expect(readAll(text, { digestColumns: ['Parent SHA256'] }).hashes[0]?.digests).toEqual([sha256(1)]);
    expect(readAll(text, { digestColumns: ['2'] }).hashes[0]?.digests).toEqual([sha256(1)]);
    const both = readAll(text, { digestColumns: ['3', '2'] });
    expect(both.hashes.map(({ line, digests, carried }) => [line, digests, carried])).toEqual([
      [2, [sha256(2)], ['a']],
      [2, [sha256(1)], ['a']],
    ]);
    expect([both.notDigests, both.another, both.counted]).toEqual([{}, 1, 1]);
    expect(() => recogniseText(text, { digestColumns: ['nope'] })).toThrow(
      /No column is named “nope”.*name, parent_sha256/,
    );
  });

  it('with an algorithm beside them obey it', () => {
    const found = readAll(
      rows(
        'Path,Hash,Algorithm',
        `a,${sha256(1)},SHA256`,
        `b,${sha512(2)},SHA512`,
        `c,${sha256(3)},SHA3-256`,
        `d,${sha1(4)},md5`,
      ),
    );
    expect(found.hashes.map(({ line }) => line)).toEqual([2]);
    expect(found.without.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'SHA512 is not looked up'],
      [4, 'SHA3-256 is not looked up'],
    ]);
    expect(found.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [5, 'MD5 is named, but the hash has the length of SHA-1'],
    ]);
  });
});

describe('rows', () => {
  it('hold a digest behind the name of its file, as MISP exports attributes', () => {
    const found = readAll(
      `uuid,type,value\n1,filename|md5,"a.exe|${md5(1)}"\n2,sha256,${sha256(2)}\n3,filename|imphash,b|${md5(3)}\n4,link,x|y\n`,
    );
    expect(found.hashes.map(({ line, digests }) => [line, ...digests])).toEqual([
      [2, md5(1)],
      [3, sha256(2)],
    ]);
    expect(found.counted).toBe(found.reported);
  });

  it('hold several digests of one file and carry everything else', () => {
    const found = readAll(rows('path,md5,size,sha256', `"a, ""b""",${md5(1)},5,${sha256(1)}`, `c,,6,${sha256(2)},x,y`));
    expect(found.hashes).toEqual([
      { line: 2, column: 12, digests: [sha256(1), md5(1)], carried: ['a, "b"', '5'] },
      { line: 3, column: 6, digests: [sha256(2)], carried: ['c', '6,x,y'] },
    ]);
  });

  it('with a damaged digest are rejected, with empty ones they are without', () => {
    const found = readAll(
      rows('n,sha256', `a,${sha256(1)}`, `b,${sha256(2).slice(1)}`, 'c,', 'd,N/A', 'e,what', 'f', 'n,sha256'),
    );
    expect(found.rejected.map(({ line, column, reason }) => [line, column, reason])).toEqual([
      [3, 3, '63 hex digits; MD5 has 32, SHA-1 40, SHA-256 64'],
      [6, 3, '“what” is not a hash'],
    ]);
    expect(found.without.map(({ line, reason }) => [line, reason])).toEqual([
      [4, 'no hash in this row'],
      [5, 'no hash in this row'],
      [7, 'no hash in this row'],
      [8, 'the header again'],
    ]);
  });

  it('keep a good digest beside a damaged one and count the damage', () => {
    const found = readAll(rows('md5,sha1', `${md5(1)},${sha1(1)}`, `${md5(2)},${sha1(2).slice(2)}`));
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[sha1(1), md5(1)], [md5(2)]]);
    expect(found.notDigests).toEqual({ 'damaged digest beside a good one': 1 });
  });

  it('go over line ends inside quotes', () => {
    const found = readAll(rows('note,sha256', `"one\r\ntwo, ""x""\n",${sha256(1)}`, `three,${sha256(2)}`));
    expect(found.hashes.map(({ line, carried }) => [line, carried[0]])).toEqual([
      [2, 'one\r\ntwo, "x"\n'],
      [5, 'three'],
    ]);
  });

  it('survive a quote that is never closed: nothing is lost and its line is named', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `${sha256(index)},${index === 9 ? '"open' : 'x'}`);
    const found = readAll(rows('sha256,note', ...lines));
    expect(found.hashes.map(({ line }) => line)).toEqual(lines.map((_, index) => index + 2));
    expect(found.faults).toEqual([
      'A quote that opens in line 11 is never closed; the lines after it were read as one row each.',
    ]);
    expect(found.counted).toBe(30);
  });

  it('of more columns than any spreadsheet has are free text, recognised at once', async () => {
    const text = rows(`${'a,'.repeat(100_000)}${sha256(1)}`, `${'b,'.repeat(20_000)}${sha256(2)}`);
    expect(await threadWork(() => readAll(text))).toBeLessThan(1_000);
    const found = readAll(text);
    expect(found.recognition.format).toBe('text');
    expect(found.hashes.map(({ digests }) => digests[0])).toEqual([sha256(1), sha256(2)]);
  });

  it('with a digest cell full of marks take no longer than others', async () => {
    const marks = `x${"'".repeat(900_000)}x`;
    const lines = Array.from({ length: 11 }, () => `${marks},y`);
    const text = rows('sha256,note', `'${sha256(1)}\`',z`, ...lines);
    expect(await threadWork(() => readAll(text, { format: 'csv' }))).toBeLessThan(2_000);
    const found = readAll(text, { format: 'csv' });
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[sha256(1)]]);
    expect(found.rejected.length).toBe(11);
  });

  it('survive stray quotes in front of a cell', () => {
    const found = readAll(rows('sha256,size', `${sha256(1)},"5.25" floppy`, `${sha256(2)},"3.5`, `${sha256(3)},"8" x`));
    expect(found.hashes.map(({ line, carried }) => [line, carried[0]])).toEqual([
      [2, '"5.25" floppy'],
      [3, '"3.5'],
      [4, '"8" x'],
    ]);
    expect(found.faults).toEqual([]);
  });

  it('behind titles and comments start at the header', () => {
    const found = readAll(
      rows('Report of today', '', '# made by hand', 'name,sha256,x', `a,${sha256(1)},1`, `b,${sha256(2)},2`),
    );
    expect([found.hashes.length, found.otherLines, found.reported]).toEqual([2, 4, 2]);
  });

  it('behind titles that spreadsheets fill up to the width of the table, start at the header', () => {
    const table = ['name,sha256,x', `a,${sha256(1)},1`, `b,${sha256(2)},2`];
    const found = readAll(rows('"Incident 4711, indicators",,', ',,', 'As of today,,', ...table));
    expect(found.recognition.digestColumns).toEqual(['sha256']);
    expect([found.hashes.length, found.without.length, found.reported, found.counted]).toEqual([2, 0, 2, 2]);
  });

  it('keep a first row with one value when no header follows, and a header with one name', () => {
    const first = readAll(rows(`${sha256(1)},,`, `${sha256(2)},a,b`, `${sha256(3)},c,d`));
    expect(first.hashes).toHaveLength(3);
    const named = readAll(rows('sha256,,', `${sha256(2)},a,b`, `${sha256(3)},c,sha256`));
    expect([named.hashes.length, named.recognition.digestColumns]).toEqual([2, ['sha256']]);
  });
});

describe('against csv-parse', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', 'é', ' ', ',', '"', '\n', '\r\n', ';', '#', '0'),
    maxLength: 8,
  });
  const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;

  it('cuts well-formed rows the same way', () => {
    const row = fc.tuple(cell, cell, fc.integer({ min: 0, max: 50 }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 30 }), (data, size) => {
        const text = `first,second,sha256\n${data
          .map(([first, second, seed]) => `${quoted(first)},${quoted(second)},${sha256(seed)}`)
          .join('\n')}\n`;
        const oracle: string[][] = parse(text, { from: 2 });
        const found = readAll(text, { format: 'csv' }, [size]);
        expect(found.hashes.map(({ digests, carried }) => [...carried, ...digests])).toEqual(oracle);
        expect(found.counted).toBe(oracle.length);
      }),
      { numRuns: 500 },
    );
  });
});
