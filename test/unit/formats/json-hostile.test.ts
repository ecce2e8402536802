import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonToken, tokensOf } from './json-tokens.ts';
import { readAll } from './collect.ts';
import { md5, sha1, sha256, sha512 } from './digests.ts';

const asJson = (text: string | Uint8Array, sizes: readonly number[] = []) => readAll(text, { format: 'json' }, sizes);

const seed = fc.integer({ min: 0, max: 4 });
const digest = fc.oneof(
  seed.map(sha256),
  seed.map(sha1),
  seed.map((value) => md5(value).toUpperCase()),
  fc.constantFrom(sha512(1), md5(1).slice(1), '', '-', `SHA1=${sha1(1)},MD5=${md5(2)},IMPHASH=${md5(3)}`),
);
const text = fc.oneof(
  { weight: 4, arbitrary: digest },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'file',
      'SHA-256',
      'sha512',
      'md5',
      'a "b" \\ c\n',
      `/q/${sha256(1)}.bin imphash: ${md5(2)}`,
      '123e4567-e89b-12d3-a456-426614174000',
      'é'.repeat(40),
    ),
  },
);
const key = fc.oneof(
  fc.constantFrom(
    ...'md5 sha1 sha256 SHA-256 hash hashes Hashes file attributes id type alg content value name path size'.split(' '),
    ...'imphash sections parent_md5 parentHash x509 uuid Event sha256_first_seen data files carried'.split(' '),
  ),
  digest,
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: text },
    { weight: 1, arbitrary: fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.constant(null)) },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
    { weight: 4, arbitrary: fc.dictionary(key, tie('value'), { maxKeys: 5 }) },
  ),
}));
const writing = fc.constantFrom(0, 1, '\t');
/** Documents one below the other, with duplicate keys and damage now and then. */
const documents = fc
  .tuple(
    fc.array(fc.tuple(anyValue, writing), { maxLength: 4 }),
    fc.constantFrom('\n', '', ' ', '\r\n', ',\n'),
    fc.array(
      fc.tuple(
        fc.nat(2000),
        fc.nat(3),
        fc.constantFrom('', '{', '}', '[', ']', '"', ':', ',', '\\', '\n', 'x', '\0', '1e', `"md5":"${md5(9)}",`),
      ),
      { maxLength: 2 },
    ),
  )
  .map(([values, between, damage]) => {
    let all = values.map(([one, space]) => JSON.stringify(one, null, space)).join(between);
    for (const [at, less, scrap] of damage) {
      const place = all.length === 0 ? 0 : at % all.length;
      all = all.slice(0, place) + scrap + all.slice(place + less);
    }
    return Buffer.from(all);
  });
const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 });

describe('JSON of any make', () => {
  it('is read the same however it is cut, and every record is accounted for', () => {
    fc.assert(
      fc.property(documents, sizes, fc.constantFrom('json', undefined), (input, cuts, format) => {
        const options = format === undefined ? {} : { format };
        const { recognition: _, ...whole } = readAll(Buffer.from(input), options);
        const { recognition: __, ...cut } = readAll(Buffer.from(input), options, cuts);
        expect(cut).toEqual(whole);
        expect(whole.reported).toBe(whole.counted);
      }),
      { numRuns: 1200 },
    );
  });

  it('is cut into the tokens JSON.parse sees', () => {
    fc.assert(
      fc.property(anyValue, writing, sizes, (value, space, cuts) => {
        const written = JSON.stringify(value, null, space);
        expect(tokensOf(written, cuts)).toEqual(expectedTokens(JSON.parse(written)));
      }),
      { numRuns: 600 },
    );
  });
});

function expectedTokens(value: unknown): JsonToken[] {
  if (Array.isArray(value)) {
    return ['[', ...value.flatMap(expectedTokens), ']'];
  }
  if (typeof value === 'object' && value !== null) {
    return ['{', ...Object.entries(value).flatMap(([name, one]) => [{ key: name }, ...expectedTokens(one)]), '}'];
  }
  return [typeof value === 'string' ? { text: value } : { scalar: String(value) }];
}

