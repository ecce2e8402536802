import { describe, expect, it } from 'vitest';
import { syncWorld, type SyncWorld } from './world.ts';

/** Files with an MD5 of their own. */
function putFiles({ threatConnect }: SyncWorld, count: number): number[] {
  return Array.from({ length: count }, (_, n) =>
    threatConnect.control.put({ type: 'File', md5: (n + 1).toString(16).padStart(32, 'e'), owner: 'Example Corp' }),
  );
}

const jobOf = async ({ engine }: SyncWorld) => (await engine.threatSync.jobs()).jobs[0];

describe('files on the reputation hash list alone', () => {
  it('stay sent when others of them change or go, so that the guard knows what would be withdrawn', async () => {
    const world = await syncWorld();
    const ids = putFiles(world, 20);
    const job = await world.job({ filesTo: 'hash-list' });
    expect((await world.run(job.id, 'reconcile')).counts.new).toBe(20);
    world.threatConnect.control.change(ids[0] ?? 0, { rating: 5 });
    world.threatConnect.control.remove(ids[1] ?? 0);
    expect((await world.run(job.id, 'reconcile')).counts).toMatchObject({ new: 0, changed: 1, withdrawn: 1 });
    expect([(await jobOf(world))?.sent, world.tanium.control.hashList().length]).toEqual([19, 19]);
    expect((await world.run(job.id, 'reconcile')).counts).toMatchObject({ new: 0, changed: 0, unchanged: 19 });

    await world.engine.threatSync.set({ jobId: job.id, change: { guardShare: 10 } });
    ids.slice(2, 8).forEach((id) => world.threatConnect.control.remove(id));
    const stopped = await world.run(job.id, 'reconcile');
    expect([stopped.state, stopped.counts.withdrawn, world.tanium.control.hashList().length]).toEqual([
      'needs-approval',
      6,
      19,
    ]);
  });

  it('count as sent as long as they cannot be taken off, and the job is not removed in silence', async () => {
    const world = await syncWorld({
      tanium: { behaviour: { reputation: { listed: false, tellsIds: false, deletesBy: 'id', keys: 'lower' } } },
    });
    putFiles(world, 3);
    const job = await world.job({ filesTo: 'both' });
    expect((await world.run(job.id, 'reconcile')).state).toBe('done');
    const sync = world.engine.threatSync;
    const asked = await sync.recall({ jobId: job.id, scope: { kind: 'all' }, dryRun: false });
    const recall = await world.ended(asked.id);
    expect([recall.state, recall.message]).toEqual(['done', expect.stringContaining('could not be taken off')]);
    expect([(await jobOf(world))?.sent, world.tanium.control.hashList().length]).toEqual([3, 3]);
    await expect(sync.remove({ jobId: job.id, leave: false })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
