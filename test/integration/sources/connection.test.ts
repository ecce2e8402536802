import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { sourceCode } from '#shared/domain/source.ts';
import { certificate, closedPort, closeServers, serveHttp, serveProxy } from '#test/integration/net/servers.ts';
import { cleanUp, NEVER, openAsking, openWorld, simulateVirusTotal, START, type World } from './sources-fixture.ts';

afterEach(async () => {
  await cleanUp();
  await closeServers();
});

const VIRUSTOTAL = sourceCode('virustotal');
const test = ({ sources }: World) => sources.test('virustotal', NEVER);
const spent = async ({ database }: World) =>
  (await database.read('windowSpends', { source: VIRUSTOTAL, now: START, minuteMs: 60_000 })).map((one) => one.spent);
const requests = async ({ database }: World) =>
  (await database.read('requestsPage', { source: VIRUSTOTAL, offset: 0, limit: 20 })).rows;
const stateOf = async ({ database }: World) =>
  (await database.read('sourceStates', {})).find((state) => state.source === VIRUSTOTAL);

describe('a test of the connection', () => {
  it('works, is recorded, keeps what the source told, and costs what it cost', async () => {
    const world = await openAsking({ limits: { perMinute: null, perDay: 300, perMonth: 9_000 } });
    const result = await test(world);
    expect(result).toMatchObject({ ok: true, at: null, billed: 0, httpStatus: 200 });
    expect(world.simulator.log.map(({ path, billed }) => [path.replace(/users\/[^/]+/, 'users/…'), billed])).toEqual([
      ['/api/v3/users/…/overall_quotas', 0],
    ]);
    expect(await requests(world)).toMatchObject([
      {
        source: VIRUSTOTAL,
        hashes: 0,
        outcome: 'answer',
        httpStatus: 200,
        billed: 0,
        message: null,
        reservedAt: START,
      },
    ]);
    expect(await spent(world)).toEqual([0, 0, 0, 0]);
    const view = await world.sources.view('virustotal');
    expect(view.quota.find(({ window }) => window === 'day')).toMatchObject({ learned: 300, limit: 300 });
  });

  it('ends a stop and an open circuit, but no pause', async () => {
    const world = await openAsking();
    for (const [before, after] of [
      ['stopped', 'ready'],
      ['open', 'ready'],
      ['paused', 'paused'],
    ] as const) {
      await world.database.write('setSourceState', {
        source: VIRUSTOTAL,
        change: { state: before, reason: 'r', until: START + 60_000, faults: 6 },
        at: START,
      });
      expect(await test(world)).toMatchObject({ ok: true });
      expect(await stateOf(world)).toMatchObject({ state: after, faults: 0 });
    }
  });

  it('names the key', async () => {
    const world = await openAsking();
    await world.sources.setKey('virustotal', 'source', 'wrong-key-geheim');
    const result = await test(world);
    expect(result).toMatchObject({ ok: false, at: 'key', httpStatus: 401 });
    const [request] = await requests(world);
    expect(request).toMatchObject({ outcome: 'auth', httpStatus: 401, message: result.message });
    expect(JSON.stringify([result, request])).not.toContain('geheim');
  });

  it('names a missing key without asking anybody', async () => {
    const world = await openAsking();
    await world.sources.removeKey('virustotal', 'source');
    expect(await test(world)).toMatchObject({ ok: false, at: 'key', billed: 0 });
    expect([world.simulator.log.length, (await requests(world)).length]).toEqual([0, 0]);
  });

  it('may be made before a source is enabled', async () => {
    const world = await openAsking();
    await world.sources.set('virustotal', { enabled: false });
    expect(await test(world)).toMatchObject({ ok: true });
  });

  it.each([
    ['certificate', 'tls'],
    ['nobody listens', 'network'],
    ['no answer', 'network'],
    ['proxy that is not there', 'proxy'],
    ['proxy that wants a name', 'proxy'],
    ['another server', 'url'],
  ])('names what is at fault: %s', async (what, at) => {
    const world = await openAsking();
    const set = (change: Parameters<World['sources']['set']>[1]) => world.sources.set('virustotal', change);
    switch (what) {
      case 'certificate': {
        const tls = {
          cert: readFileSync(certificate('local.pem'), 'utf8'),
          key: readFileSync(certificate('local.key'), 'utf8'),
        };
        await set({ url: (await simulateVirusTotal({ tls })).url });
        break;
      }
      case 'nobody listens':
        await set({ url: `http://127.0.0.1:${await closedPort()}/api/v3` });
        break;
      case 'no answer':
        await set({ timeoutSeconds: 1 });
        world.simulator.script([{ kind: 'hang' }]);
        break;
      case 'proxy that is not there':
        await set({ proxy: { kind: 'manual', url: `http://127.0.0.1:${await closedPort()}` } });
        break;
      case 'proxy that wants a name':
        await set({ proxy: { kind: 'manual', url: (await serveProxy({ wants: 'Basic eDp5' })).url } });
        break;
      default:
        await set({ url: await serveHttp((_, response) => response.writeHead(404).end('<html>nothing here</html>')) });
    }
    const result = await test(world);
    expect(result).toMatchObject({ ok: false, at });
    expect((await requests(world))[0]).toMatchObject({ message: result.message });
    expect(await spent(world)).toEqual([0, 0, 0, 0]);
  });

  it('is not made when no call is left, offline, or after it was broken off', async () => {
    const world = await openAsking();
    await world.sources.set('virustotal', { callsPerDay: 1 });
    const claim = await world.database.write('reserveBare', {
      source: VIRUSTOTAL,
      now: START,
      steadyMs: 1,
      limits: { minute: null, hour: null, day: 1, month: null },
      minuteMs: 60_000,
      deadlineMs: 60_000,
    });
    expect(claim.kind).toBe('request');
    expect(await test(world)).toMatchObject({
      ok: false,
      at: 'quota',
      message: expect.stringContaining('2026-11-13 00:00'),
    });
    await world.sources.set('virustotal', { callsPerDay: 10 });
    await world.settings.set({ offline: true });
    expect(await test(world)).toMatchObject({ ok: false, at: 'offline' });
    await world.settings.set({ offline: false });
    expect(world.simulator.log).toEqual([]);
    const result = await world.sources.test('virustotal', AbortSignal.abort());
    expect([result.ok, (await requests(world))[0]?.outcome]).toEqual([false, 'lost']);
  });

  it('goes through a proxy with the credentials that are kept', async () => {
    const world = await openAsking();
    const wants = `Basic ${Buffer.from('anna:ge:heim').toString('base64')}`;
    const proxy = await serveProxy({ wants });
    await world.sources.set('virustotal', { proxy: { kind: 'manual', url: proxy.url } });
    await world.sources.setKey('virustotal', 'proxy', 'anna:ge:heim');
    expect(await test(world)).toMatchObject({ ok: true });
    expect(proxy.heard.every(({ authorization }) => authorization === wants)).toBe(true);
  });

  it('counts as spent in every window while it is on its way', async () => {
    const world = await openAsking();
    await world.sources.set('virustotal', { timeoutSeconds: 5 });
    world.simulator.script([{ kind: 'hang' }]);
    const stop = new AbortController();
    const testing = world.sources.test('virustotal', stop.signal);
    while ((await spent(world))[2] === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await spent(world)).toEqual([1, 1, 1, 1]);
    stop.abort();
    expect(await testing).toMatchObject({ ok: false });
  });
});

