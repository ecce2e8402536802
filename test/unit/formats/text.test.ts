import { describe, expect, it } from 'vitest';
import { setAsideBy } from '#main/formats/names/label-before.ts';
import { readAll, recogniseText } from './collect.ts';
import { md5, sha1, sha256, sha512 } from './digests.ts';

const asText = (text: string) => readAll(text, { format: 'text' });

describe('free text', () => {
  it('gives line and column in characters', () => {
    const found = asText(`\n  é✓ (${md5(1)}), ${sha1(2)}\nnothing\n`);
    expect(found.hashes.map(({ line, column, digests }) => [line, column, digests[0]])).toEqual([
      [2, 7, md5(1)],
      [2, 42, sha1(2)],
    ]);
    expect(found.without).toEqual([{ line: 3, reason: 'no hash in this line' }]);
    expect(found.otherLines).toBe(1);
  });

  it('takes digests from paths, addresses and records', () => {
    const found = asText(
      `c:\\q\\${md5(1)}.exe\nVirusShare_${md5(2)}\nhxxp://a[.]b/${sha256(3)}?x\n{"sha1":"${sha1(4)}"}\nSHA256：${sha256(5)}。\n`,
    );
    expect(found.hashes.map(({ digests }) => digests[0])).toEqual([md5(1), md5(2), sha256(3), sha1(4), sha256(5)]);
  });

  it('never takes a slice of a longer run', () => {
    const found = asText(`${sha512(1)} ${sha256(2)}0 x${md5(3)} ${md5(4)}z ${sha1(5).slice(1)} 0x${sha1(6)}\n`);
    expect(found.hashes).toEqual([]);
    expect(found.notDigests).toEqual({ 'longer hex run': 2, 'hex run of another length': 1 });
  });

  it('names what only looks like a digest of the file', () => {
    const found = asText(
      [
        `imphash: ${md5(1)}`,
        `Hashes=MD5=${md5(2)},IMPHASH=${md5(3)}`,
        `"authentihash" : "${sha256(4)}"`,
        `PE SHA256: ${sha256(5)}`,
        `Description-md5: ${md5(6)}`,
        `machine guid {${md5(7)}}`,
        '{123E4567-E89B-12D3-A456-426614174000}',
        `BuildID[sha1]=${sha1(8)}`,
        `Thumbprint => ${sha1(9)}`,
        `commit ${sha1(10)}`,
        `sha3-256 ${sha256(11)}`,
        `TLSH=T1${sha256(12)}abcdef`,
      ].join('\n'),
    );
    expect(found.hashes.map(({ digests }) => digests[0])).toEqual([md5(2)]);
    expect(found.notDigests).toEqual({
      imphash: 2,
      authentihash: 1,
      pesha256: 1,
      'description-md5': 1,
      uuid: 2,
      'build id': 1,
      'certificate hash': 1,
      'git commit': 1,
      sha3: 1,
      tlsh: 1,
    });
    expect(found.reported).toBe(found.counted);
  });

  it('sets aside what rules, scanners, packages and repositories write', () => {
    const commit = 'https://github.com/acme/tool';
    const found = asText(
      [
        `pe.imphash() == "${md5(1)}" or pe.imphash()=="${md5(2)}"`,
        `hash.md5(0, filesize) == "${md5(3)}"`,
        `FIRSTBYTES: 4d5a90000300000004000000ffff0000b8000000 / MZ SHA1: ${sha1(4)}`,
        `PackageVerificationCode: ${sha1(5)}`,
        `PackageChecksum: SHA1: ${sha1(6)}`,
        `see ${commit}/commit/${sha1(7)} and ${commit}/blob/${sha1(8)}/src/a.c#L1`,
        `https://raw.githubusercontent.com/acme/tool/${sha1(9)}/a.txt`,
        `https://raw.githubusercontent.com/acme/tool/main/${sha256(10)}.bin`,
        `https://www.virustotal.com/gui/file/${sha256(11)} https://bazaar.example/blob/${sha256(12)}`,
      ].join('\n'),
    );
    expect(found.hashes.map(({ digests }) => digests[0])).toEqual([
      md5(3),
      sha1(4),
      sha1(6),
      sha256(10),
      sha256(11),
      sha256(12),
    ]);
    expect(found.notDigests).toEqual({ imphash: 2, 'first bytes': 1, 'verification code': 1, 'git commit': 3 });
    expect(found.reported).toBe(found.counted);
  });

  it('carries the text around a digest', () => {
    const far = 'word '.repeat(60);
    const [hash] = asText(`${far}before ${md5(1)} after ${far}\n`).hashes;
    expect(hash?.carried[0]).toMatch(new RegExp(`before ${md5(1)} after word`));
    expect(hash?.carried[0]?.length).toBeLessThan(300);
  });
});

describe('setAsideBy', () => {
  it('looks at the words right in front, and at nothing else', () => {
    expect(
      ['imphash,', 'imphash\\', 'the imphash and md5 ', 'sha256: ', 'hash=', '', 'signed by x, file '].map(setAsideBy),
    ).toEqual([null, null, null, null, null, null, null]);
    expect(
      ['Imphash -> ', 'import hash: "', "vhash='", '(imphash) ', 'ja3=', 'serial number: '].map(setAsideBy),
    ).toEqual(['imphash', 'imphash', 'vhash', 'imphash', 'network fingerprint', 'serial number']);
  });
});

describe('list or sample', () => {
  const prose = (lines: number): string => 'just some words\n'.repeat(lines);

  it('takes text for a list from one line in five with a hash', () => {
    expect(recogniseText(prose(4) + `see ${md5(1)}\n`)).toMatchObject({ format: 'text', isList: true });
    expect(recogniseText(prose(5) + `see ${md5(1)}\n`)).toMatchObject({ format: 'text', isList: false });
    expect(recogniseText(prose(1)).isList).toBe(false);
    expect(recogniseText('').isList).toBe(false);
  });

  it('never takes a binary file for a list', () => {
    const bytes = `MZ\0\0\u0003${'\0'.repeat(200)}${`${md5(1)}\n`.repeat(20)}`;
    expect(recogniseText(bytes)).toMatchObject({ format: 'text', isList: false });
  });

  it('does not take a table without hashes for a list', () => {
    expect(recogniseText('name,size,date\na,1,2\nb,2,3\n').isList).toBe(false);
  });
});
