import { describe, expect, it } from 'vitest';
import { readAll, recogniseText } from './collect.ts';
import { md5, sha1, sha256, sha512 } from './digests.ts';

const asText = (text: string, sizes: readonly number[] = []) => {
  const found = readAll(text, { format: 'text' }, sizes);
  expect(found.reported).toBe(found.counted);
  return found;
};
const digestsOf = (text: string): string[] => asText(text).hashes.flatMap(({ digests }) => digests);
const cut = (hex: string, at: number, by: string): string => hex.slice(0, at) + by + hex.slice(at);
const bytes = (hex: string, by: string): string => hex.replaceAll(/(..)(?!$)/g, `$1${by}`);
const folded = (hex: string): string => `${'wide '.repeat(8)}${cut(hex, 60, '\n')}`;

describe('unseen characters', () => {
  it.each(['\u200b', '\u00ad', '\u2060', '\ufeff', '\u200d\u200b'])('inside a digest do not break it: %j', (unseen) => {
    expect(digestsOf(`a ${cut(sha256(1), 32, unseen)} b\n${cut(cut(sha1(2), 9, unseen), 5, unseen)}\n`)).toEqual([
      sha256(1),
      sha1(2),
    ]);
  });

  it('between whole digests that make no digest together part them', () => {
    expect(digestsOf(`${md5(1)}\u200b${sha1(2)}\u200b${md5(3)}\n`)).toEqual([md5(1), sha1(2), md5(3)]);
  });

  it('between anything else are set aside', () => {
    const found = asText(`${cut(sha512(1), 60, '\u200b')}\n${cut(md5(1), 8, '\u200b')}ab\nx\u200b${md5(2)}\n`);
    expect(found.hashes.map(({ digests }) => digests[0])).toEqual([md5(2)]);
    expect(found.notDigests).toEqual({ 'longer hex run': 1, 'hex run of another length': 1 });
    expect(asText(`imphash: ${cut(md5(1), 8, '\u200b')}\n`).notDigests).toEqual({ imphash: 1 });
  });
});

describe('digests of one field', () => {
  it('are one record', () => {
    const found = asText(`Hashes=SHA1=${sha1(1)},MD5=${md5(1)},SHA256=${sha256(1)},IMPHASH=${md5(9)} x ${md5(2)}\n`);
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[sha256(1), sha1(1), md5(1)], [md5(2)]]);
    expect(found.notDigests).toEqual({ imphash: 1 });
  });

  it('are several when the field names one kind twice, another file, or has words between', () => {
    const pair = (between: string): string[][] =>
      asText(`MD5=${md5(1)}${between}${sha256(1)}\n`).hashes.map(({ digests }) => [...digests]);
    expect(pair(',SHA256=')).toEqual([[sha256(1), md5(1)]]);
    expect(pair(', SHA-256=')).toEqual([[sha256(1), md5(1)]]);
    for (const between of [',parent_sha256=', ' SHA256=', ',SHA1=', ',', ', and SHA256=']) {
      expect(pair(between), between).toEqual([[md5(1)], [sha256(1)]]);
    }
    expect(digestsOf(`MD5=${md5(1)},MD5=${md5(2)}\n`)).toEqual([md5(1), md5(2)]);
  });
});

describe('digests written byte by byte', () => {
  it.each([' ', ':', '-'])('are taken behind a label, parted by “%s”', (by) => {
    expect(
      digestsOf(`MD5: ${bytes(md5(1), by)}\nsha-256 = ${bytes(sha256(2), by)}.\nSHA1 ${bytes(sha1(3), by)}\n`),
    ).toEqual([md5(1), sha256(2), sha1(3)]);
  });

  it('are not taken from dumps, certificates, keys, or with another length', () => {
    const lines = [
      `00000010  ${bytes(md5(1), ' ')}`,
      `SHA1 Fingerprint=${bytes(sha1(1), ':')}`,
      `Thumbprint: ${bytes(sha1(1), ' ')}`,
      `Cert Hash(sha1): ${bytes(sha1(1), ' ')}`,
      `RSA key fingerprint is MD5:${bytes(md5(1), ':')}`,
      `MD5: ${bytes(sha1(1), ' ')}`,
      `MD5: ${bytes(md5(1), ' ')} ab`,
      `MD5: ${bytes(md5(1), ' ')}f`,
    ];
    expect(lines.flatMap((line) => digestsOf(`${line}\n`))).toEqual([]);
  });
});