describe('a source that waits', () => {
  it('shows its windows and counts', async () => {
    const world = await openWorld();
    await world.sources.set('virustotal', { licenceAccepted: true, enabled: true });
    const { quota } = await world.sources.view('virustotal');
    expect(quota).toEqual([
      { window: 'minute', spent: 0, limit: 4, learned: null, resetsAt: null },
      { window: 'day', spent: 0, limit: 500, learned: null, resetsAt: null },
      { window: 'month', spent: 0, limit: 15_500, learned: null, resetsAt: null },
    ]);
    await world.database.write('enqueue', {
      source: VIRUSTOTAL,
      kind: 'md5',
      digests: new Uint8Array(16).fill(7),
      purpose: 'person',
      intakeId: null,
      stage: 0,
      stopOnMalicious: false,
      force: false,
      at: START,
    });
    expect(await world.sources.view('virustotal')).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('No process asks VirusTotal'),
      new: 1,
    });
    await world.settings.set({ offline: true });
    expect(await world.sources.view('virustotal')).toMatchObject({ state: 'offline' });
  });

  it('tells what automatic asking would have cost a day', async () => {
    const world = await openWorld();
    const at = START / 1000;
    for (const [days, amount] of [
      [1, 600],
      [6, 101],
      [8, 9_000],
    ] as const) {
      await world.database.write('recordMetric', { kind: 'inboundHashes', at: at - days * 86_400, amount });
    }
    expect((await world.sources.view('virustotal')).automaticPerDay).toBe(Math.ceil(701 / 7));
  });
});
