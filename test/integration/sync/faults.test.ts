import { describe, expect, it, vi } from 'vitest';
import { breakableWorld } from './breakable.ts';
import { converge } from './converging.ts';
import { syncWorld } from './world.ts';

const WITHIN = { interval: 2, timeout: 60_000 };

describe('a run that meets faults', () => {
  it('ends as one without any when one request in twenty fails', async () => {
    const calm = await converge();
    const { end, states } = await converge({ faultShare: 0.05 });
    expect([end, states.at(-1)]).toEqual([calm.end, 'done']);
  });

  it('fails with the words of ThreatConnect, moves no checkpoint, and loses nothing', async () => {
    const world = await syncWorld({ threatConnect: { indicators: 40 } });
    const job = await world.job();
    const sync = world.engine.threatSync;
    await sync.setSecret(job.id, 'threatconnect', 'wrong');
    const failed = await world.run(job.id, 'reconcile');
    expect([failed.state, failed.message, failed.counts.requests]).toEqual([
      'failed',
      expect.stringContaining('Api User'),
      2,
    ]);
    const [view] = (await sync.jobs()).jobs;
    expect([view?.lastModified, view?.reconciledAt, world.tanium.log]).toEqual([job.lastModified, null, []]);
    const log = await sync.log({ runId: failed.id, offset: 0, limit: 100 });
    expect(log.rows.at(-1)).toMatchObject({ level: 'error', text: expect.stringContaining('failed') });
    expect(JSON.stringify([log, failed])).not.toContain('wrong');
  });

  it('waits as long as it is asked to and goes on', async () => {
    const world = await syncWorld({ threatConnect: { indicators: 40 } });
    const job = await world.job();
    world.threatConnect.script([
      { kind: 'status', status: 429, headers: { 'retry-after': '2' } },
      { kind: 'cut' },
      { kind: 'status', status: 503 },
    ]);
    expect((await world.run(job.id, 'reconcile')).state).toBe('done');
    const { rows } = await world.engine.threatSync.requests({ jobId: job.id, offset: 0, limit: 100 });
    expect(rows.filter(({ message }) => message !== '').map(({ httpStatus }) => httpStatus)).toEqual([503, null, 429]);
  });

  it('ends well although a web page or half an answer comes back in between', async () => {
    const world = await syncWorld({ threatConnect: { indicators: 60 } });
    const job = await world.job({ packageSize: 20 });
    world.threatConnect.script([{ kind: 'html' }, { kind: 'none' }, { kind: 'html' }, { kind: 'truncated' }]);
    const faults = [{ kind: 'html' }, { kind: 'status', status: 502 }, { kind: 'truncated' }] as const;
    world.tanium.script(
      Array.from({ length: 6 }, () => faults.flatMap((fault) => [fault, { kind: 'none' }] as const)).flat(),
    );
    const run = await world.run(job.id, 'reconcile');
    expect([run.state, run.message]).toEqual(['done', '']);
  });

  it('ends by a web page that stays, with what to check, and goes on when it is gone', async () => {
    const world = await breakableWorld({ threatConnect: { indicators: 40 } });
    const job = await world.job();
    world.break({ kind: 'html' });
    const failed = await world.run(job.id, 'reconcile');
    expect([failed.state, failed.message]).toEqual(['failed', expect.stringContaining('web page')]);
    world.break(null);
    expect((await world.run(job.id, 'reconcile')).state).toBe('done');
  });

  it('ends when labels cannot be written for now, and the next one writes them', async () => {
    const world = await breakableWorld();
    world.threatConnect.control.put({
      type: 'Host',
      summary: 'a.sync.simulated',
      owner: 'Example Corp',
      tags: ['APT'],
    });
    const job = await world.job({ labels: 1 });
    world.tanium.control.onWrite(({ when, method, path }) => {
      if (when === 'after' && method === 'POST' && path.endsWith('/labels')) {
        world.break({ kind: 'status', status: 503 });
      }
    });
    const failed = await world.run(job.id, 'reconcile');
    expect([failed.state, failed.message]).toEqual(['failed', expect.stringContaining('503')]);
    world.tanium.control.onWrite(null);
    world.break(null);
    expect((await world.run(job.id, 'run')).state).toBe('done');
    const labels = world.tanium.control.intels().map(({ id }) => world.tanium.control.labelsOf(id));
    expect(labels).toContainEqual(['APT']);
  });

  it('tells what it tries again and when for as long as it waits for that', async () => {
    const world = await breakableWorld({ threatConnect: { indicators: 40 } });
    const job = await world.job();
    world.break({ kind: 'status', status: 503 });
    const asked = await world.engine.threatSync.request({ jobId: job.id, kind: 'reconcile' });
    const waiting = await vi.waitUntil(async () => {
      const { retry } = await world.engine.threatSync.run(asked.id);
      return retry?.why.includes('503') === true ? retry : null;
    }, WITHIN);
    expect(Math.abs(waiting.at - Date.now())).toBeLessThan(30_000);
    const [listed] = (await world.engine.threatSync.jobs()).jobs;
    expect(listed?.presentRun?.state).toBe('running');
    world.break(null);
    expect(await world.ended(asked.id)).toMatchObject({ state: 'done', retry: null });
  });

  it('signs in again once when its session ended', async () => {
    const world = await syncWorld({ threatConnect: { indicators: 200 } });
    const job = await world.job({ packageSize: 20 });
    let writes = 0;
    world.tanium.control.onWrite(({ when }) => {
      writes += when === 'after' ? 1 : 0;
      if (writes === 4) {
        world.tanium.control.expireSessions();
      }
    });
    expect((await world.run(job.id, 'reconcile')).state).toBe('done');
    expect(world.tanium.log.filter(({ path }) => path === '/api/v2/session/login').length).toBeGreaterThan(1);
  });

  it('sends nothing while the offline switch is on, and goes on when it is off', async () => {
    const world = await syncWorld({ threatConnect: { indicators: 40 } });
    const job = await world.job();
    const offline = (on: boolean) => world.engine.handlers['settings.set']({ offline: on });
    await offline(true);
    const run = await world.run(job.id, 'reconcile');
    expect([run.state, run.message]).toEqual(['failed', expect.stringContaining('offline')]);
    expect([world.threatConnect.log, world.tanium.log]).toEqual([[], []]);
    await offline(false);
    expect((await world.run(job.id, 'reconcile')).state).toBe('done');
  });
});