describe('digests broken by a line end', () => {
  it('are one where the line was full, a mark or a label says so', () => {
    for (const text of [
      folded(sha256(1)),
      `> ${'quoted '.repeat(8)}${cut(sha256(1), 44, '\r\n> ')} and more`,
      `hash ${cut(sha256(1), 20, '=\n')}`,
      `hash ${cut(sha256(1), 20, '\u00ad\n')}`,
      `hash ${cut(sha256(1), 20, '-\n')}`,
      `SHA256: ${cut(sha256(1), 32, '\n')}`,
      `SHA-256 ${cut(sha256(1), 40, '\n         ')}`,
      `sha256=3D${cut(sha256(1), 50, '=\r\n')}`,
    ]) {
      const found = asText(`${text}\n`);
      expect([found.hashes.map(({ line, digests }) => [line, ...digests]), found.without.length], text).toEqual([
        [[1, sha256(1)]],
        0,
      ]);
    }
  });

  it('are not guessed: two values in two lines stay two', () => {
    expect(digestsOf(`${md5(1)}\n${md5(2)}\n`)).toEqual([md5(1), md5(2)]);
    expect(digestsOf(`x ${md5(1)}\n${md5(2)} y\n`)).toEqual([md5(1), md5(2)]);
    expect(digestsOf(`MD5: ${md5(1)}\n${md5(2)}\n`)).toEqual([md5(1), md5(2)]);
    expect(digestsOf(`MD5: ${md5(1)}-\n${md5(2)}\n`)).toEqual([md5(1), md5(2)]);
    expect(digestsOf(`SHA1: ${sha1(1)}\n${sha256(2).slice(0, 24)}\n`)).toEqual([sha1(1)]);
    expect(digestsOf(`span ${md5(1).slice(0, 16)}\n${md5(1).slice(16)}\n`)).toEqual([]);
    expect(digestsOf(`${'wide '.repeat(9)}${sha256(1).slice(0, 24)}\n20261101 10:00\n`)).toEqual([]);
    expect(digestsOf(`${'wide '.repeat(9)}${sha1(1).slice(0, 36)}\n2026-11-01\n`)).toEqual([]);
    expect(digestsOf(`${cut(sha256(1), 60, '\n\n')}\n`)).toEqual([]);
    expect(digestsOf(`SHA256: ${cut(sha256(1), 60, '\nx ')}\n`)).toEqual([]);
    expect(digestsOf(`imphash: ${cut(md5(1), 20, '=\n')}\n`)).toEqual([]);
    expect(digestsOf(`${'wide '.repeat(9)}${sha512(1).slice(0, 56)}\n${md5(1).slice(0, 8)}\n`)).toEqual([]);
  });

  it('are named where only their length fits', () => {
    const found = asText(`span ${cut(md5(1), 16, '\n')}\nnext ${cut(sha1(1), 28, '\n')}\n${md5(2)}\n${md5(3)}\n`);
    expect(found.hashes.map(({ digests }) => digests[0])).toEqual([md5(2), md5(3)]);
    expect(found.notDigests).toEqual({ 'perhaps one hash broken over two lines': 2 });
  });

  it('account for every line', () => {
    const found = asText(
      `a\nSHA256: ${cut(sha256(1), 60, '\n')}\n${sha256(2).slice(0, 40)}=\nend\nSHA1: ${sha1(3).slice(4)}`,
    );
    expect(found.hashes.map(({ line, column }) => [line, column])).toEqual([
      [2, 9],
      [4, 1],
    ]);
    expect(found.without.map(({ line }) => line)).toEqual([1, 5, 6]);
    expect(found.otherLines).toBe(1);
  });

  it('are the same whatever the chunks are, and wherever the text is cut off', () => {
    const text = `${folded(sha256(1))}\nMD5=${md5(1)},SHA1=${sha1(1)}\nSHA256: ${cut(sha256(2), 32, '=\n')}\nMD5: ${bytes(md5(3), ' ')}\n${cut(md5(4), 8, '\u00ad')}`;
    const whole = asText(text);
    expect(whole.hashes).toHaveLength(5);
    for (let size = 1; size < 40; size += 1) {
      expect(asText(text, [size]).hashes).toEqual(whole.hashes);
    }
    for (let end = 0; end < Buffer.byteLength(text); end += 1) {
      const part = readAll(Buffer.from(text).subarray(0, end), { format: 'text' });
      expect(part.reported).toBe(part.counted);
    }
  });

  it('more than once are one where a label promises it and the lines between are as wide', () => {
    const narrow = (hex: string, first: number, width: number, by = '\n'): string =>
      [hex.slice(0, first), ...(hex.slice(first).match(new RegExp(`.{1,${width}}`, 'g')) ?? [])].join(by);
    for (const text of [
      `SHA256: ${narrow(sha256(1), 18, 18)}`,
      `a\nSHA-256 = ${narrow(sha256(1), 20, 20, '\r\n  ')}\r\nend`,
      `> sha256: ${narrow(sha256(1), 22, 30, '\n> ')} and more`,
      `${md5(5)} SHA256: ${narrow(sha256(1), 13, 11)}`,
    ]) {
      for (const sizes of [[], [1], [7]]) {
        const found = asText(`${text}\n`, sizes);
        expect(
          found.hashes.map(({ digests }) => digests[0]).filter((hex) => hex !== md5(5)),
          text,
        ).toEqual([sha256(1)]);
      }
    }
    const found = asText(`SHA256: ${narrow(sha256(1), 18, 18)}\nSHA1: ${narrow(sha1(2), 16, 14)}\n`);
    expect(found.hashes.map(({ line }) => line)).toEqual([1, 5]);
    expect([found.without.length, found.otherLines]).toEqual([0, 5]);
  });

  it('more than once are not guessed', () => {
    const hex = sha256(1);
    const parts = (...cuts: number[]): string =>
      cuts.map((at, index) => hex.slice(cuts[index - 1] ?? 0, at)).join('\n');
    for (const text of [
      // Values of their own, all cut to one width.
      `SHA256: ${parts(16, 32, 48, 64)}`,
      // Widths that no column has.
      `SHA256: ${parts(16, 26, 50, 64)}`,
      // No label, another one, too long, too short, or something between.
      `id ${parts(20, 40, 60, 64)}`,
      `imphash: ${parts(20, 40, 60, 64)}`,
      `MD5: ${parts(20, 40, 60, 64)}`,
      `SHA256: ${parts(20, 40, 60)}\n${hex.slice(0, 9)}`,
      `SHA256: ${parts(20, 40, 60)}`,
      `SHA256: ${parts(20, 40)}\n\n${parts(40, 60, 64).slice(41)}`,
      `SHA256: ${parts(20, 40)} x\n${hex.slice(40, 60)}\n${hex.slice(60)}`,
      `SHA256: ${parts(20, 40)}\n20261101 ${hex.slice(40, 60)}\n${hex.slice(60)}`,
    ]) {
      for (const end of ['', '\n', '\nend\n']) {
        for (const sizes of [[], [1], [9]]) {
          const found = asText(`${text}${end}`, sizes);
          expect(found.hashes, text).toEqual([]);
          expect(found.without.length + found.otherLines, text).toBe(
            `${text}${end}`.replace(/\n$/, '').split('\n').length,
          );
        }
      }
    }
  });

  it('more than once lose no line wherever the text is cut off', () => {
    const hex = sha256(1);
    const text = `x\nSHA256: ${hex.slice(0, 20)}\n${hex.slice(20, 40)}\n${hex.slice(40, 60)} \r\n${hex.slice(60)} y\n${md5(2)}\n`;
    for (let end = 0; end <= text.length; end += 1) {
      const part = readAll(text.slice(0, end), { format: 'text' });
      expect(part.reported, String(end)).toBe(part.counted);
      const lines = text.slice(0, end).replace(/\n$/, '').split('\n').length;
      expect(part.reported + part.otherLines, String(end)).toBe(end === 0 ? 0 : lines);
    }
  });

  it('make a list of a text', () => {
    const lines = [1, 2, 3].map((seed) => folded(sha256(seed)));
    expect(recogniseText(`${lines.join('\n')}\n`)).toMatchObject({ format: 'text', isList: true });
  });
});
