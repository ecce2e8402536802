import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

const item = (
  search: string,
  value: string,
  more = '',
): string => `<IndicatorItem id="i-${search}" condition="is"${more}>
  <Context document="${search.split('/')[0]}" search="${search}" type="mir" />
  <Content type="string">${value}</Content>
</IndicatorItem>`;
const any = (...parts: string[]): string => `<Indicator operator="OR" id="o">${parts.join('\n')}</Indicator>`;
const all = (...parts: string[]): string => `<Indicator operator="AND" id="a">${parts.join('\n')}</Indicator>`;
const ioc10 = (definition: string): string => `<?xml version="1.0" encoding="utf-8"?>
<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="ioc-1" last-modified="2012-01-01T00:00:00">
<short_description>Stage one &amp; two</short_description>
<definition>${definition}</definition></ioc>
`;
const ioc11 = (criteria: string): string => `<OpenIOC xmlns="http://openioc.org/schemas/OpenIOC_1.1" id="ioc-2">
<metadata><short_description>Newer</short_description></metadata><criteria>${criteria}</criteria><parameters/></OpenIOC>`;
const read = (text: string) => {
  const found = readAll(text);
  expect(found.recognition).toMatchObject({ format: 'openioc', isList: true });
  expect(found.counted).toBe(found.reported);
  const { recognition: _, ...whole } = found;
  const { recognition: __, ...cut } = readAll(text, {}, [1, 7, 300]);
  expect(cut).toEqual(whole);
  return found;
};
const filesOf = (definition: string) => read(ioc10(definition)).hashes.map(({ digests }) => digests);

describe('OpenIOC', () => {
  const a = item('FileItem/Md5sum', md5(1).toUpperCase());
  const b = item('FileItem/Sha1sum', sha1(1));
  const c = item('FileItem/Sha256sum', sha256(1));
  const size = (bytes: number): string => item('FileItem/SizeInBytes', `${bytes}`);

  it.each([
    ['OR', any(a, b, c), [[md5(1)], [sha1(1)], [sha256(1)]]],
    ['AND', all(a, b, c), [[sha256(1), sha1(1), md5(1)]]],
    ['AND inside OR', any(c, all(a, b)), [[sha256(1)], [sha1(1), md5(1)]]],
    ['OR inside AND', all(any(a, c), size(1)), [[md5(1)], [sha256(1)]]],
    ['a size of several', any(all(a, any(size(1), size(2)))), [[md5(1)]]],
    ['a second hash of one kind', all(a, item('FileItem/Md5sum', md5(2))), [[md5(1)], [md5(2)]]],
    ['two kinds of things', all(a, item('ServiceItem/serviceDLLsha1sum', sha1(2))), [[md5(1)], [sha1(2)]]],
  ])('joins digests of one file: %s', (_, definition, files) => {
    expect(filesOf(definition)).toEqual(files);
  });

  it('carries names, sizes, ids and the title, with line and column', () => {
    const text = ioc10(any(all(item('FileItem/FileName', 'a &lt;b&gt;.exe'), size(12), a), b));
    const found = read(text);
    expect(found.recognition.why).toBe('elements of OpenIOC 1.0');
    expect(found.hashes.map(({ carried }) => carried)).toEqual([
      ['a <b>.exe', '12', 'FileItem/Md5sum', 'Stage one & two', 'ioc-1', 'i-FileItem/Md5sum'],
      ['', '', 'FileItem/Sha1sum', 'Stage one & two', 'ioc-1', 'i-FileItem/Sha1sum'],
    ]);
    const lines = text.split('\n');
    expect(found.hashes.map(({ line, column }) => lines[line - 1]?.slice(column - 1, column + 31))).toEqual([
      md5(1).toUpperCase(),
      sha1(1).slice(0, 32),
    ]);
  });

  it('leaves out what is negated and says what is no hash of a file', () => {
    const text = ioc11(
      any(
        item('FileItem/Md5sum', md5(1), ' negate="true"'),
        item('FileItem/Md5sum', md5(2)).replace('condition="is"', 'condition="isnot"'),
        item('PortItem/remoteIP', '198.51.100.1'),
        item('FileItem/PEInfo/Sections/Section/Md5sum', md5(3)),
        item('FileItem/PEInfo/ImportHash', md5(4)),
        item('FileItem/Sha256sum', sha256(5).slice(2)),
        item('UrlHistoryItem/URL', `http://example.test/${sha256(6)}`),
        item('Custom/Thing', md5(7)).replace('type="string"', 'type="md5"'),
      ),
    );
    const found = read(text);
    expect(found.recognition.why).toBe('elements of OpenIOC 1.1');
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[sha256(6)], [md5(7)]]);
    expect(found.hashes[0]?.carried.slice(3, 5)).toEqual(['Newer', 'ioc-2']);
    expect(found.notDigests).toEqual({ 'section hash': 1, imphash: 1 });
    expect(found.rejected.map(({ reason }) => reason)).toEqual([
      'FileItem/Sha256sum: 62 hex digits; MD5 has 32, SHA-1 40, SHA-256 64',
    ]);
    expect(found.without.length).toBe(5);
  });
});

