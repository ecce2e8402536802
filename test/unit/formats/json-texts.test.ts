import { describe, expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { md5 } from './digests.ts';

const SIZES: readonly (readonly number[])[] = [[], [1], [7, 300, 2]];
const digestsOf = (input: string, sizes: readonly number[]) => {
  const { hashes, reported, counted } = readAll(input, { format: 'json' }, sizes);
  return { digests: hashes.map(({ digests }) => digests[0]), reported, counted };
};

describe('a text of JSON that is left unread', () => {
  const hex = md5(1);
  const head = `${'x'.repeat(40)} `;
  it.each([
    ['as written', hex],
    ['behind short escapes', `C:\\\\a\\/b\\n${hex}`],
    ['with a digit that is escaped', `${hex.slice(0, 16)}\\u00${hex.charCodeAt(16).toString(16)}${hex.slice(17)}`],
    ['with an unseen character in it', `${hex.slice(0, 16)}\u200b${hex.slice(16)}`],
    ['with one beside short escapes', `a\\\\b ${hex.slice(0, 16)}\u200b${hex.slice(16)}`],
    ['with one that is escaped', `${hex.slice(0, 16)}\\u200b${hex.slice(16)}`],
  ])('never holds a digest: %s', (_, written) => {
    for (const sizes of SIZES) {
      const found = digestsOf(`[{"md5":"${md5(2)}","message":"${head}${written}"}]`, sizes);
      expect(found).toEqual({ digests: [md5(2), hex], reported: 2, counted: 2 });
    }
  });

  it('may look like one from afar', () => {
    const near = [hex.slice(1), `${hex}0`, `g${hex}`, `${hex.slice(0, 31)}\\\\${hex.slice(0, 31)}`, 'é'.repeat(40)];
    for (const sizes of SIZES) {
      const found = digestsOf(`[${near.map((text) => `{"message":"${head}${text}"}`).join(',')}]`, sizes);
      expect(found).toEqual({ digests: [], reported: near.length, counted: near.length });
    }
  });
});

describe('keys of JSON', () => {
  it('are each taken for what they are, however many there are and in whatever order', () => {
    const many = Array.from({ length: 12_000 }, (_, index) => `"key ${index}":"${index}"`);
    const turns = ['md5', 'key 3', 'imphash', 'MD5', 'note'].map((key) => `"${key}":"${md5(1)}"`);
    const input = `[{${many.join(',')}},${turns.map((turn) => `{"a":1,${turn},"b":2}`).join(',')},{${turns[0] ?? ''}}]`;
    const found = digestsOf(input, [4096]);
    // All but imphash; the object of many keys and the one with an imphash are rows without a hash.
    expect(found).toEqual({ digests: Array.from({ length: 5 }, () => md5(1)), reported: 7, counted: 7 });
  });
});

describe('bytes that belong to no JSON', () => {
  it('are told as such where nothing is open', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      const { reported, counted } = readAll(Buffer.from([byte, 10, ...Buffer.from(`"${md5(1)}"`)]), { format: 'json' });
      expect({ byte, reported }).toEqual({ byte, reported: counted });
    }
  });
});
