import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPattern } from '#main/formats/stix/pattern.ts';
import { shapeOf, withTexts } from '#main/formats/stix/pattern-shape.ts';
import { readAll } from './collect.ts';
import { md5, sha256 } from './digests.ts';

const filesOf = (patterns: readonly string[]) => {
  const objects = patterns.map((pattern, at) => ({
    type: 'indicator',
    id: `indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3c${300 + at}`,
    pattern,
    pattern_type: 'stix',
  }));
  const found = readAll(
    JSON.stringify({ type: 'bundle', id: 'bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f', objects }),
  );
  expect(found.counted).toBe(found.reported);
  return found.hashes.map(({ digests, carried }) => [...digests, carried[0]]);
};

describe('patterns of one shape', () => {
  it('keep their own digests and names', () => {
    const pattern = (n: number) => `[file:hashes.'SHA-256' = '${sha256(n)}' AND file:name = 'tool ${n}.exe']`;
    expect(filesOf([pattern(1), pattern(2), pattern(3)])).toEqual([1, 2, 3].map((n) => [sha256(n), `tool ${n}.exe`]));
  });

  it('are one file each where their texts are the same', () => {
    const pattern = (one: string, other: string) => `[file:hashes.MD5 = '${one}' OR file:hashes.MD5 = '${other}']`;
    expect(filesOf([pattern(md5(1), md5(2)), pattern(md5(3), md5(3)), pattern(md5(4), md5(5))])).toEqual(
      [1, 2, 3, 4, 5].map((n) => [md5(n), '']),
    );
  });

  it('are told from those whose quotes belong to paths', () => {
    expect(
      filesOf([
        `[file:hashes.'SHA-256' = '${sha256(1)}']`,
        `[file:hashes.'SHA-512' = '${sha256(2)}']`,
        `[file:hashes.'MD5' = '${md5(3)}']`,
        `[file:name = 'it\\'s' AND file:hashes.MD5 = '${md5(4)}']`,
        `[file:name = '=' AND file:hashes.MD5 = '${md5(5)}']`,
      ]),
    ).toEqual([
      [sha256(1), ''],
      [md5(3), ''],
      [md5(4), "it's"],
      [md5(5), '='],
    ]);
  });

  const text = fc.oneof(
    fc.constantFrom(md5(1), sha256(2), '', ' ', '= ', ' AND ', '[', ']', '(', 'x = ', 'ü', '0', '1'),
    fc.string({ maxLength: 5 }),
  );
  const piece = fc.oneof(
    { weight: 4, arbitrary: text.map((value) => `'${value}'`) },
    {
      weight: 8,
      arbitrary: fc.constantFrom(
        "file:hashes.'SHA-256'",
        'file:hashes.MD5',
        'file:name',
        'file:hashes."SHA-1"',
        'a:b',
        "'",
        't',
        'x',
        '7',
        ' = ',
        '=',
        ' == ',
        ' != ',
        ' IN (',
        ', ',
        ')',
        '(',
        '[',
        ']',
        ' AND ',
        ' OR ',
        ' FOLLOWEDBY ',
        ' LIKE ',
        ' NOT ',
        'EXISTS ',
        ' START t',
        ' STOP t',
        ' WITHIN 5 SECONDS',
        ' ',
        '\n',
        '\\',
        '.',
      ),
    },
  );
  const comparison = fc
    .tuple(fc.constantFrom("file:hashes.'SHA-256'", 'file:hashes.MD5', 'file:name'), fc.constantFrom(' = ', '='), text)
    .map(([path, mark, value]) => `${path}${mark}'${value}'`);
  const sound = fc
    .tuple(fc.array(comparison, { minLength: 1, maxLength: 4 }), fc.constantFrom(' AND ', ' OR ', '] OR ['))
    .map(([all, between]) => `[${all.join(between)}]`);
  const scrap = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  const pattern = fc.oneof(
    sound,
    fc.tuple(sound, scrap).map(([one, other]) => `${one}${other}`),
    scrap,
  );

  it('read with marks like the patterns themselves', () => {
    let sounds = 0;
    fc.assert(
      fc.property(pattern, (written) => {
        const shape = shapeOf(written);
        if (shape === null) {
          return;
        }
        const ways = readPattern(written);
        const marked = readPattern(shape.marked);
        sounds += ways === null ? 0 : 1;
        expect(
          marked?.map((way) => way.map(({ path, value }) => ({ path, value: withTexts(value, shape.texts) }))) ?? null,
        ).toEqual(ways);
      }),
      { numRuns: 1000 },
    );
    expect(sounds).toBeGreaterThan(100);
  });
});
