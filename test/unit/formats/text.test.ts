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

  it('knows keys and tokens of people, so that none is taken for the MD5 of a file', () => {
    expect(
      ['PHPSESSID=', 'api_key: ', 'x-apikey: ', '"apiKey": "', 'token=', 'client_secret = ', 'DeviceId != "'].map(
        setAsideBy,
      ),
    ).toEqual([...Array.from({ length: 6 }, () => 'key or token'), 'identifier']);
    expect(['key: ', 'secretary: ', 'tokens.txt '].map(setAsideBy)).toEqual([null, null, null]);
  });

  it('knows ids of messages, images of containers and fingerprints of connections', () => {
    expect(
      ['Message-ID: <', 'process_id=', 'FROM alpine@sha256:', 'tls.fingerprint:"', 'gitHead: '].map(setAsideBy),
    ).toEqual(['identifier', 'identifier', 'container image', 'certificate hash', 'git commit']);
    expect(['process_md5=', '--hash=sha256:', 'digest @sha256:', 'references: '].map(setAsideBy)).toEqual(
      Array.from({ length: 4 }, () => null),
    );
  });

  it('knows commits of addresses, lock files and workflows', () => {
    expect(
      [
        'source = "git+https://example.org/a/b?branch=c#',
        '"resolved": "git+ssh://git@github.com/a/b.git#',
        'see https://github.com/a/b@',
        '- uses: actions/checkout@',
      ].map(setAsideBy),
    ).toEqual(Array.from({ length: 4 }, () => 'git commit'));
    expect(['docker.example.org/a@', 'a.exe#', 'mail me@'].map(setAsideBy)).toEqual([null, null, null]);
  });
});

describe('items below a heading', () => {
  const wholeDigests = (text: string): (string | undefined)[] => {
    const found = readAll(text, { format: 'text' });
    expect(found.counted).toBe(found.reported);
    return found.hashes.map(({ digests }) => digests[0]);
  };

  it('are records of their own when the same line holds a digest of a file', () => {
    const found = asText(`Imphash:\n${sha256(1)}  ${md5(1)}\nother\n`);
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[md5(1)]]);
    expect(found.without.map(({ line, reason }) => [line, reason])).toEqual([
      [1, 'no hash in this line'],
      [2, 'no hash of a file: imphash'],
      [3, 'no hash in this line'],
    ]);
    expect(found.counted).toBe(found.reported);
  });

  it('are set aside when the heading names no digest of a file', () => {
    const text = `Imphash:\n    - '${md5(1)}'\n    - "${md5(2)}"\n\nMD5:\n- ${md5(3)}\nThumbprint:\n${sha1(4)}\nnext ${md5(5)}\n${md5(6)}\n`;
    expect(wholeDigests(text)).toEqual([md5(3), md5(5), md5(6)]);
    expect(readAll(text, { format: 'text' }).notDigests).toEqual({ imphash: 2, 'certificate hash': 1 });
  });

  it('are taken again behind any other line, and where other words stand in front', () => {
    expect(wholeDigests(`Imphash:\n- ${md5(1)}\nother\n- ${md5(2)}\n`)).toEqual([md5(2)]);
    expect(wholeDigests(`Imphash:\nfile ${md5(1)}\n- ${md5(2)}\n`)).toEqual([md5(1), md5(2)]);
    expect(wholeDigests(`Imphash:\n\n- ${md5(1)}\n- ${md5(2)}\n\n${md5(3)}\n`)).toEqual([md5(3)]);
    expect(wholeDigests(`No imphash\n- ${md5(1)}\n`)).toEqual([md5(1)]);
  });

  it('are sections in the table of a report on a program', () => {
    const text = `MD5\t${md5(1)}\nPE Sections\nMD5\tName\tRaw Size\tEntropy\n${md5(2)}\theader\t1024\t2.3\n${md5(3)}\t.text\t4096\t6.1\nDescription\n${md5(4)}\n`;
    expect(wholeDigests(text)).toEqual([md5(1), md5(4)]);
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

  it('takes text for a list from two digests on that it names', () => {
    const list = (text: string): boolean => recogniseText(prose(40) + text).isList;
    const note = (seed: number): string => `- SHA256 hash: ${sha256(seed)}\n- File size: 1,216 bytes\n`;
    expect(list(note(1) + note(2))).toBe(true);
    expect(list(`  hash1 = "${sha256(1)}"\nrule x\n  hash2 = "${sha256(2)}"\n`)).toBe(true);
    expect(list(`<hash alg="MD5">${md5(1)}</hash>\n<hash alg="SHA-1">${sha1(1)}</hash>\n`)).toBe(true);
    expect(list(`sha256,${sha256(1)},loader\nmd5,${md5(2)},\n`)).toBe(true);
    expect(list(`**SHA-1**: ${sha1(1)}\nMD5 \`${md5(2)}\`\nFile hash = ${md5(3)}\n`)).toBe(true);
    expect(list(`## Samples (SHA-256)\n#### Loader\n\`\`\`\n${sha256(1)} - a\n${sha256(2)} - b\n\`\`\`\n`)).toBe(true);
    expect(list(`SHA-256 of what was dropped:\n- ${sha256(1)}\n- ${sha256(2)}\n`)).toBe(true);
    expect(list(note(1))).toBe(false);
    expect(list(`SHA-256\nother words\n${sha256(1)}\n${sha256(2)}\n`)).toBe(false);
    expect(list(`$a = "${md5(1)}"\n$b = "${md5(2)}"\nImphash: ${md5(3)}\nimphash = ${md5(4)}\n`)).toBe(false);
  });

  it('never takes a binary file for a list', () => {
    const bytes = `MZ\0\0\u0003${'\0'.repeat(200)}${`${md5(1)}\n`.repeat(20)}`;
    expect(recogniseText(bytes)).toMatchObject({ format: 'text', isList: false });
  });

  it('does not take a table without hashes for a list', () => {
    expect(recogniseText('name,size,date\na,1,2\nb,2,3\n').isList).toBe(false);
  });
});

describe('labels behind backslashes', () => {
  it('set aside what they name: JSON in a text, escapes of CEF; folders are no labels', () => {
    const found = readAll(
      `x {\\"imphash\\":\\"${md5(1)}\\",\\"md5\\":\\"${md5(2)}\\"}\nCEF:0|a|b|c|d|e|1|cs1=imphash\\=${md5(3)} md5\\=${md5(4)}\nC:\\certificate\\${md5(5)}\n"C:\\\\cert\\\\${md5(6)}"\n`,
      { format: 'text' },
      [3],
    );
    expect(found.hashes.map(({ digests }) => digests[0])).toEqual([md5(2), md5(4), md5(5), md5(6)]);
    expect(found.notDigests).toEqual({ imphash: 2 });
    expect(found.counted).toBe(found.reported);
  });
});
