import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createEngine } from '#main/engine.ts';
import type { Engine } from '#main/services/engine-port.ts';
import type { Simulator } from '#main/simulators/port.ts';
import { SIMULATED, type SimulatedSource } from '#main/simulators/start.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import { queueNew, setUpDirectory, type SimulatedOptions, soakDigest, startSimulated } from '../../soak/simulated.ts';
import { mostInWindow } from '../../soak/sliding-window.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { memorySecrets } from '../asking/memory-secrets.ts';

const never = new AbortController().signal;
const soon = { timeout: 60_000, interval: 20 };
const MINUTE_MS = 800;
const digests = (count: number, from = 0) => Array.from({ length: count }, (_, n) => soakDigest(5, from + n));

/** The engine of a terminal and one simulated source, with keys of the test's own. */
async function asking(
  source: SimulatedSource,
  change: SourceConfigChange,
  simulated: Partial<SimulatedOptions> = {},
  key: string = SIMULATED[source].key,
): Promise<{ readonly engine: Engine; readonly simulator: Simulator }> {
  const directory = join(temporaryDirectory(), 'data');
  const simulator = await startSimulated(source, { minuteMs: MINUTE_MS, ...simulated });
  await setUpDirectory(directory, { [source]: { url: simulator.url, change } });
  const engine = await createEngine({
    directory,
    threads: 'inline',
    shell: 'terminal',
    secrets: memorySecrets({ [source]: key }),
    asking: { minuteMs: MINUTE_MS },
  });
  onTestFinished(async () => {
    await engine.dispose();
    await simulator.close();
  });
  return { engine, simulator };
}

