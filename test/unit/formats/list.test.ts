import { describe, expect, it } from 'vitest';
import { readAll, recogniseText } from './collect.ts';
import { md5, sha1, sha256, sha512 } from './digests.ts';

describe('a list', () => {
  it('gives place, digest and the text behind it', () => {
    const found = readAll(
      [
        '# head',
        sha256(1),
        `  ${md5(2).toUpperCase()} evil.exe # on host12`,
        `"${sha1(3)}", second`,
        '',
        `${md5(4)} // remark`,
      ].join('\r\n'),
    );
    expect(found.recognition.format).toBe('list');
    expect(found.hashes).toEqual([
      { line: 2, column: 1, digests: [sha256(1)], carried: [] },
      { line: 3, column: 3, digests: [md5(2)], carried: ['evil.exe # on host12'] },
      { line: 4, column: 2, digests: [sha1(3)], carried: ['second'] },
      { line: 6, column: 1, digests: [md5(4)], carried: ['remark'] },
    ]);
    expect(found.otherLines).toBe(2);
  });

  it('rejects damaged digests with place and reason, and never takes a slice', () => {
    const found = readAll(
      [
        sha256(1),
        sha256(2),
        sha256(3).slice(1),
        sha512(4),
        `${sha256(5).slice(0, 12)}g${sha256(5).slice(13)}`,
        `file.exe ${sha256(6)}`,
        'nothing',
      ].join('\n'),
    );
    expect(found.hashes).toHaveLength(2);
    expect(found.rejected.map(({ line, column, reason }) => [line, column, reason])).toEqual([
      [3, 1, '63 hex digits; MD5 has 32, SHA-1 40, SHA-256 64'],
      [4, 1, '128 hex digits (SHA-512 or BLAKE2b length); MD5 has 32, SHA-1 40, SHA-256 64'],
      [5, 1, '“g” at place 13 is not a hex digit'],
      [6, 10, 'the hash is not at the start of the line'],
    ]);
    expect(found.without).toEqual([{ line: 7, reason: 'no hash in this line' }]);
  });

  it('never takes the first part of a digest that unseen characters part', () => {
    const parted = (digest: string): string => `${digest.slice(0, 32)}\u200b${digest.slice(32)}`;
    for (const text of [
      `${sha256(1)}\n${parted(sha256(2))} # remark\n${sha256(3)}\n`,
      `${parted(sha256(1))}\n${parted(sha256(2))}\n${parted(sha256(3))}\n`,
      `${sha256(1)}\u200b\n${parted(sha256(2))}\n${sha256(3)}\u00ad\n`,
    ]) {
      for (const format of [undefined, 'list']) {
        const found = readAll(text, format === undefined ? {} : { format });
        expect(
          found.hashes.map(({ line, digests }) => [line, digests[0]]),
          `${format} ${text}`,
        ).toEqual([
          [1, sha256(1)],
          [2, sha256(2)],
          [3, sha256(3)],
        ]);
        expect(found.reported).toBe(found.counted);
      }
    }
    const broken = readAll(`${sha256(1)}\n${sha256(2).slice(0, 40)}\u00ad${sha256(2).slice(41)}\n`);
    expect(broken.hashes).toHaveLength(1);
    expect(broken.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [2, '63 hex digits; MD5 has 32, SHA-1 40, SHA-256 64'],
    ]);
  });

  it('is one line, too', () => {
    expect(recogniseText(`${md5(1)}\n`)).toMatchObject({ format: 'list', isList: true, carriedColumns: [] });
    expect(recogniseText(md5(1))).toMatchObject({ format: 'list', isList: true });
    expect(recogniseText(`${md5(1)}  a.txt`)).toMatchObject({ format: 'gnu', isList: true });
  });

  it('leaves out a header line', () => {
    for (const header of ['sha256', 'SHA-256', '"File Hash"', 'IOC', 'MD5 hash']) {
      const found = readAll(`${header}\n${sha256(1)}\n${sha256(2)}\n`);
      expect([found.recognition.format, found.hashes.length, found.otherLines, found.counted], header).toEqual([
        'list',
        2,
        1,
        2,
      ]);
    }
  });
});