describe('a damaged document', () => {
  const document = JSON.stringify(
    { results: [{ name: 'a', md5: md5(1), sha256: sha256(1) }, { note: 'none' }, { sha1: sha1(2) }] },
    null,
    1,
  );

  it('cut anywhere keeps what came before and says so', () => {
    const whole = asJson(document).hashes;
    for (let end = 0; end < document.length; end += 1) {
      const found = asJson(document.slice(0, end));
      expect(found.reported, document.slice(0, end)).toBe(found.counted);
      expect(found.faults.length).toBe(end > 0 ? 1 : 0);
      expect(whole.length).toBeGreaterThanOrEqual(found.hashes.length);
      const before = document.slice(0, end);
      expect(found.hashes.flatMap(({ digests }) => digests)).toEqual(
        whole.flatMap(({ digests }) => digests).filter((hex) => before.includes(`"${hex}"`)),
      );
    }
  });

  it('is read up to its first fault, which is named with line and column', () => {
    const found = asJson(`[\n{"md5":"${md5(1)}"},\n{"md5":"é" oops},\n{"md5":"${md5(2)}"}]`);
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[md5(1)]]);
    expect(found.faults).toEqual([
      'Line 3, column 12: a key is missing. Nothing was read from there on; what came before is kept.',
    ]);
  });

  it('may hold anything that is no value of its own', () => {
    const deep = `${'['.repeat(600)}"${md5(1)}"${']'.repeat(600)}`;
    expect(asJson(deep).faults[0]).toMatch(/column 513: objects lie more than 512 deep/);
    const long = asJson(`{"note":"${'x'.repeat(1024 * 1024 + 1)}","md5":"${md5(1)}"}`, [70_000]);
    expect(long.rejected.map(({ reason }) => reason)).toEqual(['a text is longer than 1 MiB']);
    expect(long.hashes.length).toBe(1);
    expect(long.counted).toBe(2);
    const just = asJson(`{"note":"${'x '.repeat(512 * 1024)}","md5":"${md5(1)}"}`, [70_000]);
    expect([just.rejected.length, just.hashes.length]).toEqual([0, 1]);
    const odd = `{"a":1e999999,"b":${'9'.repeat(400)},"c":"\\ud800","d":"\0","sha1":"${sha1(1)}","sha1":"${sha1(2)}"}`;
    expect(asJson(odd).hashes.map(({ digests }) => digests[0])).toEqual([sha1(1), sha1(2)]);
  });
});

describe('JSON Lines', () => {
  it('lose no more than the line that is broken', () => {
    const lines = [
      `{"sha256":"${sha256(1)}"}`,
      `{"sha256":"${sha256(2)}","name":"cut`,
      '',
      '{"event":"login"}',
      `{"sha256":"${sha256(3)}"} {"md5":"${md5(3)}"}`,
      'nonsense',
      `{"sha256":"${sha256(4).slice(1)}"}`,
      ...[10, 11, 12, 13].map((more) => `{"sha1":"${sha1(more)}"}`),
      `{"a":[{"sha1":"${sha1(4)}"`,
    ];
    for (const cuts of [[], [1], [7, 64]]) {
      const found = readAll(lines.join('\n'), {}, cuts);
      expect(found.recognition).toMatchObject({ format: 'json', isList: true });
      expect(found.hashes.map(({ line, digests }) => [line, digests[0]])).toEqual([
        [1, sha256(1)],
        [2, sha256(2)],
        [5, sha256(3)],
        [5, md5(3)],
        ...[10, 11, 12, 13].map((more, index) => [8 + index, sha1(more)]),
        [12, sha1(4)],
      ]);
      expect(found.without).toEqual([{ line: 4, reason: 'no hash in this entry' }]);
      expect(found.rejected.map(({ line, column, reason }) => [line, column, reason])).toEqual([
        [2, 85, 'no JSON from here on: a text is not closed in its line'],
        [6, 1, 'no JSON from here on: this is no JSON value'],
        [7, 12, 'sha256: 63 hex digits; MD5 has 32, SHA-1 40, SHA-256 64'],
        [12, 0, 'the line is cut off'],
      ]);
      expect(found.counted).toBe(found.reported);
      expect(found.faults).toEqual([]);
    }
  });
});
