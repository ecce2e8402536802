import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '#main/formats/registry.ts';
import { readAll } from './collect.ts';
import { md5, sha1, sha256, sha512 } from './digests.ts';

const LINE_FORMATS = ['list', 'gnu', 'bsd', 'openssl', 'hashdeep', 'rhash'];

/** What lists are made of, and what breaks readers of them. */
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 9 }).map((seed) => sha256(seed)) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 9 }).map((seed) => md5(seed).toUpperCase()) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 9 }).map((seed) => sha1(seed)) },
  { weight: 1, arbitrary: fc.constantFrom(sha512(1), md5(1).slice(1), `${sha256(1)}0`, 'T1', '0x') },
  {
    weight: 14,
    arbitrary: fc.constantFrom('\n', '\n', '\n', '\r\n', '\n\n', ' ', '  ', '\t', ',', ';', '|', '"', '""', "'", '\\'),
  },
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      '# ',
      '; ',
      '// ',
      '%%%% size,md5,sha256,filename\n',
      '%%%% HASHDEEP-1.0\n',
      '-----BEGIN PGP SIGNED MESSAGE-----\n',
      '-----BEGIN PGP SIGNATURE-----\n',
      '-----END PGP SIGNATURE-----\n',
      'Algorithm       Hash      Path\n',
      '---------       ----      ----\n',
      'SHA256 (',
      ') = ',
      ')= ',
      'MD5 hash of file a.exe:\n',
      'CertUtil: -hashfile command completed successfully.\n',
      'C:\\> certutil -hashfile x\n',
      'SHA256 ：\n',
      'Hash      : ',
      'Algorithm : SHA512\n',
      'Path : x\n',
      'PS C:\\> ',
      'Package: a\n',
      'SHA256: ',
      'MD5sum: ',
      'imphash: ',
      'IMPHASH=',
      'sha256,md5,imphash,name\n',
      'uuid ',
      '123e4567-e89b-12d3-a456-426614174000',
      '        ',
    ),
  },
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
);
const text = fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join('')));
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
