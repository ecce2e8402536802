import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPattern } from '#main/formats/stix/pattern.ts';
import { readAll } from './collect.ts';
import { md5, sha1, sha256, sha512 } from './digests.ts';

const ID = '8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f';
const bundle = (...objects: object[]): string =>
  JSON.stringify({ type: 'bundle', id: `bundle--${ID}`, objects }, null, 2);
const indicator = (pattern: string, more: object = {}): object => ({
  type: 'indicator',
  spec_version: '2.1',
  id: `indicator--${ID}`,
  name: 'Dropper',
  pattern,
  pattern_type: 'stix',
  ...more,
});
const read = (text: string) => {
  const found = readAll(text);
  expect(found.recognition.format).toBe('stix');
  expect(found.counted).toBe(found.reported);
  return found;
};
const filesOf = (pattern: string) => read(bundle(indicator(pattern))).hashes.map(({ digests }) => digests);

describe('patterns', () => {
  const a = `file:hashes.'SHA-256' = '${sha256(1)}'`;
  const b = `file:hashes.MD5 = '${md5(1)}'`;
  const c = `file:hashes."SHA-1" = '${sha1(1).toUpperCase()}'`;

  it.each([
    ['one hash', `[${a}]`, [[sha256(1)]]],
    ['AND in one observation', `[${a} AND ${b} AND ${c}]`, [[sha256(1), sha1(1), md5(1)]]],
    ['OR in one observation', `[${a} OR ${b}]`, [[sha256(1)], [md5(1)]]],
    ['AND before OR', `[${a} AND ${b} OR ${c}]`, [[sha256(1), md5(1)], [sha1(1)]]],
    ['brackets', `[(${a} OR ${b}) AND file:name = 'x']`, [[sha256(1)], [md5(1)]]],
    [
      'several observations',
      `[${a}] FOLLOWEDBY ([${b}] OR [${c}]) WITHIN 5 SECONDS`,
      [[sha256(1)], [md5(1)], [sha1(1)]],
    ],
    ['a set', `[file:hashes.MD5 IN ('${md5(2)}', '${md5(3)}')]`, [[md5(2)], [md5(3)]]],
    ['a file of a process', `[process:image_ref.hashes.'SHA-256' = '${sha256(4)}']`, [[sha256(4)]]],
    ['times', `[${a}] START t'2020-01-01T00:00:00Z' STOP t'2021-01-01T00:00:00Z'`, [[sha256(1)]]],
    ['a size of several', `[${a} AND (file:size = 1 OR file:size = 2)]`, [[sha256(1)]]],
    ['a second hash of one kind', `[${b} AND file:hashes.MD5 = '${md5(9)}']`, [[md5(1)], [md5(9)]]],
  ])('with %s', (_, pattern, files) => {
    expect(filesOf(pattern)).toEqual(files);
  });

  it('name what they do not look for', () => {
    const found = read(
      bundle(
        indicator(`[NOT ${a} AND file:hashes.MD5 != '${md5(1)}']`),
        indicator("[ipv4-addr:value = '198.51.100.1']"),
        indicator(`[file:hashes.'SHA-512' = '${sha512(1)}' OR x509-certificate:hashes.'SHA-256' = '${sha256(2)}']`),
        indicator(`[file:hashes.'SHA-256' = '${sha256(3).slice(1)}']`),
        indicator(`[file:hashes.'SHA-256' = '${sha256(5)}']`),
      ),
    );
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[sha256(5)]]);
    expect(found.without.map(({ reason }) => reason)).toEqual(Array.from({ length: 3 }, () => 'no hash in this entry'));
    expect(found.notDigests).toEqual({ sha512: 1, 'certificate hash': 1 });
    expect(found.rejected.map(({ reason }) => reason)).toEqual([
      'SHA-256: 63 hex digits; MD5 has 32, SHA-1 40, SHA-256 64',
    ]);
  });

  it('of other languages are read as text', () => {
    const rule = `rule x { meta: hash1 = "${sha256(1)}" imphash = "${md5(2)}" condition: all of them }`;
    const found = read(bundle(indicator(rule, { pattern_type: 'yara' })));
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[sha256(1)]]);
    expect(found.notDigests).toEqual({ imphash: 1 });
    expect(filesOf(`[file:hashes.MD5 = '${md5(1)}`)).toEqual([[md5(1)]]);
  });

  it('keep quotes and escapes of their texts', () => {
    expect(readPattern("[file:name = 'it\\'s \\\\ here' AND file:hashes.'a b' = 'x']")).toEqual([
      [
        { path: 'file:name', value: "it's \\ here" },
        { path: "file:hashes.'a b'", value: 'x' },
      ],
    ]);
    expect(readPattern('')).toBeNull();
    expect(readPattern('rule x { }')).toBeNull();
  });

  it('never fail, whatever they are', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      'AND',
      'OR',
      'NOT',
      'IN',
      'FOLLOWEDBY',
      'START',
      a,
      b,
      "'",
      '=',
      ',',
      'x:y',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const found = readAll(bundle(indicator(pieces.join(' '))), { format: 'stix' }, [11]);
        expect(found.counted).toBe(found.reported);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a bundle', () => {
  it('carries titles, ids, labels, markings and what is indicated', () => {
    const found = read(
      bundle(
        indicator(`[file:hashes.MD5 = '${md5(1)}' AND file:name = 'a.exe']`, {
          indicator_types: ['malicious-activity'],
          object_marking_refs: [
            'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82',
            'marking-definition--11111111-1111-4111-8111-111111111111',
          ],
        }),
        { type: 'malware', id: 'malware--1', name: 'Emotet' },
        {
          type: 'relationship',
          relationship_type: 'indicates',
          source_ref: `indicator--${ID}`,
          target_ref: 'malware--1',
        },
        {
          type: 'marking-definition',
          id: 'marking-definition--11111111-1111-4111-8111-111111111111',
          name: 'Members only',
        },
      ),
    );
    expect(found.recognition.carriedColumns).toEqual([
      'name',
      'size',
      'key',
      'title',
      'indicates',
      'marking',
      'labels',
      'stix id',
      'note',
    ]);
    expect(found.hashes[0]?.carried).toEqual([
      'a.exe',
      '',
      'objects.MD5',
      'Dropper',
      'Emotet',
      'TLP:AMBER, Members only',
      'malicious-activity',
      `indicator--${ID}`,
      '',
    ]);
  });

  it('carries notes to what they are about, and reads digests in them, not in names of threats', () => {
    const about = [`indicator--${ID}`, `file--${ID}`];
    const found = read(
      bundle(
        indicator(`[file:hashes.MD5 = '${md5(1)}']`),
        { type: 'file', id: `file--${ID}`, hashes: { 'SHA-256': sha256(2) } },
        { type: 'note', id: `note--${ID}`, content: `drops ${sha256(3)}`, object_refs: about },
        { type: 'note', id: `note--${ID}`, content: 'seen twice', object_refs: about.slice(1) },
        { type: 'malware-analysis', id: `malware-analysis--${ID}`, result_name: `like ${sha256(4)}` },
      ),
    );
    expect(found.hashes.map(({ digests, carried }) => [...digests, carried[8]])).toEqual([
      [md5(1), `drops ${sha256(3)}`],
      [sha256(2), `drops ${sha256(3)}\nseen twice`],
      [sha256(3), ''],
    ]);
  });

  it('holds files of 2.0 and 2.1, their parts set aside', () => {
    const found = read(
      bundle(
        {
          type: 'observed-data',
          id: `observed-data--${ID}`,
          objects: { 0: { type: 'file', name: 'old.exe', size: 9, hashes: { MD5: md5(1), 'SHA-1': sha1(1) } } },
        },
        {
          type: 'file',
          id: `file--${ID}`,
          name: 'new.exe',
          hashes: { 'SHA-256': sha256(2), SSDEEP: '3:abcdefghijk0123456789:xyz', 'SHA-512': sha512(2) },
          extensions: {
            'windows-pebinary-ext': {
              imphash: md5(5),
              file_header_hashes: { MD5: md5(8) },
              sections: [{ name: '.text', hashes: { MD5: md5(6) } }],
            },
          },
        },
        { type: 'x509-certificate', id: `x509-certificate--${ID}`, hashes: { 'SHA-1': sha1(7) } },
        { type: 'file', id: `file--${ID}`, name: 'no hash' },
      ),
    );
    expect(found.hashes.map(({ digests, carried }) => [...digests, ...carried.slice(0, 2), carried[7]])).toEqual([
      [sha1(1), md5(1), 'old.exe', '9', `observed-data--${ID}`],
      [sha256(2), 'new.exe', '', `file--${ID}`],
    ]);
    expect(found.notDigests).toEqual({ ssdeep: 1, sha512: 1, imphash: 1, 'section hash': 2, 'certificate hash': 1 });
    expect(found.without.length).toBe(1);
  });

  it('cut anywhere keeps what came before', () => {
    const text = bundle(indicator(`[file:hashes.MD5 = '${md5(1)}']`), indicator(`[file:hashes.MD5 = '${md5(2)}']`));
    for (let end = 1; end < text.length; end += 1) {
      const found = readAll(text.slice(0, end), { format: 'stix' }, [50]);
      expect(found.counted).toBe(found.reported);
      expect(found.faults.length).toBe(1);
    }
  });
});
