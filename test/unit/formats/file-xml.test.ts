import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAll, recogniseText } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/lists/${name}`, import.meta.url));
const read = (input: string | Buffer, format = 'file-xml') => {
  const found = readAll(typeof input === 'string' ? input : Buffer.from(input));
  expect(found.recognition).toMatchObject({ format, isList: true });
  expect(found.counted).toBe(found.reported);
  const { recognition: _, ...whole } = found;
  const { recognition: __, ...cut } = readAll(input, {}, [1, 7, 300]);
  expect(cut).toEqual(whole);
  return found;
};
const lengthsOf = (name: string) =>
  read(fixture(name)).hashes.map(({ digests, carried }) => [digests.map(({ length }) => length), ...carried]);
const dfxml = (...files: string[]): string => `<dfxml>\n${files.join('\n')}\n</dfxml>\n`;
const digest = (type: string, value: string): string => `<hashdigest type='${type}'>${value}</hashdigest>`;

describe('XML that lists files', () => {
  it('reads what hashdeep wrote; digests of pieces are none of the file', () => {
    expect(lengthsOf('hashdeep.dfxml')).toEqual([
      [[64, 40, 32], 'a & b.txt', '2'],
      [[64, 40, 32], 'b', '2'],
    ]);
    const found = read(fixture('hashdeep.dfxml'));
    expect(found.recognition.why).toBe('elements of DFXML');
    expect(found.notDigests).toEqual({ 'piece hash': 12 });
    expect(found.hashes[1]?.digests[2]).toBe('3b5d5c3712955042212316173ccf37be');
    const lines = fixture('hashdeep.dfxml').toString().split('\n');
    const [first] = found.hashes;
    expect(lines[(first?.line ?? 0) - 1]?.slice((first?.column ?? 0) - 1)).toMatch(/^[0-9a-f]{32}<\/hashdigest>/);
  });

  it('reads what fiwalk wrote; directories are no files', () => {
    const found = read(fixture('fiwalk.dfxml'));
    expect(found.hashes.map(({ carried }) => carried.join(' '))).toEqual(['a & b.txt 2', 'b 2']);
    expect(found.without.filter(({ reason }) => reason === 'a directory').length).toBeGreaterThan(1);
    expect(found.notDigests['directory hash']).toBeGreaterThan(1);
  });

  it('reads base64 of FCIV', () => {
    const found = read(fixture('fciv.xml'));
    expect(found.hashes.map(({ digests, carried }) => [...digests, carried[0]])).toEqual([
      ['86f7e437faa5a7fce15d1ddcb9eaeaea377667b8', '0cc175b9c0f1b6a831c399e269772661', 'c:\\windows\\notepad.exe'],
      ['92eb5ffee6ae2fec3ad71c777531578f', 'c:\\users\\a & b\\c.dll'],
    ]);
  });

  it('gives every component of CycloneDX its own digests', () => {
    const found = read(fixture('cyclonedx.xml'));
    expect(found.hashes.map(({ digests, carried }) => [digests.length, ...carried])).toEqual([
      [1, 'inner.so', ''],
      [3, 'alpha', ''],
    ]);
    expect(found.without).toEqual([{ line: 5, reason: 'no hash of this file' }]);
    expect(found.notDigests).toEqual({ sha512: 1, 'hash of a tool': 1, 'reference hash': 1 });
  });

  it('reads Metalink; digests of pieces are none of the file', () => {
    expect(lengthsOf('download.meta4')).toEqual([
      [[64, 32], 'example.ext', '14471447'],
      [[64], 'example2.ext', ''],
    ]);
    expect(read(fixture('download.meta4')).notDigests).toEqual({ sha512: 1, 'piece hash': 2 });
  });

  it('says what is damaged, of another length, or twice there', () => {
    const found = read(
      dfxml(
        `<fileobject><filename>a</filename>${digest('md5', md5(1).slice(1))}</fileobject>`,
        `<fileobject><filename>b</filename>${digest('sha256', md5(2))}</fileobject>`,
        `<fileobject><filename>c</filename>${digest('md5', md5(3))}${digest('sha1', 'oops')}</fileobject>`,
        `<fileobject><filename>d</filename>${digest('md5', md5(4))}${digest('md5', md5(5))}${digest('md5', md5(4).toUpperCase())}</fileobject>`,
        `<fileobject><filename>e</filename>${digest('crc32', '12345678')}</fileobject>`,
        `<note>${sha1(6)}</note>${digest('sha1', sha1(7))}`,
      ),
    );
    expect(found.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [2, '31 hex digits; MD5 has 32, SHA-1 40, SHA-256 64'],
      [3, 'SHA-256 is named, but the hash has the length of MD5'],
    ]);
    expect(found.hashes.map(({ digests, carried }) => [digests, carried[0]])).toEqual([
      [[md5(3)], 'c'],
      [[md5(4)], 'd'],
      [[md5(5)], 'd'],
    ]);
    expect(found.another).toBe(1);
    expect(found.without.map(({ line }) => line)).toEqual([6]);
    expect(found.notDigests).toEqual({ crc32: 1, 'damaged digest beside a good one': 1, 'hash outside a file': 2 });
  });

  it('takes no base64 for a digest whose last bits are something else', () => {
    const value = Buffer.from(md5(1), 'hex').toString('base64');
    const other = `${value.slice(0, 21)}${value.charAt(21) === 'w' ? 'x' : 'B'}==`;
    const entry = (text: string): string => `<FILE_ENTRY><name>a</name><MD5>${text}</MD5></FILE_ENTRY>`;
    const found = read(`<FCIV>${entry(value)}${entry(other)}${entry(md5(2))}</FCIV>`);
    expect(found.hashes.map(({ digests }) => digests[0])).toEqual([md5(1), md5(2)]);
    expect(found.rejected).toHaveLength(1);
  });

  it('keeps what came before a cut, expands no entity and holds few digests of one file', () => {
    const file = `<fileobject><filename>a</filename>${digest('sha256', sha256(1))}</fileobject>`;
    const cut = read(`<dfxml>${file}<fileobject><filename>b</filename>${digest('sha256', sha256(2))}<mtime>`);
    expect(cut.hashes.map(({ carried }) => carried[0])).toEqual(['a', 'b']);
    expect(cut.faults).toEqual(['The XML is cut off in line 1. What came before is kept.']);
    const entity = readAll(
      `<!DOCTYPE dfxml [<!ENTITY x "${sha1(1)}">]>${dfxml(file, '<fileobject>&x;</fileobject>')}`,
      {
        format: 'file-xml',
      },
    );
    expect(entity.hashes).toHaveLength(1);
    expect(entity.faults).toHaveLength(1);
    const many = Array.from({ length: 100 }, (_, index) => digest('sha1', sha1(index))).join('');
    const full = read(dfxml(`<fileobject>${many}</fileobject>`));
    expect([full.hashes.length, full.notDigests]).toEqual([64, { 'further hash of a file': 36 }]);
  });

  it('leaves other documents alone', () => {
    expect(recogniseText(`<html><p>${md5(1)}</p></html>`).format).not.toBe('file-xml');
    expect(recogniseText(`<bom><component><hash alg="MD5">${md5(1)}</hash></component></bom>`).format).not.toBe(
      'file-xml',
    );
    expect(recogniseText(`<!-- <dfxml> --><a>${md5(1)}</a>`).format).not.toBe('file-xml');
    expect(recogniseText('<dfxml><fileobject/></dfxml>').format).not.toBe('file-xml');
  });
});
