import { describe, expect, it } from 'vitest';
import type { FlightPlan } from '#shared/contract/scan.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { flightPlanSchema } from '#shared/contract/scan.ts';
import { digest, digests } from '../outbound/world.ts';
import { scriptedSource } from '../outbound/scripted-source.ts';
import { NEVER_ABORTED, rowsOf, scanWorld, type ScanWorld } from './scan-world.ts';

const wildfire = () => scriptedSource('wildfire', { takes: ['sha256', 'md5'], mostHashesPerRequest: 500 });
const virustotal = () => scriptedSource('virustotal', { mostHashesPerRequest: 1 });
const LIMITS = { callsPerMinute: 30, callsPerDay: 1000, callsPerMonth: null, hashesPerRequest: 500 };
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

async function world(change: Parameters<typeof scanWorld>[0] = {}): Promise<ScanWorld> {
  return scanWorld({
    providers: [wildfire(), virustotal()],
    configs: { wildfire: LIMITS, virustotal: { ...LIMITS, hashesPerRequest: 1, callsPerMinute: 4 } },
    ...change,
  });
}

async function planned(of: ScanWorld, intakeId: number, change = {}): Promise<FlightPlan> {
  const plan = await of.scanning.plan(of.scan(intakeId, change), NEVER_ABORTED);
  expect(flightPlanSchema.parse(plan)).toEqual(plan);
  const { cannot, without } = plan;
  const kept = cannot.reduce((sum, { hashes }) => sum + hashes, 0);
  expect([plan.hashes, without.total]).toEqual([
    without.total + plan.ask + kept,
    Object.values(without).reduce((sum, count) => sum + count, 0) - without.total,
  ]);
  return plan;
}

const of = (plan: FlightPlan, source: string) => plan.sources.find((one) => one.source === source);

