import { describe, expect, it } from 'vitest';
import { syncWorld, termsOf, type SyncWorld } from './world.ts';

function put({ threatConnect }: SyncWorld, count: number, tags: readonly string[] = []): number[] {
  return Array.from({ length: count }, (_, n) =>
    threatConnect.control.put({ type: 'Host', summary: `h${n}.attacker.net`, owner: 'Example Corp', tags }),
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
