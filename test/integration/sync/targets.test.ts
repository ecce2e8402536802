import { describe, expect, it } from 'vitest';
import { createTaniumSimulator } from '#main/simulators/tanium/simulator.ts';
import { syncWorld, type SyncWorld } from './world.ts';

function put({ threatConnect }: SyncWorld, count: number): void {
  for (let n = 0; n < count; n += 1) {
    threatConnect.control.put({ type: 'Host', summary: `h${n}.attacker.net`, owner: 'Example Corp' });
  }
}

/** Does something once, when the first write reaches Threat Response and is not answered yet. */
function atFirstWrite({ tanium }: SyncWorld, what: () => Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    tanium.control.onWrite(() => {
      tanium.control.onWrite(null);
      what().then(resolve, reject);
    });
  });
}

describe('where a job sends to', () => {
  it('is not changed under a run that is on its way there', async () => {
    const world = await syncWorld();
    put(world, 3);
    const job = await world.job();
    const sync = world.engine.threatSync;
    const change = () => sync.set({ jobId: job.id, change: { sourceName: 'Another' } });
    const refused = atFirstWrite(world, change);
    const asked = sync.request({ jobId: job.id, kind: 'reconcile' });
    await expect(refused).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('under way') });
    expect((await world.ended((await asked).id)).state).toBe('done');
    await expect(change()).rejects.toMatchObject({ message: expect.stringContaining('3 indicators in 1 package') });
  });

  it('is not changed while it is not known whether something is there', async () => {
    const world = await syncWorld();
    put(world, 3);
    const job = await world.job();
    // The answer is lost, and the server is away when it is asked what became of it.
    world.tanium.control.dropReplyAfterWrite(1, 1);
    world.tanium.control.onWrite(({ when, path }) => {
      if (when === 'after' && path.endsWith('/intels')) {
        world.tanium.script(Array.from({ length: 40 }, () => ({ kind: 'cut' as const })));
      }
    });
    const failed = await world.run(job.id, 'reconcile');
    expect(failed.state).toBe('failed');
    const other = await createTaniumSimulator();
    const change = world.engine.threatSync.set({ jobId: job.id, change: { taniumUrl: other.url } });
    const refused = { code: 'CONFLICT', message: expect.stringContaining('not answered') };
    await expect(change).rejects.toMatchObject(refused);
    await expect(world.engine.threatSync.remove({ jobId: job.id, leave: false })).rejects.toMatchObject(refused);
    await other.close();
  });
});

it('what was taken out is deployed before a job goes, or sends elsewhere', async () => {
  const world = await syncWorld();
  put(world, 2);
  const job = await world.job();
  const sync = world.engine.threatSync;
  await world.run(job.id, 'reconcile');
  world.tanium.control.behaviour.deployFails = 400;
  const recall = await sync.recall({ jobId: job.id, scope: { kind: 'all' }, dryRun: false });
  expect((await world.ended(recall.id)).message).toContain('The deploy failed');
  const refused = { code: 'CONFLICT', message: expect.stringContaining('not deployed') };
  await expect(sync.remove({ jobId: job.id, leave: false })).rejects.toMatchObject(refused);
  await expect(sync.set({ jobId: job.id, change: { sourceName: 'Another' } })).rejects.toMatchObject(refused);
  world.tanium.control.behaviour.deployFails = null;
  expect((await world.run(job.id, 'run')).counts.deploys).toBe(1);
  await sync.set({ jobId: job.id, change: { sourceName: 'Another' } });
  await sync.remove({ jobId: job.id, leave: false });
});

describe('where a job pulls from', () => {
  it('is not another ThreatConnect while its indicators are there; nothing known of the old one is taken along', async () => {
    const world = await syncWorld();
    put(world, 2);
    const job = await world.job();
    const sync = world.engine.threatSync;
    await world.run(job.id, 'reconcile');
    const threatConnectUrl = world.threatConnect.url.replace('127.0.0.1', 'localhost');
    const change = () => sync.set({ jobId: job.id, change: { threatConnectUrl } });
    await expect(change()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('ThreatConnect Address cannot be changed now'),
    });
    const recall = await sync.recall({ jobId: job.id, scope: { kind: 'all' }, dryRun: false });
    await world.ended(recall.id);
    const known = async () => (await sync.indicators({ jobId: job.id, which: 'all', offset: 0, limit: 9 })).total;
    expect(await known()).toBe(2);
    await change();
    expect(await known()).toBe(0);
  });
});