describe('a simulated source', () => {
  it('is asked once for each hash, and its answers are shown', async () => {
    const { engine, simulator } = await asking('wildfire', { hashesPerRequest: 50 });
    await queueNew(engine, 'wildfire', digests(120));
    engine.outbound.seek();
    await engine.outbound.drained({ purpose: 'new' }, never);
    expect(simulator.log.flatMap(({ hashes }) => hashes).toSorted()).toEqual(digests(120).toSorted());
    const view = await engine.sources.view('wildfire');
    expect([view.items, view.processed]).toEqual([120, 120]);
    const { total, rows } = await engine.outbound.requests({ offset: 0, limit: 10 });
    expect([total, rows.map(({ hashes, outcome }) => [hashes, outcome])]).toEqual([
      3,
      [
        [20, 'answer'],
        [50, 'answer'],
        [50, 'answer'],
      ],
    ]);
    const asked = await engine.outbound.requestHashes(rows[0]?.id ?? 0);
    expect([asked.length, asked.every(({ outcome }) => outcome !== null)]).toEqual([20, true]);
  });

  it('whose bulk answers tell little is asked once more about what is malicious or suspicious', async () => {
    const { engine, simulator } = await asking('recorded-future', { hashesPerRequest: 50 });
    await queueNew(engine, 'recorded-future', digests(120));
    engine.outbound.seek();
    await engine.outbound.drained({ purpose: 'new' }, never);
    const items = await engine.database.read('itemsPage', { afterFile: 0, afterSource: 0, limit: 200 });
    expect(items).toHaveLength(120);
    const bad = items.filter(({ status }) => status >= STATUS_CODE.suspicious);
    expect(bad.length).toBeGreaterThan(0);
    // Nobody vouches for the rest.
    expect(items.filter(({ status }) => status === STATUS_CODE['non-malicious'])).toEqual([]);
    expect(
      bad.filter(({ threat, firstSeen, score }) => threat === null || firstSeen === null || score === null),
    ).toEqual([]);
    const singles = simulator.log.filter(({ method }) => method === 'GET');
    expect([simulator.log.length - singles.length, singles.length]).toEqual([3, bad.length]);
    const [first] = singles.flatMap(({ hashes }) => hashes);
    const [result] = (await engine.handlers['lookup.find']({ text: first ?? '' })).results;
    const said = result?.sources.find(({ source }) => source === 'recorded-future');
    expect(said?.scoreText).toMatch(/^risk \d+ of 99$/);
    expect(said?.thresholdText).toMatch(/^at least (?:65|25)$/);
    // The digests of the same file came with it, those of others did not.
    expect(Object.keys(result?.digests ?? {}).sort()).toEqual(['md5', 'sha1', 'sha256']);
  });

  it('stops at a key it refuses, names it, and goes on with the right one', async () => {
    const { engine, simulator } = await asking('virustotal', { concurrency: 1 }, {}, 'not-the-key');
    await queueNew(engine, 'virustotal', digests(3));
    engine.outbound.seek();
    await vi.waitFor(async () => expect((await engine.sources.view('virustotal')).state).toBe('stopped'), soon);
    const refused = simulator.log.length;
    expect(refused).toBe(1);
    const { sentence } = await engine.outbound.state();
    expect(sentence).toBe('3 hashes wait: VirusTotal waits for its key or settings to change.');
    await engine.sources.setKey('virustotal', 'source', SIMULATED.virustotal.key);
    await engine.outbound.drained({ purpose: 'new' }, never);
    expect((await engine.sources.view('virustotal')).processed).toBe(3);
    expect(simulator.log.length).toBe(4);
  });

  it('teaches a lower limit than was set, which holds until the limits are set anew', async () => {
    const limits = { perMinute: 3, perDay: null, perMonth: null };
    const { engine, simulator } = await asking('virustotal', { callsPerMinute: 60, concurrency: 1 }, { limits });
    await queueNew(engine, 'virustotal', digests(12));
    engine.outbound.seek();
    await vi.waitFor(async () => expect((await engine.sources.view('virustotal')).state).toBe('waiting'), soon);
    const view = await engine.sources.view('virustotal');
    expect(view.quota.find(({ window }) => window === 'minute')).toMatchObject({ limit: 3, learned: 3 });
    expect(simulator.log.map(({ status }) => status === 429)).toEqual([false, false, false, true]);
    await engine.sources.set('virustotal', { callsPerMinute: 2 });
    await vi.waitFor(async () => {
      const after = await engine.sources.view('virustotal');
      expect(after.quota.find(({ window }) => window === 'minute')).toMatchObject({ limit: 2, learned: null });
    }, soon);
  });

  it('is never asked more often in a minute than was set, by its own log', async () => {
    const { engine, simulator } = await asking('virustotal', { callsPerMinute: 5, concurrency: 8 });
    await queueNew(engine, 'virustotal', digests(22));
    engine.outbound.seek();
    await engine.outbound.drained({ purpose: 'new' }, never);
    expect([simulator.log.length, mostInWindow(simulator.log, MINUTE_MS)]).toEqual([22, 5]);
  });

  it('is asked nothing after the offline switch, and the rest after it is back', async () => {
    const { engine, simulator } = await asking(
      'virustotal',
      { concurrency: 1 },
      { latencyMs: { least: 40, most: 40 } },
    );
    await queueNew(engine, 'virustotal', digests(8));
    engine.outbound.seek();
    await vi.waitFor(() => expect(simulator.log.length).toBeGreaterThan(1), soon);
    await engine.handlers['settings.set']({ offline: true });
    await vi.waitFor(async () => expect((await engine.outbound.state()).inFlight).toBe(0), soon);
    const before = simulator.log.length;
    expect(before).toBeLessThan(8);
    expect((await engine.outbound.state()).sentence).toMatch(
      /^Offline: nothing leaves this machine; \d hashes wait\.$/,
    );
    await engine.handlers['settings.set']({ offline: false });
    await engine.outbound.drained({ purpose: 'new' }, never);
    expect(simulator.log.length).toBe(8);
  });

  it('that refuses for its day is left alone and the other is asked', async () => {
    const limits = { perMinute: null, perDay: 2, perMonth: null };
    const { engine, simulator } = await asking('wildfire', { concurrency: 1, hashesPerRequest: 1 }, { limits });
    await queueNew(engine, 'wildfire', digests(5));
    engine.outbound.seek();
    await vi.waitFor(async () => expect((await engine.sources.view('wildfire')).state).toBe('waiting'), soon);
    const [group] = (await engine.outbound.state()).groups;
    expect([group?.waiting, group?.waitingFor]).toEqual([
      3,
      expect.stringMatching(/^its quota, refused until \d+ [A-Z][a-z]{2} 00:01 UTC$/),
    ]);
    expect(simulator.log.map(({ status }) => status)).toEqual([200, 200, 419]);
    expect((await engine.sources.view('wildfire')).until).toBeGreaterThan(Date.now());
  });
});
