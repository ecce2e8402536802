import { describe, expect, it } from 'vitest';
import { syncWorld, termsOf, type SyncWorld } from './world.ts';

function put({ threatConnect }: SyncWorld, count: number, tags: readonly string[] = []): number[] {
  return Array.from({ length: count }, (_, n) =>
    threatConnect.control.put({
      type: 'Host',
      summary: `h${n}.${tags.join()}attacker.net`,
      owner: 'Example Corp',
      tags,
    }),
  );
}

const own = ({ tanium }: SyncWorld) => tanium.control.intels().filter(({ name }) => name.startsWith('Feed'));

describe('a comparison without news', () => {
  it('puts no documents together again that were too large', async () => {
    const world = await syncWorld({ tanium: { behaviour: { maxDocumentBytes: 6000, tooLarge: 'bare-400' } } });
    put(world, 90);
    const job = await world.job({ packageSize: 500 });
    await world.run(job.id, 'reconcile');
    const [documents, writes] = [own(world).length, world.tanium.control.writes()];
    const again = await world.run(job.id, 'reconcile');
    expect([again.state, own(world).length, world.tanium.control.writes()]).toEqual(['done', documents, writes]);
    const tried = await world.engine.threatSync.ledger({ jobId: job.id, runId: again.id, offset: 0, limit: 100 });
    expect(tried.rows).toEqual([]);
    // Only as long as the size stands: a person who changes it has the sizes tried anew.
    world.tanium.control.behaviour.maxDocumentBytes = null;
    await world.engine.threatSync.set({ jobId: job.id, change: { packageSize: 1000 } });
    await world.run(job.id, 'reconcile');
    expect([own(world).length, termsOf(world.tanium).length]).toEqual([1, 90]);
  });

  it('gives a document that was made again the labels of the one that went missing', async () => {
    const world = await syncWorld();
    put(world, 5, ['phish']);
    const job = await world.job({ labels: 2 });
    await world.run(job.id, 'reconcile');
    const labels = () => own(world).map(({ id }) => world.tanium.control.labelsOf(id));
    expect(labels()).toEqual([['phish']]);
    world.tanium.control.removeIntel(own(world)[0]?.id ?? 0);
    expect((await world.run(job.id, 'reconcile')).state).toBe('done');
    expect(labels()).toEqual([['phish']]);
    const writes = world.tanium.control.writes();
    await world.run(job.id, 'reconcile');
    expect(world.tanium.control.writes()).toEqual(writes);
  });
});

describe('one deploy a run', () => {
  it('also where a run finishes what another left, and one when it cannot go on after that', async () => {
    const world = await syncWorld();
    put(world, 6);
    const job = await world.job({ packageSize: 2 });
    const sync = world.engine.threatSync;
    await world.run(job.id, 'reconcile');
    const leave = async (): Promise<void> => {
      // What is called back is decided and noted before Threat Response is asked.
      await world.engine.handlers['settings.set']({ offline: true });
      const [first] = (await sync.indicators({ jobId: job.id, which: 'sent', offset: 0, limit: 1 })).rows;
      const ids = [first?.id ?? 0];
      const asked = await sync.recall({ jobId: job.id, scope: { kind: 'indicators', ids }, dryRun: false });
      const recall = await world.ended(asked.id);
      expect([recall.state, recall.message]).toEqual(['failed', expect.stringContaining('noted as called back')]);
      await world.engine.handlers['settings.set']({ offline: false });
    };
    await leave();
    put(world, 4, ['more']);
    const { deploys } = world.tanium.control.writes();
    expect((await world.run(job.id, 'reconcile')).counts).toMatchObject({ deploys: 1 });
    expect(world.tanium.control.writes().deploys).toBe(deploys + 1);

    await leave();
    world.threatConnect.script(Array.from({ length: 40 }, () => ({ kind: 'status' as const, status: 403 })));
    const failed = await world.run(job.id, 'reconcile');
    expect([failed.state, failed.counts.deploys, world.tanium.control.isUndeployed()]).toEqual(['failed', 1, false]);
  });
});