describe('a hostile document', () => {
  const asIoc = (text: string, sizes: readonly number[] = []) => {
    const found = readAll(text, { format: 'openioc' }, sizes);
    expect(found.counted).toBe(found.reported);
    return found;
  };
  const one = item('FileItem/Md5sum', md5(1));

  it('is not expanded and opens nothing', () => {
    const laughs = `<!DOCTYPE ioc [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>`;
    for (const entity of ['&b;', '&x;', '&nope;']) {
      const text = ioc10(any(one, item('FileItem/FileName', entity))).replace('<ioc', `${laughs}<ioc`);
      const found = asIoc(text);
      expect(found.hashes.map(({ digests }) => digests)).toEqual([[md5(1)]]);
      expect(found.faults[0]).toMatch(/^Line \d+, column \d+: undefined entity\. Nothing was read from there on/);
    }
  });

  it('may be deep, long or empty', () => {
    const deep = asIoc(ioc10(any(one, '<Indicator operator="OR">'.repeat(300))));
    expect(deep.faults[0]).toMatch(/more than 256 deep/);
    const long = asIoc(ioc10(any(item('FileItem/Md5sum', 'a'.repeat(1024 * 1024 + 1)), one)), [70_000]);
    expect(long.rejected.map(({ reason }) => reason)).toEqual(['a text is longer than 1 MiB']);
    expect(long.hashes.length).toBe(1);
    const endless = asIoc(`${ioc10(any(one)).trimEnd()}<!-- ${'x'.repeat(6 * 1024 * 1024)}`, [100_000]);
    expect(endless.faults[0]).toMatch(/longer than 4 MiB/);
    expect(asIoc('').faults).toEqual(['The XML is cut off in line 1. What came before is kept.']);
  });

  it('of very many ways is listed side by side', () => {
    const ways = Array.from({ length: 200 }, (_, index) => item('FileItem/Sha1sum', sha1(index)));
    const names = Array.from({ length: 500 }, (_, index) => item('FileItem/FileName', `f${index}`));
    const found = asIoc(ioc10(all(any(...ways), one, ...names)));
    expect(new Set(found.hashes.map(({ digests }) => digests[0])).size).toBe(200);
    expect(found.hashes.slice(0, 2).map(({ digests }) => digests.length)).toEqual([2, 2]);
  });

  it('cut anywhere keeps what came before', () => {
    const text = ioc10(any(one, all(item('FileItem/Sha1sum', sha1(2)), item('FileItem/Sha256sum', sha256(2)))));
    for (let end = 1; end < text.trimEnd().length; end += 1) {
      const found = asIoc(text.slice(0, end), [100]);
      expect(found.faults.length).toBe(1);
      expect(found.hashes.length).toBe(
        (text.slice(0, end).includes(`${md5(1)}</Content>\n</IndicatorItem>`) ? 1 : 0) +
          (text.slice(0, end).includes(`${sha1(2)}</Content>\n</IndicatorItem>`) ? 1 : 0),
      );
    }
  });

  it('never fails, whatever it is made of', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        one,
        all(one, one),
        any(),
        '<Indicator operator="AND">',
        '</Indicator>',
        '</definition>',
        '<![CDATA[x]]>',
      ),
      fc.constantFrom('&', '<', '>', ']]>', '<!--', '-->', '<?x?>', '<ioc id="x">', '</ioc>', '\0', 'é', '"'),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.integer({ min: 1, max: 400 }), (pieces, size) => {
        const text = ioc10(pieces.join(''));
        const { recognition: _, ...whole } = asIoc(text);
        const { recognition: __, ...cut } = asIoc(text, [size]);
        expect(cut).toEqual(whole);
      }),
      { numRuns: 250 },
    );
  });
});
