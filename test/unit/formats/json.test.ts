import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RULES } from '#shared/domain/basis.ts';
import { kindOfHexLength } from '#shared/domain/hash.ts';
import { jsonlRows } from '#main/destinations/jsonl-rows.ts';
import type { ExportRow } from '#main/services/intake/port.ts';
import { keyRule } from '#main/formats/json/keys/key-rules.ts';
import { readAll } from './collect.ts';
import { md5, sha1, sha256, sha512 } from './digests.ts';

const asJson = (value: unknown) => {
  const found = readAll(typeof value === 'string' ? value : JSON.stringify(value), { format: 'json' });
  expect(found.counted).toBe(found.reported);
  return found;
};
const filesOf = (value: unknown) => asJson(value).hashes.map(({ digests, carried }) => [...digests, ...carried]);

describe('digests of one object', () => {
  it('takes digests whole that unseen characters part', () => {
    const halves = (digest: string, mark: string): string => `${digest.slice(0, 32)}${mark}${digest.slice(32)}`;
    const found = readAll(
      [
        `{"note":"é see ${halves(sha256(1), '\u200b')} end"}`,
        `{"note":"${halves(sha256(2), '\\u200b')}","sha256":"${halves(sha256(3), '\\u00ad')}"}`,
        `{"note":"${md5(4).slice(0, 16)}\u2060${md5(4).slice(16)}"}`,
        '',
      ].join('\n'),
    );
    expect(found.hashes.map(({ line, digests }) => [line, ...digests])).toEqual([
      [1, sha256(1)],
      [2, sha256(2)],
      [2, sha256(3)],
      [3, md5(4)],
    ]);
    expect([found.rejected, found.notDigests, found.reported]).toEqual([[], {}, found.counted]);
  });

  it('are one file, with its name, size and place', () => {
    expect(filesOf({ file: { name: 'a.exe', size: 12, md5: md5(1), sha1: sha1(1), sha256: sha256(1) } })).toEqual([
      [sha256(1), sha1(1), md5(1), 'a.exe', '12', 'file.md5'],
    ]);
  });

  it('are those of hashes and attributes below it, too', () => {
    expect(
      filesOf([
        { file: { path: '/a', hash: { md5: md5(1), sha256: sha256(1) } } },
        { name: 'b', Hashes: { 'SHA-256': sha256(2), MD5: md5(2) } },
        {
          name: 'c',
          hashes: [
            { alg: 'MD5', content: md5(3) },
            { alg: 'SHA-256', content: sha256(3) },
            { alg: 'SHA-512', content: sha512(3) },
          ],
        },
        {
          data: {
            id: sha256(4),
            type: 'file',
            attributes: { md5: md5(4), sha256: sha256(4), meaningful_name: 'd.exe', size: 7 },
          },
        },
      ]).map((cells) => cells.slice(0, -1)),
    ).toEqual([
      [sha256(1), md5(1), '/a', ''],
      [sha256(2), md5(2), 'b', ''],
      [sha256(3), md5(3), 'c', ''],
      [sha256(4), md5(4), 'd.exe', '7'],
    ]);
  });

  it('below `resources` are files in the answer of a service, and parts of a program elsewhere', () => {
    const resources = [{ id: md5(9), behaviors: [{ sha256: sha256(1), md5: md5(1), filename: 'a.exe' }] }];
    const answer = { meta: { trace_id: 'x' }, errors: [], resources };
    for (const text of [JSON.stringify(answer), JSON.stringify([answer]), `${JSON.stringify(answer)}\n`]) {
      const found = readAll(text);
      expect([found.recognition.format, found.counted]).toEqual(['json', found.reported]);
      expect(found.hashes.map(({ digests, carried }) => [...digests, carried[0]])).toEqual([
        [sha256(1), md5(1), 'a.exe'],
      ]);
    }
    const program = { sha256: sha256(2), meta: {}, pe: { resources: [{ name: 'ICON', sha256: sha256(3) }] } };
    expect(asJson(program)).toMatchObject({ hashes: [{ digests: [sha256(2)] }], notDigests: { 'resource hash': 1 } });
  });

  it('are no zeros, which would tie all files together', () => {
    const zeros = '0'.repeat(40);
    const found = asJson([
      { sha256: sha256(1), sha1: zeros, name: 'a' },
      { sha256: sha256(2), sha1: zeros, name: 'b' },
      { sha1: zeros, name: 'c' },
    ]);
    expect(found.hashes.map(({ digests, carried }) => [...digests, carried[0]])).toEqual([
      [sha256(1), 'a'],
      [sha256(2), 'b'],
    ]);
    expect([found.without.length, found.notDigests]).toEqual([1, { 'zeros for a missing digest': 3 }]);
  });

  it('named for another file are a file of their own', () => {
    expect(
      filesOf({
        FileName: 'a.exe',
        SHA1: sha1(1),
        SHA256: sha256(1),
        InitiatingProcessSHA256: sha256(2),
        InitiatingProcessMD5: md5(2),
        InitiatingProcessFileName: 'cmd.exe',
      }).map((cells) => cells.slice(0, -2)),
    ).toEqual([
      [sha256(1), sha1(1), 'a.exe'],
      [sha256(2), md5(2), 'cmd.exe'],
    ]);
  });
});

