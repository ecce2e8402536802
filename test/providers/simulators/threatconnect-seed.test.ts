import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SAMPLE_FILES } from '#main/simulators/threatconnect/world/samples.ts';
import { seededIndicators } from '#main/simulators/threatconnect/world/seed.ts';
import { INDICATOR_TYPE_NAMES, type StoredIndicator } from '#main/simulators/threatconnect/world/indicator.ts';
import { ask, closeAfterEach, DAY_MS, listOf, NOW, started } from './threatconnect-stage.ts';

closeAfterEach();

const seeded = (count: number, seed = 1): readonly StoredIndicator[] => [...seededIndicators(count, seed, NOW)];

describe('a seeded instance', () => {
  it('is the same for the same seed, and as large as it was asked to be', () => {
    expect(seeded(300)).toEqual(seeded(300));
    expect(seeded(300)).toHaveLength(300);
    expect(seeded(300, 2)).not.toEqual(seeded(300));
    expect(new Set(seeded(5000).map(({ id }) => id)).size).toBe(5000);
  });

  it('has what a client has to cope with', () => {
    const rows = seeded(20_000);
    const share = (isMeant: (row: StoredIndicator) => boolean): number => rows.filter(isMeant).length / rows.length;
    expect(new Set(rows.map(({ type }) => type))).toEqual(new Set(INDICATOR_TYPE_NAMES));
    expect(share(({ type }) => type === 'Address' || type === 'File' || type === 'Host')).toBeGreaterThan(0.85);
    expect(share(({ rating }) => rating === null)).toBeGreaterThan(0.1);
    expect(share(({ active }) => !active)).toBeGreaterThan(0.02);
    expect(share(({ falsePositives }) => falsePositives > 3)).toBeGreaterThan(0.02);
    expect(share(({ tags }) => tags.length === 0)).toBeGreaterThan(0.2);
    expect(share(({ lastModified }) => lastModified > NOW - 30 * DAY_MS)).toBeGreaterThan(0.25);
    const summaries = rows.map(({ summary }) => summary);
    for (const meant of [
      /^(10\.20|192\.168|127\.0)\.\d+\.\d+$/,
      /^3ffe(:[0-9a-f]{1,4}){7}$/,
      /^fd00:/,
      /^[0-9A-F]{32} : [0-9A-F]{40} : [0-9A-F]{64}$/,
      /^[0-9A-F]{40}$/,
      /^xn--/,
      / /,
      /^[A-Z0-9-]+\.[A-Z]+\.MADEUP$/,
      /\.test$/,
    ]) {
      expect(
        summaries.some((summary) => meant.test(summary)),
        String(meant),
      ).toBe(true);
    }
    const tags = new Set(rows.flatMap((row) => row.tags));
    expect([...tags]).toEqual(expect.arrayContaining(['phishing', 'Phishing', `O'Malley`, String.raw`share\temp`]));
  });

  it('tells some indicators twice, by different owners', () => {
    const byName = Map.groupBy(seeded(5000), ({ type, summary }) => `${type} ${summary}`);
    const doubles = [...byName.values()].filter((rows) => rows.length > 1);
    expect(doubles.length).toBeGreaterThan(20);
    expect(doubles.every((rows) => new Set(rows.map(({ owner }) => owner)).size === rows.length)).toBe(true);
  });

  it('begins with files of the sample lists that come with the program', async () => {
    const list = readFileSync(new URL('../../../resources/samples/autoruns-host12.csv', import.meta.url), 'latin1');
    const items = readFileSync(new URL('../../../resources/sample-items.jsonl', import.meta.url), 'utf8');
    const lines = list.split('\n');
    const statusOf = (sha256: string): unknown => {
      const line = items.split('\n').find((item) => item.includes(sha256.toLowerCase()));
      return (JSON.parse(line ?? '{}') as { readonly status?: string }).status;
    };
    for (const [md5, sha1, sha256] of SAMPLE_FILES) {
      expect(
        lines.some((line) => [md5, sha1, sha256].every((digest) => line.includes(digest))),
        md5,
      ).toBe(true);
    }
    const statuses = SAMPLE_FILES.map(([, , sha256]) => statusOf(sha256));
    expect(statuses).toEqual([
      ...Array.from({ length: 6 }, () => 'non-malicious'),
      'malicious',
      'suspicious',
      'pending',
      'unknown',
    ]);
    const simulator = await started({ indicators: 300 });
    const tql = 'typeName = "File" and rating >= 4 and lastModified > "NOW() - 30 DAYS" and value3 is not null';
    const { text } = await ask(simulator, listOf({ tql, resultLimit: '500' }));
    expect(SAMPLE_FILES.every(([, , sha256]) => text.includes(sha256))).toBe(true);
  });

  it('of a hundred thousand is there in a moment, and answers in one', async () => {
    // Time of this thread: other work on the machine does not count.
    const before = process.threadCpuUsage();
    const simulator = await started({ indicators: 100_000 });
    const made = process.threadCpuUsage(before);
    expect(simulator.control.count()).toBe(100_000);
    // Four times what it takes.
    expect((made.user + made.system) / 1000).toBeLessThan(4000);
    const tql =
      '(typeName in ("Address","File","Host") and hasTag(summary in ("phishing")) and rating >= 3 and id > 0)';
    const asked = process.threadCpuUsage();
    const answer = await ask(simulator, listOf({ tql, sorting: 'lastModified asc id asc', count: 'true' }));
    expect(answer.body?.count).toBeGreaterThan(1000);
    const took = process.threadCpuUsage(asked);
    expect((took.user + took.system) / 1000).toBeLessThan(1500);
  });
});
