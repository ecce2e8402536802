import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricEvent } from '#main/db/repositories/metrics/record.ts';
import { programFolder } from '#main/platform/resources.ts';
import { sourceCode } from '#shared/domain/source.ts';
import { run, type Ran } from '#test/unit/terminal/stage.ts';
import { changingWorld, DAY, START, type ChangingWorld } from '../history/changing-world.ts';

const HOUR = 3600;
const VIRUSTOTAL = sourceCode('virustotal');

/** `assay usage` on a real database. The clock stands at 08:00 UTC. */
describe('assay usage', () => {
  let world: ChangingWorld;
  let folder: string;
  const usage = (...words: readonly string[]): Promise<Ran> =>
    run(['usage', ...words], {
      now: () => START * 1000,
      openEngine: () => Promise.resolve({ ...world.engine, dispose: () => Promise.resolve() }),
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'assay-usage-'));
    world = await changingWorld();
    const events: MetricEvent[] = [
      { kind: 'pairsSent', at: START - 40 * DAY, source: VIRUSTOTAL, amount: 100 },
      { kind: 'pairsSent', at: START - 8 * DAY, source: VIRUSTOTAL, amount: 100 },
      { kind: 'pairsSent', at: START - 2 * DAY, source: VIRUSTOTAL, amount: 1200 },
      { kind: 'pairsSent', at: START - HOUR, source: sourceCode('wildfire'), amount: 34 },
      { kind: 'requestSettled', at: START - HOUR, source: VIRUSTOTAL, detail: 'quota', amount: 3 },
      { kind: 'requestMs', at: START - HOUR, source: VIRUSTOTAL, amount: 250 },
      { kind: 'requestMs', at: START - HOUR, source: VIRUSTOTAL, amount: 500 },
      { kind: 'pairsAvoided', at: START - HOUR, source: VIRUSTOTAL, detail: 'fresh', amount: 40 },
      { kind: 'databaseBytes', at: START - HOUR, amount: 6_100_000_000 },
      { kind: 'itemsTotal', at: START - HOUR, source: VIRUSTOTAL, detail: 'malicious', amount: 7 },
    ];
    for (const event of events) {
      await world.engine.database.write('recordMetric', event);
    }
  });
  afterAll(async () => {
    await world.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('prints every panel with its total, its most and a row over time', async () => {
    const { code, out, err } = await usage();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(1 + 19 + 1);
    expect(lines[1]).toMatch(/^Outbound Items +1,234 +1,200, 20 Nov, 06:00 to 12:00 +_{19}█_{7}▁$/);
    // Nobody looks each minute here: the command itself has looked.
    expect(out).toMatch(/\nDatabase Size +[\d.]+ kB /);
    expect(out).toMatch(/\nAnswer time +375 ms /);
    expect(out).toMatch(/\nHash List +0 /);
    expect(out).toMatch(/\nAge of the cache +not known/);
    expect(lines.at(-1)).toBe('15 Nov 12:00 UTC to 22 Nov 12:00 UTC; times in UTC. _ is none; a gap is not known.');
    // The rows over time begin below each other.
    const head = lines[0] ?? '';
    expect(lines.slice(1, -1).every((line) => line.length <= head.indexOf('over time') + 29)).toBe(true);
  });

  it('says that nothing is recorded where nothing is', async () => {
    const empty = await changingWorld();
    const openEngine = () => Promise.resolve({ ...empty.engine, dispose: () => Promise.resolve() });
    const { code, out } = await run(['usage'], { now: () => START * 1000, openEngine });
    await empty.dispose();
    expect([code, out]).toEqual([
      0,
      'Nothing is recorded yet. Figures appear here once lists are read, hashes looked up or sources asked.\n',
    ]);
  });

  it.each([[], ['--saved'], ['--forecast']])('says in a table that what it tells is made up: %j', async (...words) => {
    const engine = { ...world.engine, simulated: true, dispose: () => Promise.resolve() };
    const shell = { now: () => START * 1000, openEngine: () => Promise.resolve(engine) };
    const { out } = await run(['usage', ...words], shell);
    expect(out).toMatch(/\nThe sources of this data directory are simulated: what they answered is made up\.\n$/);
    const data = await run(['usage', ...words, '--format', 'json'], shell);
    expect(() => JSON.parse(data.out) as unknown).not.toThrow();
  });

  it('says the parts of a panel that is named, and compares', async () => {
    const { out } = await usage('--panel', 'outbound-items', '--compare');
    expect(
      out
        .split('\n')
        .slice(1, 5)
        .map((line) => line.replaceAll(/ {2,}/g, ' | ')),
    ).toEqual([
      expect.stringMatching(/^Outbound Items \| 1,234 \| \+1,134 % \| 1,200, 20 Nov/),
      expect.stringMatching(/^ \| VirusTotal \| 1,200 \| 1,200, 20 Nov/),
      expect.stringMatching(/^ \| WildFire \| 34 \| 34, 22 Nov/),
      'Outbound Items: 1,234 items in 7 days, 1,134 % more than in the 7 days before; most on 20 Nov, 06:00 to 12:00 UTC: 1,200. VirusTotal 1,200, WildFire 34.',
    ]);
  });

  it('writes the documented JSON, one panel a line as JSON Lines, one value a row as CSV', async () => {
    const words = ['--panel', 'outbound-items,flips', '--since', '2026-11-20..2026-11-23', '--step', '1d'];
    const json = JSON.parse((await usage(...words, '--format', 'json')).out) as Record<string, unknown>;
    const head = {
      format: 'assay-usage',
      version: 1,
      program: expect.any(String),
      simulated: false,
      madeAt: '2026-11-22T08:00:00Z',
      askedFrom: '2026-11-20T00:00:00Z',
      askedTo: '2026-11-23T00:00:00Z',
    };
    const starts = ['2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z'];
    const first = {
      panel: 'outbound-items',
      title: 'Outbound Items',
      unit: 'items',
      measure: 'sum',
      split: 'source',
      from: '2026-11-20T00:00:00Z',
      to: '2026-11-23T00:00:00Z',
      stepSeconds: DAY,
      recordedSince: '2026-10-13T08:00:00Z',
      total: 1234,
      peak: 1200,
      starts,
      totals: [1200, 0, 34],
      parts: [
        { key: 'virustotal', label: 'VirusTotal', total: 1200, values: [1200, 0, 0] },
        { key: 'wildfire', label: 'WildFire', total: 34, values: [0, 0, 34] },
      ],
      before: null,
      text: '1,234 items in 3 days; most on 20 Nov UTC: 1,200. VirusTotal 1,200, WildFire 34.',
    };
    expect(json).toEqual({
      ...head,
      panels: [first, expect.objectContaining({ panel: 'flips', total: 0, parts: [], totals: [0, 0, 0] })],
    });
    const lines = (await usage(...words, '--format', 'jsonl')).out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { ...head, ...first },
      expect.objectContaining({ ...head, panel: 'flips' }),
    ]);
    expect((await usage(...words, '--format', 'csv')).out.split('\n')).toEqual([
      'panel,start,end,part,value,unit',
      'outbound-items,2026-11-20T00:00:00Z,2026-11-21T00:00:00Z,virustotal,1200,items',
      'outbound-items,2026-11-21T00:00:00Z,2026-11-22T00:00:00Z,virustotal,0,items',
      'outbound-items,2026-11-22T00:00:00Z,2026-11-23T00:00:00Z,virustotal,0,items',
      'outbound-items,2026-11-20T00:00:00Z,2026-11-21T00:00:00Z,wildfire,0,items',
      'outbound-items,2026-11-21T00:00:00Z,2026-11-22T00:00:00Z,wildfire,0,items',
      'outbound-items,2026-11-22T00:00:00Z,2026-11-23T00:00:00Z,wildfire,34,items',
      // Nothing turned, which is not the same as nothing known.
      'flips,2026-11-20T00:00:00Z,2026-11-21T00:00:00Z,all,0,items',
      'flips,2026-11-21T00:00:00Z,2026-11-22T00:00:00Z,all,0,items',
      'flips,2026-11-22T00:00:00Z,2026-11-23T00:00:00Z,all,0,items',
      '',
    ]);
  });

  it('writes the fields that the README lists', async () => {
    const readme = readFileSync(join(programFolder(), 'README.md'), 'utf8');
    const tables = /<!-- usage-fields -->([\s\S]*?)<!-- \/usage-fields -->/.exec(readme)?.[1] ?? '';
    const [head, panel] = tables
      .split('| field')
      .slice(1)
      .map((table) => [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name));
    const words = ['--panel', 'flips', '--format'];
    const json = JSON.parse((await usage(...words, 'json')).out) as Record<string, unknown>;
    expect(Object.keys(json)).toEqual(head);
    const line = JSON.parse((await usage(...words, 'jsonl')).out) as Record<string, unknown>;
    expect(Object.keys(line)).toEqual([...(head ?? []).slice(0, -1), ...(panel ?? [])]);
  });

  it('leaves a value of CSV empty where it is not known', async () => {
    const words = ['--panel', 'outbound-items', '--since', '2026-10-12..2026-10-14', '--step', '1d'];
    expect((await usage(...words, '--format', 'csv')).out.split('\n').slice(1, 3)).toEqual([
      'outbound-items,2026-10-12T00:00:00Z,2026-10-13T00:00:00Z,virustotal,,items',
      'outbound-items,2026-10-13T00:00:00Z,2026-10-14T00:00:00Z,virustotal,100,items',
    ]);
  });

  it('writes what a collector of files reads, whole and for others to read', async () => {
    const out = join(folder, 'assay.prom');
    expect(await usage('--prometheus', '--out', out)).toMatchObject({ code: 0, out: '' });
    expect(await usage('--prometheus', '--out', out)).toMatchObject({ code: 1 });
    expect(await usage('--prometheus', '--force', '--out', out)).toMatchObject({ code: 0, out: '' });
    const text = readFileSync(out, 'utf8');
    expect(statSync(out).mode & 0o777).toBe(0o644);
    expect(text).toContain(
      '# HELP assay_outbound_items_total Pairs of a hash and a source that were sent.\n' +
        '# TYPE assay_outbound_items_total counter\n' +
        'assay_outbound_items_total{source="wildfire"} 34\n' +
        'assay_outbound_items_total{source="virustotal"} 1400\n',
    );
    expect(text).toContain('assay_outbound_requests_total{source="virustotal",outcome="quota"} 3\n');
    expect(text).toContain(
      '# TYPE assay_request_duration_seconds summary\n' +
        'assay_request_duration_seconds_sum{source="virustotal"} 0.75\n' +
        'assay_request_duration_seconds_count{source="virustotal"} 2\n',
    );
    expect(text).toContain('assay_items{source="virustotal",status="malicious"} 7\n');
    expect(text).toContain('# TYPE assay_database_bytes gauge\nassay_database_bytes ');
    // Each name is described once, before its first sample, and no line is anything else.
    const names = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(text).toMatch(
      /^(?:(?:# (?:HELP|TYPE) assay_\S+ .+|assay_[a-z_]+(?:\{[a-z]+="[^"\n]*"(?:,[a-z]+="[^"\n]*")*\})? [\d.e+]+)\n)+$/,
    );
  });

  it('counts on from one reading to the next', async () => {
    const total = async (): Promise<number> => {
      const { out } = await usage('--prometheus');
      return Number(/assay_calls_avoided_total\{source="virustotal",reason="fresh"\} (\d+)/.exec(out)?.[1]);
    };
    const before = await total();
    await world.engine.database.write('recordMetric', {
      kind: 'pairsAvoided',
      // Not before all others: from its day on every count is known.
      at: START - 39 * DAY,
      source: VIRUSTOTAL,
      detail: 'fresh',
      amount: 2,
    });
    expect(await total()).toBe(before + 2);
  });

  it('says what was saved, and when quotas end', async () => {
    expect((await usage('--saved', '--since', '24h')).out).toMatch(
      /^source +not asked +calls saved +days of quota +price\nVirusTotal +40 +40 /,
    );
    expect((await usage('--forecast')).out).toBe('No source that is enabled has a limit for its hour, day or month.\n');
    await world.engine.handlers['sources.set']({
      source: 'wildfire',
      change: { enabled: true, callsPerDay: 500, callsPerMonth: null },
    });
    const { out } = await usage('--forecast');
    expect(out.split('\n').slice(-2)).toEqual(['WildFire cannot be asked: 0 of 500 calls of its day are spent.', '']);
    expect(JSON.parse((await usage('--forecast', '--format', 'json')).out)).toMatchObject([
      { source: 'wildfire', window: 'day', spent: 0, limit: 500, usedUpAt: null, basis: 'none' },
    ]);
  });

  it.each([
    [['--since', 'yesterday'], /is not a time/],
    [['--since', '0h'], /at least 1h/],
    [['--since', '2026-11-01..2026-11-02..2026-11-03'], /is not a time/],
    [['--since', '99999d', '--step', '1d'], /more than 4000 intervals/],
    [['--since', '2030-01-01'], /still to come/],
    [['--since', '2026-11-02..2026-11-01'], /ends before/],
    [['--since', '2026-02-30'], /is not a date/],
    [['--panel', 'nonsense'], /is not a panel/],
    [['--step', '7'], /is not a length/],
    [['--step', '3min'], /Intervals are/],
    [['--step', '1min', '--since', '30d'], /more than 4000 intervals/],
    [['--split', 'door', '--panel', 'flips'], /Verdict flips is broken down by direction or source/],
    [['--forecast', '--saved'], /cannot be used with/],
  ])('%j is wrong usage', async (words, message) => {
    const { code, out, err } = await usage(...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
  });
});
