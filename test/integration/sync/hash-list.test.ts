import { describe, expect, it } from 'vitest';
import type { Fault } from '#main/simulators/port.ts';
import { createTaniumSimulator } from '#main/simulators/tanium/simulator.ts';
import { breakableWorld, type BreakableWorld } from './breakable.ts';
import { syncWorld, type SyncWorld } from './world.ts';

/** Files with an MD5 of their own. */
function putFiles({ threatConnect }: SyncWorld, count: number): number[] {
  return Array.from({ length: count }, (_, n) =>
    threatConnect.control.put({ type: 'File', md5: (n + 1).toString(16).padStart(32, 'e'), owner: 'Example Corp' }),
  );
}

/** Three requests of four as ever, then one fault: each kind in its turn. */
const troubled: readonly Fault[] = [
  { kind: 'status', status: 502 } as const,
  { kind: 'html' } as const,
  { kind: 'lost' } as const,
  { kind: 'truncated' } as const,
].flatMap((fault) => [...Array.from({ length: 3 }, () => ({ kind: 'none' as const })), fault]);

/** A job whose files are all on the hash list and are to leave it. */
async function listed(
  count: number,
): Promise<{ readonly world: BreakableWorld; readonly job: { readonly id: number } }> {
  const world = await breakableWorld();
  const ids = putFiles(world, count);
  const job = await world.job({ filesTo: 'hash-list' });
  expect((await world.run(job.id, 'reconcile')).state).toBe('done');
  ids.forEach((id) => world.threatConnect.control.remove(id));
  return { world, job };
}

const takenOff = ({ tanium }: SyncWorld) =>
  tanium.log.filter(({ method, status }) => method === 'DELETE' && status === 200);

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

  it('are taken off by the hundred although a connection is lost now and then', async () => {
    const world = await syncWorld();
    const ids = putFiles(world, 120);
    const job = await world.job({ filesTo: 'hash-list' });
    expect((await world.run(job.id, 'reconcile')).state).toBe('done');
    ids.forEach((id) => world.threatConnect.control.remove(id));
    const some = [...Array.from({ length: 29 }, () => ({ kind: 'none' as const })), { kind: 'lost' as const }];
    world.tanium.script(Array.from({ length: 12 }, () => some).flat());
    const { state, message } = await world.run(job.id, 'reconcile');
    expect([state, message, world.tanium.control.hashList().length]).toEqual(['done', '', 0]);
  });

  it('are taken off although every fourth request meets a fault', async () => {
    const { world, job } = await listed(300);
    world.tanium.script(Array.from({ length: 150 }, () => troubled).flat());
    const { state, message } = await world.run(job.id, 'reconcile');
    expect([state, message, world.tanium.control.hashList().length]).toEqual(['done', '', 0]);
  });

  it('stay off when a run ends by a fault that lasts, and are not taken off again', async () => {
    const { world, job } = await listed(120);
    world.tanium.control.onWrite(({ when }) => {
      if (when === 'after' && world.tanium.control.hashList().length === 50) {
        world.break({ kind: 'status', status: 502 });
      }
    });
    const failed = await world.run(job.id, 'reconcile');
    expect([failed.state, failed.message]).toEqual(['failed', expect.stringContaining('502')]);
    expect(world.tanium.control.hashList().length).toBe(50);
    world.tanium.control.onWrite(null);
    world.break(null);
    const before = takenOff(world).length;
    expect((await world.run(job.id, 'reconcile')).state).toBe('done');
    expect([takenOff(world).length - before, world.tanium.control.hashList().length]).toEqual([50, 0]);
  });
});

describe('a file on the reputation hash list', () => {
  it('that changes is listed by its new digests also where the old ones cannot be taken off', async () => {
    const world = await syncWorld({
      tanium: { behaviour: { reputation: { listed: false, tellsIds: false, deletesBy: 'id', keys: 'lower' } } },
    });
    const [id = 0] = putFiles(world, 1);
    const job = await world.job({ filesTo: 'hash-list' });
    await world.run(job.id, 'reconcile');
    const md5 = 'f'.repeat(32);
    const change = { rating: 4, md5 };
    world.threatConnect.control.change(id, change);
    const run = await world.run(job.id, 'reconcile');
    expect([run.state, run.message]).toEqual(['done', expect.stringContaining('could not be taken off')]);
    const digests = world.tanium.control.hashList().map((row) => row.md5);
    expect([digests.length, digests.includes(md5), (await jobOf(world))?.sent]).toEqual([2, true, 1]);
  });

  it('leaves the list of its own server when another job keeps it on the list of another one', async () => {
    const world = await syncWorld();
    const elsewhere = await createTaniumSimulator();
    const [id = 0] = putFiles(world, 1);
    const here = await world.job({ filesTo: 'hash-list' }, 'Here');
    const there = await world.job({ filesTo: 'hash-list', taniumUrl: elsewhere.url }, 'There');
    await world.run(here.id, 'reconcile');
    await world.run(there.id, 'reconcile');
    expect([world.tanium.control.hashList().length, elsewhere.control.hashList().length]).toEqual([1, 1]);
    world.threatConnect.control.remove(id);
    await world.run(here.id, 'reconcile');
    expect([world.tanium.control.hashList().length, elsewhere.control.hashList().length]).toEqual([0, 1]);
    await elsewhere.close();
  });
});
