import { afterEach, describe, expect, it } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import type { MetricEvent } from '#main/db/repositories/metrics/record.ts';
import { parseSince } from '#main/shells/terminal/commands/usage/usage-options.ts';
import { totalBefore } from '#shared/domain/usage/compared.ts';
import { grouped } from '#shared/domain/grouped.ts';
import { lastRange, USUAL_BARS } from '#shared/domain/usage/last-range.ts';
import { sourceCode } from '#shared/domain/source.ts';
import { digestOf } from '#test/bench/data.ts';
import { run } from '#test/unit/terminal/stage.ts';
import { changingWorld, DAY, START, type ChangingWorld } from '../history/changing-world.ts';

const HOUR = 3600;
const VIRUSTOTAL = sourceCode('virustotal');
const WILDFIRE = sourceCode('wildfire');

let world: ChangingWorld;
afterEach(() => world.dispose());

const record = async (...events: readonly MetricEvent[]): Promise<void> => {
  for (const event of events) {
    await world.engine.database.write('recordMetric', event);
  }
};
const sent = (at: number, amount: number, source = VIRUSTOTAL): MetricEvent => ({
  kind: 'pairsSent',
  at,
  source,
  amount,
});

describe('a panel of the board', () => {
  it('shows what was recorded up to the moment it is asked for, by whichever process', async () => {
    world = await changingWorld();
    await record(sent(START - 50, 3));
    const other = await openInlineDatabase(world.engine.directory);
    await other.write('recordMetric', sent(START - 20, 4, WILDFIRE));
    await other.close();
    const query = { panel: 'outbound-items', from: START - 120, to: START + 60, points: 10, compare: false } as const;
    const data = await world.engine.usage.panel(query);
    expect(data).toMatchObject({ stepSeconds: 60, total: 7, peak: 7, totals: [null, 7, 0], recordedSince: START - 60 });
    expect(data.series.map(({ key, values }) => [key, values])).toEqual([
      ['wildfire', [null, 4, 0]],
      ['virustotal', [null, 3, 0]],
    ]);
    await record(sent(START, 10));
    expect((await world.engine.usage.panel(query)).totals).toEqual([null, 7, 10]);
  });

  it('knows nothing where nothing was recorded, and says so', async () => {
    world = await changingWorld();
    for (const panel of ['outbound-items', 'total-items', 'latency', 'coverage', 'inbound-items'] as const) {
      const data = await world.engine.usage.panel({ panel, from: START - DAY, to: START, points: 24, compare: true });
      expect(data).toMatchObject({ series: [], total: null, peak: null, recordedSince: null });
      expect(data.before).toEqual({ values: Array.from({ length: 24 }, () => null), total: null });
      expect(data.text).toBe('Nothing is known of these 24 hours.');
    }
  });

  it('compares the present period with as much of the one before', async () => {
    world = await changingWorld();
    // 08:00: two thirds of the day are still to come, so of the day before only what happened until 08:00 counts.
    await record(
      { kind: 'intakeRemoved', at: START - 40 * DAY },
      sent(START - 2 * DAY, 1),
      sent(START - DAY - HOUR, 20),
      sent(START - DAY + 2 * HOUR, 500),
      sent(START - 2 * HOUR, 30),
    );
    const midnight = START - 8 * HOUR;
    const query = { panel: 'outbound-items', from: midnight, to: midnight + DAY, points: 1, compare: true } as const;
    const data = await world.engine.usage.panel(query);
    expect([data.stepSeconds, data.total, data.before]).toEqual([DAY, 30, { values: [520], total: 20 }]);
    expect(data.text).toBe('30 items in 24 hours, 50 % more than in the 24 hours before. VirusTotal 30.');
    const hourly = await world.engine.usage.panel({ ...query, points: 24 });
    expect([hourly.before?.values[7], hourly.before?.values[10], hourly.before?.total]).toEqual([20, 500, 20]);
    expect(hourly.totals.slice(8)).toEqual([0, ...Array.from({ length: 15 }, () => null)]);
  });

  it('compares whole days where nothing finer is kept of them', async () => {
    world = await changingWorld();
    await world.engine.handlers['settings.set']({ usageMinuteDays: 1, usageHourDays: 7 });
    const midnight = START - 8 * HOUR;
    await record(
      sent(midnight - 20 * DAY + 3 * HOUR, 5),
      sent(midnight - 10 * DAY + 20 * HOUR, 7),
      sent(START - 60, 1),
    );
    const query = { panel: 'outbound-items', from: midnight - 9 * DAY, to: midnight + DAY, points: 10 } as const;
    const data = await world.engine.usage.panel({ ...query, compare: true });
    // Ten days ago, at 20:00: later than now in its day, of which no hours are kept.
    expect([data.stepSeconds, data.total, data.before?.total]).toEqual([DAY, 1, 7]);
  });

  it('compares with no interval of which only the end was recorded', async () => {
    world = await changingWorld();
    // Recording began in the middle of the day before yesterday.
    const midnight = START - 8 * HOUR;
    await record(sent(midnight - 2 * DAY + 12 * HOUR, 5), sent(midnight - DAY + HOUR, 7), sent(midnight + HOUR, 9));
    const days = (from: number, points: number) =>
      world.engine.usage.panel({ panel: 'outbound-items', from, to: from + DAY, points, compare: true });
    const yesterday = await days(midnight - DAY, 1);
    expect([yesterday.stepSeconds, yesterday.total, yesterday.before?.values]).toEqual([DAY, 7, [null]]);
    expect([totalBefore(yesterday), yesterday.text.includes('before')]).toEqual([null, false]);
    expect(totalBefore(await days(midnight, 1))).toBe(7);
  });

  it('says the same at every length of interval', async () => {
    world = await changingWorld();
    const events = Array.from({ length: 200 }, (_, place) =>
      sent(START - 6 * DAY + place * 2477, 1 + (place % 7), place % 2 === 0 ? VIRUSTOTAL : WILDFIRE),
    );
    await record(...events);
    const total = events.reduce((sum, { amount = 0 }) => sum + amount, 0);
    for (const stepSeconds of [300, 900, HOUR, 6 * HOUR, DAY, 7 * DAY]) {
      const from = START - 7 * DAY;
      const data = await world.engine.usage.panel({
        panel: 'outbound-items',
        from,
        to: START + DAY,
        points: 1,
        stepSeconds,
        compare: false,
      });
      const sum = data.totals.reduce<number>((all, value) => all + (value ?? 0), 0);
      expect([stepSeconds, data.total, sum]).toEqual([stepSeconds, total, total]);
    }
  });

  it('tells answers, failures and what failed at which source', async () => {
    world = await changingWorld();
    const settled = (detail: string, amount: number, source = VIRUSTOTAL): MetricEvent => ({
      kind: 'requestSettled',
      at: START - 5,
      source,
      detail,
      amount,
    });
    await record(
      settled('answer', 40),
      settled('not-known', 7),
      settled('pending', 3),
      settled('quota', 2),
      settled('transient', 9, WILDFIRE),
      settled('quota', 1, WILDFIRE),
    );
    const range = { from: START - HOUR, to: START };
    const of = async (panel: 'outbound-requests' | 'outbound-successful' | 'outbound-failed') =>
      (await world.engine.usage.panel({ panel, ...range, points: 60, compare: false })).total;
    expect([await of('outbound-requests'), await of('outbound-successful'), await of('outbound-failed')]).toEqual([
      62, 50, 12,
    ]);
    expect((await world.engine.usage.failures(range)).rows).toEqual([
      { source: 'wildfire', reason: 'transient', label: 'not reached', requests: 9 },
      { source: 'virustotal', reason: 'quota', label: 'quota met', requests: 2 },
      { source: 'wildfire', reason: 'quota', label: 'quota met', requests: 1 },
    ]);
  });

  it('counts a list that was read a moment ago, its verdicts and what was answered at once', async () => {
    world = await changingWorld();
    const hashes = [1, 2, 3, 4].map((n) => digestOf('list', n));
    await world.says('wildfire', 'malicious', hashes.slice(0, 1));
    await world.keep('first', hashes.slice(0, 3));
    await world.keep('second', hashes);
    const range = { from: START - HOUR, to: START + 60, points: 2, compare: false };
    const asked = (['inbound-items', 'verdicts', 'coverage'] as const).map((panel) =>
      world.engine.usage.panel({ panel, ...range }),
    );
    const [inbound, verdicts, coverage] = await Promise.all(asked);
    expect(inbound?.series.map(({ label, total }) => [label, total])).toEqual([['lists and folders', 4]]);
    expect(verdicts?.series.map(({ key, total }) => [key, total])).toEqual([
      ['malicious', 2],
      ['unknown', 5],
    ]);
    expect(coverage?.total).toBeCloseTo((100 * 2) / 7);
  });

  it('is refused in a way it is not broken down in', async () => {
    world = await changingWorld();
    const query = { panel: 'verdicts', split: 'source', from: 0, to: START, points: 9, compare: false } as const;
    await expect(world.engine.usage.panel(query)).rejects.toThrow(
      'Verdict mix is broken down by status, not by source.',
    );
  });
});

