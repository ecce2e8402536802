import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TERM_KINDS, type Term } from '#shared/domain/indicator.ts';
import { DOCUMENTED_FORMS } from '#main/destinations/openioc/documented-forms.ts';
import type { PackageContent, TermForms } from '#main/destinations/openioc/port.ts';
import { uuidV5 } from '#main/platform/uuid-v5.ts';
import { writeOpenIoc } from '#main/destinations/openioc/write.ts';
import { brokenRules, elementsOf, termsIn } from './open-ioc-rules.ts';

const ROOT = '3f1c2a9e-7d4b-5e60-9a11-0c2d3e4f5a6b';
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';
const SHA1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';
const SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const TERMS: readonly Term[] = [
  { kind: 'host', value: 'bad.example' },
  { kind: 'sha256', value: SHA256 },
  { kind: 'ipv6', value: '2001:db8::7' },
  { kind: 'md5', value: MD5 },
  { kind: 'ipv4', value: '203.0.113.7' },
  { kind: 'sha1', value: SHA1 },
];
const CONTENT: PackageContent = {
  rootId: ROOT,
  name: 'Daily feed - File 0110',
  description: 'Six terms',
  modifiedAt: Date.UTC(2026, 10, 22, 9, 5, 7, 999),
  terms: TERMS,
};

describe('a document', () => {
  const root = elementsOf(writeOpenIoc(CONTENT, DOCUMENTED_FORMS));

  it('keeps every published rule', () => {
    expect(brokenRules(root)).toEqual([]);
  });

  it('says its name, when it was modified and what it searches for, digests in upper case', () => {
    expect(root.attributes).toEqual({ id: ROOT, 'last-modified': '2026-11-22T09:05:07' });
    expect(root.children.map(({ name, text }) => [name, text.trim()])).toEqual([
      ['short_description', 'Daily feed - File 0110'],
      ['description', 'Six terms'],
      ['keywords', ''],
      ['authored_by', 'Assay'],
      ['authored_date', '2026-11-22T09:05:07'],
      ['links', ''],
      ['definition', ''],
    ]);
    expect(termsIn(root)).toEqual([
      `FileItem FileItem/Md5sum md5 is ${MD5.toUpperCase()}`,
      `FileItem FileItem/Sha1sum string is ${SHA1.toUpperCase()}`,
      `FileItem FileItem/Sha256sum string is ${SHA256.toUpperCase()}`,
      'PortItem PortItem/remoteIP IP is 203.0.113.7',
      'PortItem PortItem/remoteIP IP is 2001:db8::7',
      'DnsEntryItem DnsEntryItem/RecordName string is bad.example',
    ]);
  });

  it('is the same bytes in whatever order the terms come, and however often', () => {
    const again = writeOpenIoc({ ...CONTENT, terms: [...TERMS, ...TERMS].reverse() }, DOCUMENTED_FORMS);
    expect(again).toBe(writeOpenIoc(CONTENT, DOCUMENTED_FORMS));
  });

  it('keeps the ids of items that stay', () => {
    const ids = (terms: readonly Term[]): Map<string, string> =>
      new Map(
        (
          elementsOf(writeOpenIoc({ ...CONTENT, terms }, DOCUMENTED_FORMS)).children.at(-1)?.children[0]?.children ?? []
        ).map((item) => [item.children[1]?.text ?? '', item.attributes['id'] ?? ''] as const),
      );
    const fewer = ids(TERMS.slice(0, 3));
    expect([...ids(TERMS)].filter(([value]) => fewer.has(value))).toEqual(
      [...ids(TERMS)].filter(([value, id]) => fewer.get(value) === id),
    );
    expect(fewer.size).toBe(3);
  });

  it('has an item for each form of a kind', () => {
    const forms: TermForms = {
      ...DOCUMENTED_FORMS,
      host: [
        ...DOCUMENTED_FORMS.host,
        { document: 'Network', search: 'Network/DNS', contentType: 'string', condition: 'contains' },
      ],
    };
    const both = elementsOf(writeOpenIoc({ ...CONTENT, terms: TERMS.slice(0, 1) }, forms));
    expect(brokenRules(both)).toEqual([]);
    expect(termsIn(both)).toEqual([
      'DnsEntryItem DnsEntryItem/RecordName string is bad.example',
      'Network Network/DNS string contains bad.example',
    ]);
  });

  it('searches for nothing that cannot be written: everything could be met by it', () => {
    const terms: readonly Term[] = [...TERMS, { kind: 'host', value: '\u0000' }, { kind: 'host', value: ' ' }];
    expect(writeOpenIoc({ ...CONTENT, terms }, DOCUMENTED_FORMS)).toBe(writeOpenIoc(CONTENT, DOCUMENTED_FORMS));
  });

  it('is not written of nothing', () => {
    expect(() => writeOpenIoc({ ...CONTENT, terms: [] }, DOCUMENTED_FORMS)).toThrow(RangeError);
  });

  it.each([
    [Number.NaN, '1970-01-01T00:00:00'],
    [-5, '1970-01-01T00:00:00'],
    [Number.MAX_VALUE, '9999-12-31T23:59:59'],
  ])('has a readable date for %d', (modifiedAt, date) => {
    const odd = elementsOf(writeOpenIoc({ ...CONTENT, modifiedAt }, DOCUMENTED_FORMS));
    expect(odd.attributes['last-modified']).toBe(date);
    expect(brokenRules(odd)).toEqual([]);
  });
});

