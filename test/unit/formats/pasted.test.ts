import { describe, expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

const TEN = Array.from({ length: 10 }, (_, index) => sha256(index));

function digestsOf(text: string): string[] {
  const found = readAll(text);
  expect(found.reported).toBe(found.counted);
  return found.hashes.flatMap(({ digests }) => digests);
}

describe('several hashes on one line', () => {
  it.each([',', ', ', ' ', '; ', '\t', '|', ' / '])('are all taken, separated by “%s”', (separator) => {
    expect(digestsOf(TEN.join(separator))).toEqual(TEN);
    expect(digestsOf(`${TEN.slice(0, 5).join(separator)}\n${TEN.slice(5).join(separator)}\n`)).toEqual(TEN);
  });

  it('are all taken when columns without names hold two of one kind', () => {
    const text = Array.from({ length: 5 }, (_, row) => `${sha256(row)},${sha256(row + 5)}\n`).join('');
    expect(digestsOf(text).toSorted()).toEqual(TEN.toSorted());
  });

  it('are taken where a lone carriage return parts them', () => {
    expect(digestsOf(`${sha256(1)}\r\n${sha256(2)}\r${sha256(3)}\n`)).toEqual([sha256(1), sha256(2), sha256(3)]);
  });

  it('are named when they come after a list was recognised', () => {
    const lines = Array.from({ length: 6_000 }, (_, index) => sha256(index));
    const found = readAll(`${lines.join('\n')}\n${sha256(7_000)} ${sha256(7_001)}\n`);
    expect(found.recognition.format).toBe('list');
    expect(found.notDigests).toEqual({ 'further hash of a line': 1 });
  });

  it('of a name behind a hash are no hashes', () => {
    expect(digestsOf(`${md5(1)} ${sha256(1)}.exe\n${md5(2)} /tmp/${sha256(2)}\n`)).toEqual([md5(1), md5(2)]);
  });
});

describe('a first line that holds digests', () => {
  it('of JSON is no header', () => {
    const text = TEN.map((hash, index) => `{"name":"a${index}","sha256":"${hash}","imphash":"${md5(index)}"}\n`).join(
      '',
    );
    expect(digestsOf(text)).toEqual(TEN);
  });

  it('of an event log is no header', () => {
    const line = (seed: number): string => `Hashes: SHA1=${sha1(seed)},MD5=${md5(seed)},SHA256=${sha256(seed)}\n`;
    expect(digestsOf(line(1) + line(2))).toEqual([1, 2].flatMap((seed) => [sha256(seed), sha1(seed), md5(seed)]));
  });
});

describe('a heading that names no digest of the file', () => {
  it.each(['imphash,name', 'name,IMPHASH', 'authentihash\tname', 'pesha1;name', 'thumbprint,subject'])(
    'sets the rows of “%s” aside',
    (header) => {
      const delimiter = /[,;\t]/.exec(header)?.[0] ?? ',';
      const values = header.toLowerCase().startsWith('name') ? ['x', md5(1)] : [md5(1), 'x'];
      const found = readAll(`${header}\n${`${values.join(delimiter)}\n`.repeat(3)}`);
      expect(found.hashes).toEqual([]);
      expect(Object.values(found.notDigests)).toEqual([3]);
      expect(found.without).toHaveLength(3);
      expect(found.counted).toBe(found.reported);
    },
  );

  it('sets a list of one column aside', () => {
    const found = readAll(`imphash\n${md5(1)}\n${md5(2)}\n`);
    expect([found.hashes, found.notDigests, found.counted]).toEqual([[], { imphash: 2 }, 2]);
  });

  it('is a title when it has several words', () => {
    expect(digestsOf(`Signed malware\n${md5(1)}\n${md5(2)}\n`)).toEqual([md5(1), md5(2)]);
  });
});

it('reads the names below the separator line of a spreadsheet', () => {
  const found = readAll(`sep=;\r\nname;sha1\r\na;${sha1(1)}\r\nb;${sha1(2)}\r\n`);
  expect(found.recognition.digestColumns).toEqual(['sha1']);
  expect(found.hashes.map(({ line, carried }) => [line, carried])).toEqual([
    [3, ['a']],
    [4, ['b']],
  ]);
  expect(found.counted).toBe(2);
});
