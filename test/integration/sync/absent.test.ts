import { describe, expect, it } from 'vitest';
import { syncWorld, termsOf, type SyncWorld } from './world.ts';

function putHosts({ threatConnect }: SyncWorld, count: number): number[] {
  return Array.from({ length: count }, (_, n) =>
    threatConnect.control.put({ type: 'Host', summary: `h${n}.attacker.net`, owner: 'Example Corp', rating: 4 }),
  );
}

describe('indicators that a comparison does not bring', () => {
  it('are not withdrawn when ThreatConnect cannot say what became of them', async () => {
    const world = await syncWorld();
    const ids = putHosts(world, 40);
    const job = await world.job();
    await world.run(job.id, 'reconcile');
    ids.slice(0, 2).forEach((id) => world.threatConnect.control.setActive(id, false));
    const before = world.threatConnect.log.length;
    await world.run(job.id, 'dry-run');
    const asked = world.threatConnect.log.slice(before).findIndex(({ tql }) => tql.includes('id in ('));
    expect(asked).toBeGreaterThan(0);
    world.threatConnect.script([
      ...Array.from({ length: asked }, () => ({ kind: 'none' as const })),
      ...Array.from({ length: 4 }, () => ({ kind: 'status' as const, status: 503 })),
    ]);
    const failed = await world.run(job.id, 'reconcile');
    expect([failed.state, failed.counts.withdrawn, termsOf(world.tanium).length]).toEqual(['failed', 0, 40]);
    const done = await world.run(job.id, 'reconcile');
    expect([done.state, done.counts.withdrawn, termsOf(world.tanium).length]).toEqual(['done', 2, 38]);
  });

  it('by a query of its own stay when they match by the time they are asked for', async () => {
    const world = await syncWorld();
    const ids = putHosts(world, 30);
    const job = await world.job({ tql: 'rating >= 4', pageSize: 7 });
    await world.run(job.id, 'reconcile');
    // While pages are read one matches no more, and does again after the last one.
    const [id = 0] = ids;
    world.threatConnect.control.change(id, { rating: 1 });
    let pages = 0;
    world.threatConnect.onPage(() => {
      pages += 1;
      if (pages === 4) {
        world.threatConnect.control.change(id, { rating: 5 });
      }
    });
    const run = await world.run(job.id, 'reconcile');
    expect([run.state, run.counts.withdrawn, termsOf(world.tanium).length]).toEqual(['done', 0, 30]);
    world.threatConnect.onPage(null);
    world.threatConnect.control.change(id, { rating: 1 });
    expect((await world.run(job.id, 'reconcile')).counts.withdrawn).toBe(1);
  });
});