describe('a flight plan', () => {
  it('counts requests by batches of one digest kind, and what each source cannot be asked', async () => {
    const it = await world();
    const lines = [...digests(1, 700), ...digests(1000, 10, 'md5'), ...digests(2000, 20, 'sha1'), EMPTY];
    const plan = await planned(it, await it.dropped(lines));
    expect([plan.hashes, plan.ask, plan.requests]).toEqual([731, 730, 3 + 730]);
    expect(plan.cannot).toEqual([
      { hashes: 1, sentence: 'The hash of an empty file. Sources are not asked about it.' },
    ]);
    expect(of(plan, 'wildfire')).toMatchObject({ ask: 710, requests: 3, billed: 3, hashesPerRequest: 500 });
    expect(of(plan, 'wildfire')?.cannot).toEqual([
      { hashes: 20, sentence: 'WildFire takes no SHA-1, and no other digest of these files is known.' },
      { hashes: 1, sentence: 'The hash of an empty file. Sources are not asked about it.' },
    ]);
    expect(of(plan, 'virustotal')).toMatchObject({ ask: 730, requests: 730, billed: 730, hashesPerRequest: 1 });
    expect(it.queued()).toEqual([]);
  });

  it('asks once about a digest that several rows have, and queues it once', async () => {
    const it = await world();
    const rows = [1, 2, 3].map((n) => `${digest(n + 50, 'md5')},${digest(n)}`);
    const other = `${digest(99, 'md5')},${digest(1)}`;
    const intakeId = await it.dropped(['md5,sha256', ...rows, other, `,${digest(1)}`, `,${digest(7)}`]);
    const plan = await planned(it, intakeId);
    expect([plan.hashes, plan.ask, plan.without.queued, of(plan, 'virustotal')?.requests]).toEqual([6, 4, 2, 4]);
    const started = await it.scanning.start(it.scan(intakeId), () => undefined, NEVER_ABORTED);
    expect([started.queued, it.queued().length]).toEqual([8, 8]);
  });

  it('asks only about the selected rows', async () => {
    const it = await world();
    const intakeId = await it.dropped(digests(1, 30));
    expect(await planned(it, intakeId, { selection: { kind: 'entries', entries: [3, 5, 3] } })).toMatchObject({
      hashes: 2,
      ask: 2,
    });
    expect(await planned(it, intakeId, { selection: rowsOf('malicious') })).toMatchObject({
      hashes: 0,
      possible: false,
    });
    expect(await planned(it, intakeId, { selection: rowsOf('unknown') })).toMatchObject({ hashes: 30, possible: true });
  });

  it('tells when a day does not suffice, and what waits for the next one', async () => {
    const day = Date.UTC(2026, 10, 22);
    const it = await world({ clock: { now: () => day + 3_600_000 }, providers: [virustotal()] });
    it.sources.change('virustotal', { callsPerMinute: null, callsPerDay: 207, callsPerMonth: 15_500 });
    const plan = await planned(it, await it.dropped(digests(1, 368)));
    expect(of(plan, 'virustotal')).toMatchObject({
      ask: 368,
      waits: '207 today, then 161 wait for its day at 00:00 UTC',
      quota: [
        { window: 'day', limit: 207, spent: 0, after: 207 },
        { window: 'month', limit: 15_500, spent: 0, after: 368 },
      ],
    });
    expect(plan.endsAt).toBeGreaterThan(day + 24 * 3_600_000);
    expect(plan.endsAt).toBeLessThan(day + 24 * 3_600_000 + 600_000);
  });

  it('keeps to so many calls, the first rows first', async () => {
    const it = await world();
    const plan = await planned(it, await it.dropped(digests(1, 100)), { maxCalls: 11 });
    expect([of(plan, 'wildfire')?.ask, of(plan, 'virustotal')?.ask, plan.requests]).toEqual([100, 10, 11]);
    expect(of(plan, 'virustotal')?.cannot).toEqual([
      { hashes: 90, sentence: 'Left out: the scan may make 11 calls at the most.' },
    ]);
    const one = await planned(it, 1, { maxCalls: 1, sources: ['virustotal'] });
    expect(one.cannot).toEqual([{ hashes: 99, sentence: 'Left out: the scan may make one call at the most.' }]);
  });

  it('says which sources are disabled, paused, stopped, without a key, and what leaves the machine', async () => {
    const it = await world();
    const intakeId = await it.dropped(digests(1, 5));
    expect((await planned(it, intakeId)).notes).toEqual([
      'The hashes are sent to WildFire and VirusTotal. File names, paths and other columns of the list stay here.',
    ]);
    const at = Date.now();
    await it.database.write('setSourceState', {
      source: 5,
      change: { state: 'stopped', reason: 'The key was refused.' },
      at,
    });
    it.sources.setKeyOf('wildfire', null);
    const plan = await planned(it, intakeId);
    expect([plan.endsAt, plan.possible, plan.notes.slice(0, 2)]).toEqual([
      null,
      true,
      [
        'It has no key. What is queued for WildFire waits until it can be asked.',
        'VirusTotal is stopped. The key was refused.',
      ],
    ]);
    await it.settings.set({ offline: true });
    expect((await planned(it, intakeId)).notes[0]).toBe(
      'Assay is offline: what is queued waits until it is online again.',
    );
    it.sources.change('wildfire', { enabled: false });
    expect((await planned(it, intakeId, { sources: ['wildfire', 'virustotal'] })).notes[0]).toBe(
      'WildFire is disabled and is not asked.',
    );
    it.sources.change('virustotal', { enabled: false });
    const none = await planned(it, intakeId);
    expect([none.possible, none.ask, none.cannot.map(({ hashes }) => hashes)]).toEqual([false, 0, [5]]);
    expect(none.notes[0]).toMatch(/^No source is enabled\./);
  });

  it('estimates what the saving strategies take, never more than asking all', async () => {
    const it = await world();
    await it.database.write('importItems', {
      at: Math.floor(Date.now() / 1000),
      items: digests(500, 10).map((sha256, n) => ({
        digests: { sha256 },
        source: 1,
        status: STATUS_CODE[n < 5 ? 'malicious' : 'non-malicious'],
        noAnswer: null,
        score: null,
        threat: null,
        rawCode: null,
        firstSeen: null,
        scannedAt: Math.floor(Date.now() / 1000),
      })),
    });
    const intakeId = await it.dropped(digests(10, 100));
    const plan = await planned(it, intakeId, { strategy: 'cheapest' });
    expect(plan.strategies.map(({ strategy, requests }) => [strategy, requests])).toEqual([
      ['certain', 101],
      ['fastest', 61],
      ['cheapest', 61],
    ]);
    // 5 of 10 answers were malicious; a source with so few is taken half to be as at first, for others it stands.
    expect(plan.steps).toEqual([
      { source: 'wildfire', hashes: 100, requests: 1, singles: 0, settles: 40, left: 60 },
      { source: 'virustotal', hashes: 60, requests: 60, singles: 0, settles: 18, left: 42 },
    ]);
    expect(plan.strategies.every(({ endsAt }) => (endsAt ?? 0) >= Date.now() - 5_000)).toBe(true);
  });

  it('counts the single calls that answers are expected to be followed by, and never more than may be made', async () => {
    const followed = scriptedSource('recorded-future', { mostHashesPerRequest: 1000, singleCalls: () => 'details' });
    const it = await scanWorld({
      providers: [followed, wildfire()],
      configs: { 'recorded-future': { ...LIMITS, hashesPerRequest: 1000, callsPerDay: null }, wildfire: LIMITS },
    });
    const intakeId = await it.dropped(digests(1, 200));
    const plan = await planned(it, intakeId);
    // Nobody has answered yet: one in ten malicious, one in twenty suspicious.
    expect(of(plan, 'recorded-future')).toMatchObject({
      ask: 200,
      requests: 31,
      billed: 31,
      singles: 30,
      follows: 'About 30 single calls are expected for details of what it calls malicious or suspicious.',
    });
    expect([plan.requests, of(plan, 'wildfire')?.singles, of(plan, 'wildfire')?.follows]).toEqual([32, 0, '']);
    expect(plan.steps.map(({ source, requests, singles }) => [source, requests, singles])).toEqual([
      ['wildfire', 1, 0],
      ['recorded-future', 31, 30],
    ]);
    // However they turn out: one request of ten hashes and ten single calls.
    const few = await planned(it, intakeId, { maxCalls: 11, sources: ['recorded-future'] });
    expect(of(few, 'recorded-future')).toMatchObject({ ask: 10, requests: 3, singles: 2 });
  });

  it('refuses a list that is not there, and ends when it is cancelled', async () => {
    const it = await world();
    await expect(it.scanning.plan(it.scan(9), NEVER_ABORTED)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const intakeId = await it.dropped([digest(1)]);
    await expect(it.scanning.plan(it.scan(intakeId), AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