describe('what was saved', () => {
  it('is counted as each source counts, with its price and the days of quota it would have taken', async () => {
    world = await changingWorld();
    const { handlers, usage } = world.engine;
    await handlers['sources.set']({ source: 'virustotal', change: { callsPerDay: 500, callsPerMonth: null } });
    await handlers['settings.set']({
      callPrices: {
        wildfire: null,
        'recorded-future': null,
        'reversinglabs-a1000': null,
        'reversinglabs-titaniumcloud': null,
        virustotal: 0.02,
      },
      currency: 'EUR',
    });
    await record(
      { kind: 'pairsAvoided', at: START - 9, source: VIRUSTOTAL, detail: 'fresh', amount: 900 },
      { kind: 'pairsAvoided', at: START - 3 * DAY, source: VIRUSTOTAL, detail: 'hash-list', amount: 100 },
      { kind: 'pairsAvoided', at: START - 20 * DAY, source: VIRUSTOTAL, detail: 'fresh', amount: 5000 },
    );
    const saved = await usage.saved({ from: START - 7 * DAY, to: START });
    expect(saved).toEqual({
      currency: 'EUR',
      rows: [{ source: 'virustotal', pairs: 1000, calls: 1000, days: 2, price: 20 }],
    });
    const { total, text } = await usage.panel({
      panel: 'calls-avoided',
      from: START - 7 * DAY,
      to: START,
      points: 29,
      compare: false,
    });
    expect([total, text]).toEqual([
      1000,
      '1,000 calls in 7 days; most on 22 Nov, 06:00 to 12:00 UTC: 900. Fresh answer 900, hash list 100.',
    ]);
  });
});