describe('what repeats a file of the same row', () => {
  it('is no record of its own, wherever it stands', () => {
    expect(
      filesOf([
        {
          links: { self: `https://www.virustotal.com/api/v3/files/${sha256(1)}` },
          file: { name: 'a', md5: md5(1), sha256: sha256(1) },
          related: { hash: [md5(1), sha256(1), sha1(9)] },
        },
        { note: `see ${sha256(1)}` },
      ]),
    ).toEqual([
      [sha256(1), md5(1), 'a', '', 'file.md5'],
      [sha1(9), '', '', 'related.hash'],
      [sha256(1), '', '', 'note'],
    ]);
  });

  it('is one in a list of hashes', () => {
    expect(filesOf({ sha256: [sha256(1), sha256(1), sha256(2)] }).map(([hex]) => hex)).toEqual([1, 1, 2].map(sha256));
    expect(filesOf([md5(1), md5(1)]).map(([hex]) => hex)).toEqual([md5(1), md5(1)]);
    expect(filesOf({ md5: [md5(1)], sha256: [sha256(1)] })).toEqual([[sha256(1), md5(1), '', '', 'md5']]);
  });
});

describe('keys', () => {
  it('that hold digests are records', () => {
    expect(filesOf({ verdicts: { [sha256(1)]: 'malicious', [md5(2)]: { score: 9 } } })).toEqual([
      [sha256(1), '', '', 'verdicts'],
      [md5(2), '', '', 'verdicts'],
    ]);
  });

  it.each([
    ['sha256', 'digest'],
    ['SHA256HashData', 'digest'],
    ['process.hash.md5', 'digest'],
    ['file_sha1', 'digest'],
    ['Hashes', 'any'],
    ['checksumValue', 'any'],
    ['sha256_first_seen', 'any'],
    ['imphash', 'never'],
    ['authentihash', 'never'],
    ['ssdeep', 'never'],
    ['uuid', 'never'],
    ['cert_thumbprint', 'never'],
    ['etag', 'never'],
    ['agent_id', 'id'],
    ['aid', 'id'],
    ['hash_type', 'type'],
    ['FolderPath', 'name'],
    ['user_name', 'other'],
    ['file_size', 'size'],
  ])('%s is of the role %s', (name, role) => {
    expect(keyRule(name).role).toBe(role);
  });

  it('that promise a digest have damaged ones rejected, with their place', () => {
    const found = asJson(`{\n  "md5": "${md5(1).slice(1)}",\n  "other": {"sha256": "${md5(2)}"}\n}`);
    expect(found.rejected.map(({ line, column, reason }) => [line, column, reason])).toEqual([
      [3, 24, 'sha256: SHA-256 is named, but the hash has the length of MD5'],
      [2, 11, 'md5: 31 hex digits; MD5 has 32, SHA-1 40, SHA-256 64'],
    ]);
  });

  it('beside an algorithm obey it', () => {
    const found = asJson([
      { algorithm: 'SHA3-256', hash: sha256(1) },
      { algorithm: 'sha256', hash: md5(1) },
      { hash_type: 'sha1', value: sha1(3) },
    ]);
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[sha1(3)]]);
    expect(found.notDigests).toEqual({ sha3: 1 });
    expect([found.without.length, found.rejected.length]).toEqual([1, 1]);
  });

  it('of event logs hold several digests of one file', () => {
    const packed = `SHA1=${sha1(1)},MD5=${md5(1)},SHA256=${sha256(1)},IMPHASH=${md5(9)}`;
    const found = asJson({ EventData: { Image: 'C:\\a.exe', Hashes: packed } });
    expect(found.hashes.map(({ digests, carried }) => [...digests, carried[0]])).toEqual([
      [sha256(1), sha1(1), md5(1), 'C:\\a.exe'],
    ]);
    expect(found.notDigests).toEqual({ imphash: 1 });
  });
});

describe('rows of our own export', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('"', '\\', '\u2028', '\n'));
  const row = fc.record({ name: text, note: text, seed: fc.nat(50), mask: fc.integer({ min: 1, max: 7 }) });

  it('are read back as the files they were', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 6 }), fc.integer({ min: 1, max: 200 }), (rows, size) => {
        const write = jsonlRows(['name', 'note'], 1_800_000_000);
        const expected = rows.map(({ name, seed, mask }, index) => {
          const digests = [sha256(seed), sha1(seed), md5(seed)].filter((_, place) => (mask & (4 >> place)) !== 0);
          return { line: index + 1, digests, name: Buffer.from(name).toString() };
        });
        const written = rows.map(({ name, note }, index) =>
          write(exported(expected[index]?.digests ?? [], [name, note], index + 1)),
        );
        const found = readAll(written.join(''), {}, [size]);
        expect(found.recognition.format).toBe('json');
        expect(found.hashes.map(({ line, digests, carried }) => ({ line, digests, name: carried[0] }))).toEqual(
          expected,
        );
        expect([found.counted, found.reported]).toEqual([rows.length, rows.length]);
      }),
      { numRuns: 150 },
    );
  });

  it('hold no other digests than their own, whatever stood beside them in the list they come from', () => {
    const write = jsonlRows(['parent', 'sha256', 'note'], 1_800_000_000);
    const rows = [1, 2].map((line) => write(exported([sha256(line)], [md5(9), sha256(8), sha1(7)], line)));
    const found = readAll(rows.join(''), {});
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[sha256(1)], [sha256(2)]]);
    expect(found.notDigests).toEqual({ 'value of a carried column': 6 });
  });

  function exported(digests: readonly string[], carried: readonly string[], line: number): ExportRow {
    const named = digests.map((hex) => [kindOfHexLength(hex.length) ?? 'md5', hex] as const);
    return {
      entry: line,
      hash: digests[0] ?? '',
      kind: named[0]?.[0] ?? 'md5',
      verdict: { status: 'unknown', rule: RULES[0], source: null, agreeing: 0, answeredAt: null, flags: [] },
      file: 'list.csv',
      line,
      occurrences: 1,
      carried: [...carried],
      digests: Object.fromEntries(named),
      where: [{ file: 'list.csv', line }],
    };
  }
});
