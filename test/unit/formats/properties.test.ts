import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '#main/formats/registry.ts';
import { readAll } from './collect.ts';
import { md5, sha1, sha256, sha512 } from './digests.ts';

const LINE_FORMATS = ['list', 'gnu', 'bsd', 'openssl', 'hashdeep', 'rhash', 'fciv', 'clamav', 'seven-zip'];

const seed = fc.integer({ min: 0, max: 9 });
const digest = fc.oneof(
  seed.map((value) => sha256(value)),
  seed.map((value) => sha1(value)),
  seed.map((value) => md5(value).toUpperCase()),
  fc.constantFrom(sha512(1), md5(1).slice(1), `${sha256(1)}0`, `${md5(2).slice(0, 31)}g`, `g${md5(3).slice(1)}`),
);
/** What lists are made of, and what breaks readers of them. */
const piece = fc.oneof(
  { weight: 5, arbitrary: digest },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '\n',
      '\r\n',
      '\r',
      ' ',
      '  ',
      '\t',
      ',',
      ',',
      ';',
      '|',
      '"',
      '"',
      '""',
      '"""',
      "'",
      '\\',
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '# ',
      '; ',
      '//',
      'imphash: ',
      'IMPHASH=',
      'uuid ',
      'T1',
      'cs1=',
      ' cs1Label=imphash',
      '0x',
      'x',
      '#',
      '        ',
      '：',
      'é',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
);
const scrap = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
/** Whole lines of every format, with something else in place of a part now and then. */
const shaped = fc
  .tuple(fc.oneof({ weight: 5, arbitrary: digest }, { weight: 1, arbitrary: scrap }), scrap)
  .chain(([value, other]) =>
    fc.constantFrom(
      `${value}  ${other}`,
      `\\${value} *${other}`,
      `SHA256 (${other}) = ${value}`,
      `SHA2-256(${other})= ${value}`,
      `1,${value},${value},${other}`,
      '%%%% HASHDEEP-1.0',
      '%%%% size,sha1,filename',
      `name ${value} ${value}`,
      `a  ${value}  12345678`,
      `MD5 hash of ${other}:`,
      'SHA512 ：',
      'CertUtil: -hashfile command completed successfully.',
      'C:\\> certutil -hashfile x',
      'Algorithm       Hash      Path',
      '---------       ----      ----',
      `SHA256    ${value}    ${other}`,
      `        ${other}`,
      `Algorithm : ${other}`,
      `Hash      : ${value}`,
      'Path : x',
      'PS C:\\> x',
      `Package: ${other}`,
      `SHA256: ${value}`,
      `MD5sum: ${value}`,
      'Event[1]:',
      `Hashes: MD5=${value},SHA1=${value}`,
      'UtcTime: x',
      `<Event a='b'><Data Name='Hashes'>MD5=${value}</Data>`,
      '</Event>',
      'MD5 SHA256      Size  Name',
      '-------- --------  ---------',
      `${value}  5 ${other}`,
      '| file | SHA256 | imphash |',
      '|:---|---|--:|',
      `| ${other} | \`${value}\` | ${value} |`,
      `<table><tr><th>name<th>MD5</tr><tr><td>${other}<td>${value}</td></tr>`,
      `<p class="${value}">${value.slice(0, 9)}&shy;${value.slice(9)}<!-- ${other} -->`,
      `<script>"${value}</script>${other}</table>`,
      '<assay-report>',
      `<tr><td>${other}<th><p><assay-hash>${value}</assay-hash> <assay-hash>${other}`,
      '</assay-report>',
      'Checksums-Sha256:',
      'Files:',
      `SHA512: ${value}`,
      ` ${value} 12 misc optional ${other}`,
      ` ${value} 12 a.dsc`,
      ` ${value} 12`,
      'sha256,md5,imphash,name',
      `"${other}","${value}",${other}`,
      `"${value}",x,"${other}`,
      `${other}",${value}`,
      `x\t${value}\t"${other}"`,
      `x;"${value}";`,
      '-----BEGIN PGP SIGNED MESSAGE-----',
      '-----BEGIN PGP SIGNATURE-----',
      '-----END PGP SIGNATURE-----',
      `imphash: ${value} sha1=${value}`,
      `MD5=${md5(1)},SHA256=${value},IMPHASH=${md5(2)}`,
      `${'wide '.repeat(9)}${value.slice(0, 60)}`,
      `SHA256: ${value.slice(0, 32)}`,
      `${value.slice(0, 20)}=`,
      value.slice(20),
      value.slice(60),
      `MD5: ${value.replaceAll(/(..)(?!$)/g, '$1 ')}`,
      `${value.slice(0, 9)}\u200b${value.slice(9)}\u00ad`,
      '123e4567-e89b-12d3-a456-426614174000',
    ),
  );
const line = fc.oneof(
  { weight: 8, arbitrary: shaped },
  { weight: 2, arbitrary: scrap },
  { weight: 2, arbitrary: digest },
  { weight: 1, arbitrary: fc.constantFrom('', '', ' ', '\t') },
);
const text = fc
  .tuple(fc.array(line, { maxLength: 14 }), fc.constantFrom('\n', '\r\n', '\r'), fc.boolean())
  .map(([lines, end, isClosed]) => Buffer.from(lines.join(end) + (isClosed ? end : '')));
const bytes = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)) },
  {
    weight: 1,
    arbitrary: fc.tuple(text, fc.uint8Array({ maxLength: 30 }), text).map((parts) => Buffer.concat(parts)),
  },
);
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const format = fc.constantFrom(undefined, ...FORMATS.map(({ id }) => id));
const options = (id: string | undefined): { format?: string } => (id === undefined ? {} : { format: id });

describe('every format', () => {
  it('reads the same whatever the chunks are', () => {
    fc.assert(
      fc.property(bytes, sizes, format, (input, cuts, id) => {
        const { recognition: _, ...whole } = readAll(input, options(id));
        const { recognition: __, ...cut } = readAll(input, options(id), cuts);
        expect(cut).toEqual(whole);
      }),
      { numRuns: 1500 },
    );
  });

  it('reports as many records as the independent count finds', () => {
    fc.assert(
      fc.property(bytes, sizes, format, (input, cuts, id) => {
        const { reported, counted } = readAll(input, options(id), cuts);
        expect(reported).toBe(counted);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('formats with one record per line', () => {
  it('account for every line', () => {
    fc.assert(
      fc.property(bytes, fc.constantFrom(...LINE_FORMATS), (input, id) => {
        const { reported, otherLines } = readAll(input, { format: id });
        expect(reported + otherLines).toBe(linesIn(input));
      }),
      { numRuns: 1000 },
    );
  });
});

/** Lines as a person counts them; a lone carriage return ends one only where there is no line feed at all. */
function linesIn(input: Buffer): number {
  const content = input.toString('latin1');
  const lines = content.includes('\n') ? content.split('\n') : content.split('\r');
  return lines.at(-1) === '' ? lines.length - 1 : lines.length;
}