describe('the strip of the last day', () => {
  it('has four figures by the hour, and says nothing of what was never recorded', async () => {
    world = await changingWorld();
    const before = await world.engine.usage.strip();
    expect(before.items.map(({ panel, total }) => [panel, total])).toEqual([
      ['outbound-items', null],
      ['inbound-items', null],
      ['calls-avoided', null],
      ['outbound-failed', null],
    ]);
    await record(sent(START - 2 * HOUR, 5));
    const { from, to, items, soonest } = await world.engine.usage.strip();
    expect([to - from, to > START, soonest]).toEqual([DAY, true, null]);
    expect([items[0]?.total, items[0]?.values.length, items[0]?.values.at(-3)]).toEqual([5, 24, 5]);
  });
});

describe('the last day', () => {
  it('is the same in the strip, on the board and in the terminal', async () => {
    world = await changingWorld();
    const { usage } = world.engine;
    // Of both ends, where one that rounds to hours, or not at all, would say otherwise.
    await record(
      ...[-DAY - 1200, -DAY + 600, -DAY + 2400, -HOUR, -60, 300].map((from, place) => sent(START + from, 10 ** place)),
    );
    const { from, to, bars } = lastRange(DAY, START);
    const board = await usage.panel({ panel: 'outbound-items', from, to, points: bars, compare: false });
    const strip = await usage.strip();
    expect([strip.from, strip.to, strip.items[0]?.total]).toEqual([board.from, board.to, board.total]);
    expect(strip.items[0]?.values.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(board.total);
    expect(strip.items[0]?.values).toHaveLength(24);
    expect(parseSince(START)('24h')).toEqual({ from, to, bars });
    const openEngine = () => Promise.resolve({ ...world.engine, dispose: () => Promise.resolve() });
    const said = async (...words: readonly string[]): Promise<string> =>
      (
        await run(['usage', '--since', '24h', '--panel', 'outbound-items', ...words], {
          now: () => START * 1000,
          openEngine,
        })
      ).out;
    expect(await said()).toMatch(new RegExp(`^Outbound Items +${grouped(board.total ?? 0)} `, 'm'));
    const { panels } = JSON.parse(await said('--format', 'json')) as { panels: { total: number }[] };
    expect(panels[0]?.total).toBe(board.total);
  });
});

describe('a range of any ends', () => {
  it.each([
    [-5 * HOUR - 2520, -7 * 60],
    [-DAY - 420, -420],
    [-7 * DAY - 4020, -60],
    [-30 * DAY - 4020, -60],
    [-90 * DAY - 3 * HOUR, -3 * HOUR],
  ])('is told as far by tables as by the panels beside them: %i to %i', async (first, last) => {
    world = await changingWorld();
    const [from, to] = [START + first, START + last];
    const around = [-4 * DAY, -DAY / 2, -5000, -1500, -400, -100, 100, 400, 1500, 5000, DAY / 2];
    const events = around.flatMap((offset, place): MetricEvent[] => {
      const amount = 2 ** place;
      const [begins, ends] = [from + offset, to + offset].map((at) => Math.min(at, START));
      return [begins, ends].flatMap((at = 0) => [
        { kind: 'requestSettled', at, source: VIRUSTOTAL, detail: 'quota', amount },
        { kind: 'pairsAvoided', at, source: VIRUSTOTAL, detail: 'fresh', amount },
      ]);
    });
    await record(...events);
    const { usage } = world.engine;
    const total = async (panel: 'outbound-failed' | 'calls-avoided') =>
      (await usage.panel({ panel, from, to, points: USUAL_BARS, compare: false })).total;
    const { rows: failed } = await usage.failures({ from, to });
    expect(failed.map(({ requests }) => requests)).toEqual([await total('outbound-failed')]);
    const { rows: saved } = await usage.saved({ from, to });
    expect(saved.map(({ pairs }) => pairs)).toEqual([await total('calls-avoided')]);
  });
});
