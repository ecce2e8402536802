import { describe, expect, it } from 'vitest';
import { defaultSyncJob } from '#shared/settings/sync-job.ts';
import { settingsOf, syncWorld, TC } from './world.ts';

const never = (): AbortSignal => new AbortController().signal;

describe('settings of a job', () => {
  it.each([
    [{ threatConnectUrl: 'app.example.com' }, 'ThreatConnect Address must be an address that begins with https://'],
    [{ threatConnectUrl: 'https://app.example.com' }, 'ThreatConnect Address must be on this machine'],
    [{ taniumUrl: 'http://user:word@127.0.0.1' }, 'Tanium Address must hold no name or password'],
    [{ taniumUrl: 'http://127.0.0.1/?x=1' }, 'Tanium Address must end before any ? or #'],
    [{ sourceName: ' ' }, 'Tanium Threat Response Source must not be empty'],
    [{ taniumCaFile: 'ca.pem' }, 'Tanium CA File must be the whole path of a PEM file'],
    [{ taniumProxy: { kind: 'manual', url: 'http://proxy.example:80' } }, 'Tanium Proxy must be on this machine'],
    [{ tql: 'typeName in ("Host"' }, 'TQL cannot be sent'],
    [{ own: ['10.0.0.0/99'] }, 'Own Addresses and Domains cannot be kept'],
  ] as const)('%j is refused and named, and nothing is changed', async (change, sentence) => {
    const { engine } = await syncWorld({ isIdle: true });
    const sync = engine.threatSync;
    const { id } = await sync.create({ name: 'Feed', change: { accessId: 'kept' } });
    const refused = sync.set({ jobId: id, name: 'Other', change: { ...change, accessId: 'new' } } as never);
    await expect(refused).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(sentence),
    });
    const [job] = (await sync.jobs()).jobs;
    expect([job?.name, job?.config]).toEqual(['Feed', { ...defaultSyncJob(), accessId: 'kept' }]);
  });

  it('names what is missing by its field until all is there', async () => {
    const { engine, threatConnect, tanium } = await syncWorld({ isIdle: true });
    const sync = engine.threatSync;
    const { id, missing } = await sync.create({ name: 'Feed', change: {} });
    expect(missing.map(({ field, message }) => [field, message.split(' is not set')[0]])).toEqual([
      ['threatConnectUrl', 'ThreatConnect Address'],
      ['accessId', 'Api User Access ID'],
      ['threatconnect', 'Api User Secret Key'],
      ['taniumUrl', 'Tanium Address'],
      ['taniumUsername', 'Tanium Username'],
      ['tanium', 'Tanium Password'],
    ]);
    await expect(sync.request({ jobId: id, kind: 'run' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(sync.setSecret(id, 'tanium', 'x')).rejects.toThrow('Tanium Address is not set. Set it first');
    await sync.set({ jobId: id, change: settingsOf(threatConnect, tanium) });
    await sync.setSecret(id, 'threatconnect', TC.secretKey);
    await sync.setSecret(id, 'tanium', 'x');
    expect((await sync.jobs()).jobs[0]?.missing).toEqual([]);
  });

  it('sends a stored secret to no other host than the one it was given for', async () => {
    const world = await syncWorld({ isIdle: true });
    const sync = world.engine.threatSync;
    const job = await world.job();
    const url = world.threatConnect.url.replace('127.0.0.1', 'localhost');
    const moved = await sync.set({ jobId: job.id, change: { threatConnectUrl: url } });
    const host = new URL(url).host;
    expect(moved.missing.map(({ message }) => message)).toEqual([
      `The Api User Secret Key was given for ${new URL(world.threatConnect.url).host} and is not sent to ${host}. Give it again to use it there.`,
    ]);
    const test = await sync.test({ jobId: job.id, side: 'threatconnect' }, never());
    expect([test.ok, test.at, world.threatConnect.log]).toEqual([false, 'input', []]);
    await sync.setSecret(job.id, 'threatconnect', TC.secretKey);
    expect((await sync.test({ jobId: job.id, side: 'threatconnect' }, never())).ok).toBe(true);
  });

  it('copies settings and no secret; takes no name twice', async () => {
    const world = await syncWorld({ isIdle: true });
    const job = await world.job({ types: ['File'] });
    const sync = world.engine.threatSync;
    const copy = await sync.create({ name: 'Copy', change: {}, copyOf: job.id });
    expect([copy.config, copy.missing.map(({ field }) => field)]).toEqual([job.config, ['threatconnect', 'tanium']]);
    await expect(sync.create({ name: 'FEED', change: {} })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('the first activation', () => {
  it('needs a dry run of these settings that somebody looked at', async () => {
    const world = await syncWorld({ threatConnect: { indicators: 40 } });
    const job = await world.job();
    const sync = world.engine.threatSync;
    const why = async (): Promise<string> => (await sync.jobs()).jobs[0]?.whyInactive ?? '';
    const refused = sync.activate(job.id, true);
    await expect(refused).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('needs a dry run'),
    });
    const dry = await world.run(job.id, 'dry-run');
    expect([dry.state, dry.seen, await why()]).toEqual(['done', false, expect.stringContaining('Nobody looked')]);
    expect(world.tanium.log).toEqual([]);
    const { total, rows } = await sync.plan({ runId: dry.id, offset: 0, limit: 500 });
    const { counts } = dry;
    expect(total).toBe(counts.new + counts.held + counts.invalid);
    expect(rows.every(({ here, type }) => (here === null) === (type !== 'File'))).toBe(true);
    expect(await why()).toBe('');
    await sync.set({ jobId: job.id, change: { minRating: 1 } });
    expect(await why()).toContain('was changed since its last dry run');
    const again = await world.run(job.id, 'dry-run');
    await sync.plan({ runId: again.id, offset: 0, limit: 1 });
    const active = await sync.activate(job.id, true);
    expect([active.active, active.whyInactive]).toEqual([true, null]);
    // It runs by itself from then on, beginning with a comparison of everything.
    let { lastRun } = active;
    while (lastRun?.state !== 'done') {
      await new Promise((resolve) => setTimeout(resolve, 5));
      lastRun = (await sync.jobs()).jobs[0]?.lastRun ?? null;
    }
    expect([lastRun.kind, lastRun.asked]).toEqual(['reconcile', 'schedule']);
    const [view] = (await sync.jobs()).jobs;
    expect([view?.nextRunAt, view?.reconciledAt]).toEqual([lastRun.requestedAt + 3_600_000, expect.any(Number)]);
    expect((view?.lastModified ?? 0) > (active.lastModified ?? 0)).toBe(true);
  });
});

describe('tests of both sides', () => {
  it('name what is at fault and write nothing', async () => {
    const world = await syncWorld({ isIdle: true, threatConnect: { indicators: 20 } });
    const sync = world.engine.threatSync;
    const { id: jobId } = await world.job({ scanGroup: 'Nobody' });
    const test = (side: 'threatconnect' | 'tanium') => sync.test({ jobId, side }, never());
    expect(await test('threatconnect')).toMatchObject({
      ok: true,
      at: null,
      message: expect.stringContaining('can be read'),
    });
    expect(await test('tanium')).toMatchObject({ ok: false, at: 'input', message: expect.stringContaining('Nobody') });
    await sync.set({ jobId, change: { scanGroup: '' } });
    expect(await test('tanium')).toMatchObject({ ok: true, message: expect.stringContaining('is not there yet') });
    await sync.set({ jobId, change: { owners: ['Nobody here'] } });
    expect(await test('threatconnect')).toMatchObject({ ok: false, at: 'right' });
    await sync.setSecret(jobId, 'tanium', 'wrong');
    expect(await test('tanium')).toMatchObject({ ok: false, at: 'key' });
    await sync.setSecret(jobId, 'threatconnect', 'wrong');
    expect(await test('threatconnect')).toMatchObject({ ok: false, at: 'key', httpStatus: 401 });
    expect(world.tanium.control.writes().total).toBe(0);
    const { total, rows } = await sync.requests({ jobId, offset: 0, limit: 100 });
    expect([total > 5, JSON.stringify(rows).includes('wrong'), rows[0]?.runId]).toEqual([true, false, null]);
  });

  it('lists owners and counts what matches', async () => {
    const world = await syncWorld({ isIdle: true, threatConnect: { indicators: 50 } });
    const sync = world.engine.threatSync;
    const { id: jobId } = await world.job();
    const { owners } = await sync.owners(jobId, never());
    expect(owners.map(({ name }) => name)).not.toContain('Closed Circle');
    const { count } = await sync.count({ jobId, change: {} }, never());
    const files = await sync.count({ jobId, change: { types: ['File'] } }, never());
    expect(files.count).toBeLessThan(count);
    const { tql, problem } = await sync.tql({ jobId, change: { tql: '(', types: [] } });
    expect([tql.length > 0, problem]).toEqual([true, expect.any(String)]);
  });
});

describe('a job with documents in Threat Response', () => {
  it('keeps its target, and is removed only when they may stay', async () => {
    const world = await syncWorld({ threatConnect: { indicators: 40 } });
    const sync = world.engine.threatSync;
    const { id: jobId } = await world.job();
    await world.run(jobId, 'reconcile');
    const moved = sync.set({ jobId, change: { sourceName: 'Other' } });
    await expect(moved).rejects.toThrow(
      /Tanium Threat Response Source cannot be changed now\. Feed has \d+ indicators in 3 packages/,
    );
    await expect(sync.remove({ jobId, leave: false })).rejects.toMatchObject({ code: 'CONFLICT' });
    await sync.remove({ jobId, leave: true });
    expect([(await sync.jobs()).jobs, world.tanium.control.intels().length]).toEqual([[], 3]);
    expect(await world.secrets.get(`sync-${jobId}-tanium`)).toBeNull();
  });
});
