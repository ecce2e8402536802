import { describe, expect, it } from 'vitest';
import { readPattern } from '#main/formats/stix/pattern.ts';
import { threadWork } from '#test/unit/thread-work.ts';
import { readAll } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

const bundle = (...objects: unknown[]): string => JSON.stringify({ type: 'bundle', id: 'bundle--1', objects });
const indicator = (pattern: string, more: object = {}): object => ({
  type: 'indicator',
  id: 'indicator--1',
  ...more,
  pattern_type: 'stix',
  pattern,
});
const read = (text: string, format: string) => {
  const found = readAll(text, { format });
  expect(found.counted).toBe(found.reported);
  return found;
};

describe('an object of STIX', () => {
  it('keeps its pattern behind any number of labels', () => {
    const labels = Array.from({ length: 200 }, (_, index) => `label ${index}`);
    const found = read(bundle(indicator(`[file:hashes.MD5 = '${md5(1)}']`, { labels })), 'stix');
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[md5(1)]]);
    expect(found.hashes[0]?.carried[6]).toContain('label 60');
  });

  it('may have a pattern of as many parts as fit, whatever joins them', async () => {
    const hash = `file:hashes.MD5 = '${md5(1)}'`;
    const parts = (count: number, join: string): string => Array.from({ length: count }, () => 'a=1').join(join);
    const patterns = [
      `[${parts(60_000, ' OR ')} OR ${hash}]`,
      `[${parts(9_000, ' AND ')}] OR [${hash}]`,
      `[${hash}] OR [a:b IN (${"'',".repeat(150_000)}'2')]`,
    ];
    const took = await threadWork(() => {
      for (const pattern of patterns) {
        expect(
          readPattern(pattern)
            ?.flat()
            .filter(({ value }) => value === md5(1)),
        ).toHaveLength(1);
      }
    });
    // Copied part by part, the first one alone takes four times as long.
    expect(took).toBeLessThan(2500);
  });
});

describe('an indicator of OpenIOC', () => {
  it('with more digests than are held against each other is counted as it is read', () => {
    const items = Array.from(
      { length: 600 },
      (_, index) =>
        `<IndicatorItem condition="is"><Context search="FileItem/${index % 2 === 0 ? 'Md5sum' : 'Sha1sum'}"/><Content type="md5">${index % 2 === 0 ? md5(index % 40) : sha1(index)}</Content></IndicatorItem>`,
    );
    const found = read(
      `<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="1"><definition><Indicator operator="AND">${items.join('')}</Indicator></definition></ioc>`,
      'openioc',
    );
    expect(found.hashes.length).toBeGreaterThan(300);
  });
});

describe('a row of a page', () => {
  it('with more cells than any table has is rejected, and reading goes on', () => {
    const found = read(`<table><tr>${'<td>'.repeat(100_000)}${md5(1)}</tr><tr><td>${md5(2)}</td></tr></table>`, 'html');
    expect(found.rejected.map(({ reason }) => reason)).toEqual([
      'the row is longer than 1 MiB or has more than 65,536 cells',
    ]);
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[md5(2)]]);
  });
});

describe('a block of fields', () => {
  it('ends behind more fields than a block has', () => {
    const fields = Array.from({ length: 2000 }, (_, index) => `F${index} : x\n`).join('');
    const found = read(`Hash : ${sha256(1)}\n${fields}Hash2 : y\n`, 'get-filehash-list');
    expect(found.hashes).toHaveLength(1);
    expect(found.without).toHaveLength(1);
  });
});