describe('hostile values', () => {
  /** Any code units, halves of characters and control characters among them. */
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    fc.constantFrom(']]>', '<!--', '&amp;', '"', "'", '</Content>', '<?xml?>', '\r\n\t', '\u0000\u000b\uffff\ud800'),
  );

  it('keep the rules, and are read back as far as XML can hold them', () => {
    fc.assert(
      fc.property(
        hostile,
        hostile,
        fc.array(fc.record({ kind: fc.constantFrom(...TERM_KINDS), value: hostile }), { minLength: 1, maxLength: 20 }),
        (name, description, terms) => {
          fc.pre(terms.some(({ value }) => readable(value).trim() !== ''));
          const root = elementsOf(writeOpenIoc({ ...CONTENT, name, description, terms }, DOCUMENTED_FORMS));
          expect(brokenRules(root)).toEqual([]);
          expect(root.children[0]?.text).toBe(readable(name));
          expect(root.children[1]?.text).toBe(readable(description));
          const written = new Set(termsIn(root).map((term) => term.split(' ').slice(4).join(' ').toUpperCase()));
          const wanted = terms.map(({ value }) => readable(value)).filter((value) => value.trim() !== '');
          expect(written).toEqual(new Set(wanted.map((value) => value.toUpperCase())));
        },
      ),
      { numRuns: 300 },
    );
  });

  /** By the Char production of XML 1.0, code point by code point. */
  function readable(text: string): string {
    return Array.from(text)
      .map((char) => {
        const point = char.codePointAt(0) ?? 0;
        if (point >= 0xd800 && point <= 0xdfff) {
          return '\ufffd';
        }
        const isChar =
          point === 9 || point === 10 || point === 13 || (point >= 0x20 && ![0xfffe, 0xffff].includes(point));
        return isChar ? char : '';
      })
      .join('');
  }
});

describe('name-based UUIDs', () => {
  it.each([
    // RFC 9562, A.4, and the widely published ones of the namespaces for DNS and URL.
    ['6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com', '2ed6657d-e927-568b-95e1-2665a8aea6a2'],
    ['6BA7B810-9DAD-11D1-80B4-00C04FD430C8', 'python.org', '886313e1-3b8a-5372-9b90-0c9aee199e5d'],
    ['6ba7b811-9dad-11d1-80b4-00c04fd430c8', 'http://python.org/', '4c565f0d-3f5a-5890-b41b-20cf47701c5e'],
  ])('%s %s', (namespace, name, uuid) => {
    expect(uuidV5(namespace, name)).toBe(uuid);
  });

  it('need a namespace', () => {
    expect(() => uuidV5('job 3', 'x')).toThrow(RangeError);
  });
});