describe('a checksum file', () => {
  it('takes only the digest in front, never one in a name', () => {
    const found = readAll(`${md5(1)}  ${sha256(9)}.exe\n${sha256(2)} *${md5(8)}\n`);
    expect(found.recognition.format).toBe('gnu');
    expect(found.hashes.map(({ digests, carried }) => [...digests, ...carried])).toEqual([
      [md5(1), `${sha256(9)}.exe`],
      [sha256(2), md5(8)],
    ]);
  });

  it('keeps names that are no UTF-8 readable', () => {
    const bytes = Buffer.concat([Buffer.from(`${md5(1)}  `), Buffer.from('gr\xfc\xdfe.txt\n', 'latin1')]);
    expect(readAll(bytes).hashes[0]?.carried).toEqual(['grüße.txt']);
  });

  it('refuses an algorithm of the same length that is not SHA-256', () => {
    const found = readAll(`SHA3-256 (a) = ${sha256(1)}\nSM3 (b) = ${sha256(2)}\nSHA256 (c) = ${sha1(3)}\n`);
    expect(found.recognition.format).toBe('bsd');
    expect(found.hashes).toEqual([]);
    expect(found.notDigests).toEqual({ sha3: 1, 'other algorithm': 1 });
    expect(found.rejected.map(({ reason }) => reason)).toEqual([
      'SHA-256 is named, but the hash has the length of SHA-1',
    ]);
  });

  it('reports a certutil block without its hash', () => {
    const end = 'CertUtil: -hashfile command completed successfully.';
    const found = readAll(`MD5 hash of a:\n${md5(1)}\n${end}\nMD5 hash of b:\n${end}\n`);
    expect(found.recognition.format).toBe('certutil');
    expect(found.hashes).toHaveLength(1);
    expect(found.rejected).toEqual([
      { line: 4, column: 0, reason: 'no hash follows this line', excerpt: 'MD5 hash of b:' },
    ]);
  });

  it('takes an unterminated OpenPGP frame for no longer than a frame can be', () => {
    const lines = Array.from({ length: 400 }, (_, index) => `${md5(index)}  f${index}`);
    const found = readAll(`${lines[0]}\n-----BEGIN PGP SIGNATURE-----\n${lines.slice(1).join('\n')}\n`);
    expect(found.hashes).toHaveLength(1 + 399 - 200);
    expect(found.reported).toBe(found.counted);
  });
});

describe('a list of hashes behind 0x', () => {
  it('is read where nothing else is in it, and a guess where addresses look the same', () => {
    for (const [hash, isGuess] of [
      [md5, false],
      [sha1, true],
      [sha256, true],
    ] as const) {
      const text = `# list\n0x${hash(1)}\n0x${hash(2).toUpperCase()} note\n"0x${hash(3)}"\n0x${hash(4).slice(1)}\n`;
      const found = readAll(text, {}, [5]);
      expect(found.recognition).toMatchObject({ format: 'list', isList: true, isGuess });
      expect(found.recognition.why).toContain('start with a hash behind 0x');
      expect(/Ethereum/.test(found.recognition.why)).toBe(isGuess);
      expect(found.hashes.map(({ column, digests }) => [column, ...digests])).toEqual([
        [3, hash(1)],
        [3, hash(2)],
        [4, hash(3)],
      ]);
      expect([found.rejected.length, found.counted]).toEqual([1, 4]);
      expect(recogniseText(text, { format: 'text' }).isGuess).toBe(false);
    }
  });

  it('is not one where hashes without a mark stand beside', () => {
    const found = readAll(`${sha256(1)}\n${sha256(2)}\n0x${sha256(3)}\n`);
    expect(found.hashes).toHaveLength(2);
    expect(found.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [3, '“x” at place 2 is not a hex digit'],
    ]);
  });

  it('is told from addresses and transactions in tables by the names of the columns', () => {
    const rows = `0x${sha256(1)},12,0x${sha1(2)}\n0x${sha256(3)},13,0x${sha1(4)}\n`;
    expect(readAll(`Txhash,Blockno,From\n${rows}`).hashes).toEqual([]);
    expect(readAll(`sha256,Size,From\n${rows}`).recognition).toMatchObject({
      digestColumns: ['sha256'],
      isGuess: false,
    });
    expect(recogniseText(`Wallet,Height,Other\n${rows}`).why).toBe(
      'no column is named as one of hashes; what stands behind 0x looks like addresses of Ethereum',
    );
    const hashed = readAll(`hash,Size,From\n${rows}`).recognition;
    expect(hashed).toMatchObject({ digestColumns: ['hash'], isGuess: true });
    expect(hashed.why).toBe('header names hash, behind 0x as addresses and transactions of Ethereum');
  });
});
