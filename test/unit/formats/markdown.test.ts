import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAll, recogniseText } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

const NOTES = readFileSync(new URL('../../fixtures/lists/markdown.md', import.meta.url));
const table = (header: string, ...rows: string[]): string =>
  `${header}\n${header.replaceAll(/[^|]+/g, '---')}\n${rows.join('\n')}\n`;

describe('Markdown', () => {
  it('takes digests whole that unseen characters part', () => {
    const parted = `${sha256(1).slice(0, 32)}\u200b${sha256(1).slice(32)}`;
    const found = readAll(`| name | value |\n|---|---|\n| a | ${parted} |\n| b | ${sha256(2)} |\n`);
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[sha256(1)], [sha256(2)]]);
    expect(found.notDigests).toEqual({});
  });

  it('reads rows by their headings and the rest as text', () => {
    const found = readAll(NOTES);
    expect(found.recognition.why).toBe('2 tables with the columns SHA256, Imphash, Value');
    expect(found.hashes.map(({ line, digests, carried }) => [line, digests[0], carried[0]])).toEqual([
      [3, sha256(9), ''],
      [7, sha256(1), 'a|b.exe'],
      [8, sha256(2), 'b.exe'],
      [13, md5(3), ''],
      [15, sha256(3), ''],
    ]);
    expect(found.without.map(({ line, reason }) => [line, reason])).toContainEqual([14, 'Imphash is not looked up']);
  });

  it('joins the digests of a row and names what is damaged or of another kind', () => {
    const found = readAll(
      table(
        '| name | MD5 | SHA-1 | parent |',
        `| a | ${md5(1)} | ${sha1(1)} | ${md5(8)} |`,
        `| b | ${md5(2).slice(1)} | | |`,
        `| c | ${sha1(3)} | | |`,
        `| d | ${md5(4)} | ${sha1(4).slice(4)} | |`,
        `| e | ${md5(5)}<br>${md5(6)} | n/a | |`,
        '| f | | - | |',
      ),
    );
    expect(found.hashes.map(({ digests, carried }) => [digests, carried[0]])).toEqual([
      [[sha1(1), md5(1)], 'a'],
      [[md5(4)], 'd'],
      [[md5(5)], 'e'],
      [[md5(6)], 'e'],
    ]);
    expect(found.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [4, '31 hex digits; MD5 has 32, SHA-1 40, SHA-256 64'],
      [5, 'MD5 is named, but the hash has the length of SHA-1'],
    ]);
    expect(found.notDigests).toEqual({ 'damaged digest beside a good one': 1 });
    expect([found.counted, found.reported, found.another]).toEqual([6, 6, 1]);
  });

  it('keeps what came before a cut, wherever it is', () => {
    for (let end = 0; end < NOTES.length; end += 1) {
      const part = readAll(NOTES.subarray(0, end), { format: 'markdown' });
      expect(part.reported).toBe(part.counted);
    }
  });

  it('is a sample, not a list, when its tables name no digests and its text has few', () => {
    const prose = 'just some words\n'.repeat(20);
    expect(recogniseText(`${table('|a|b|', `|x|${md5(1)}|`)}\n${prose}`)).toMatchObject({
      format: 'markdown',
      isList: false,
    });
    expect(recogniseText(`${table('|a|MD5|', `|x|${md5(1)}|`)}\n${prose}`)).toMatchObject({
      format: 'markdown',
      isList: true,
    });
  });

  it('is a list when cells say what two digests are, in however many rows', () => {
    const hosts = Array.from({ length: 20 }, (_, host) => `|Domain|host${host}.example|`);
    const rows = (...more: string[]): string => table('|Type|Value|', ...hosts, ...more);
    expect(recogniseText(rows(`|SHA256|${sha256(1)}|`, `|MD5|${md5(2)}|`)).isList).toBe(true);
    expect(recogniseText(rows(`|SHA256|${sha256(1)}|`, `|Imphash|${md5(2)}|`)).isList).toBe(false);
  });

  it('leaves out of a cell what a label in it sets aside', () => {
    const found = readAll(
      table('|a|b|', `|x|Imphash: \`${md5(1)}\`, MD5: ${md5(2)}|`, `|y|Cookie: PHPSESSID=${md5(3)}|`),
    );
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[md5(2)]]);
    expect(found.notDigests).toEqual({ imphash: 1, 'key or token': 1 });
    expect(found.counted).toBe(found.reported);
  });

  it('is not seen where bars part something else', () => {
    expect(recogniseText(`a|b\n${md5(1)}|x\n${md5(2)}|y\n`).format).not.toBe('markdown');
    expect(recogniseText(`a | b\n---\n${md5(1)}\n`).format).not.toBe('markdown');
  });
});
