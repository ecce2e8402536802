import { describe, expect, it, vi } from 'vitest';
import { syncWorld, termsOf } from './world.ts';
import { SOON } from '#test/patience.ts';

describe('a run that is ended', () => {
  it('by a person keeps what it wrote, and the next one does the rest', async () => {
    const world = await syncWorld({ threatConnect: { indicators: 200 } });
    const job = await world.job({ packageSize: 20 });
    const sync = world.engine.threatSync;
    const asked = await sync.request({ jobId: job.id, kind: 'reconcile' });
    await new Promise<void>((resolve) => {
      let writes = 0;
      world.tanium.control.onWrite(({ when }) => {
        writes += 1;
        if (writes === 9 && when === 'before') {
          void sync.cancel(asked.id).then(() => resolve());
        }
      });
    });
    const run = await world.ended(asked.id);
    expect([run.state, run.message]).toEqual(['cancelled', expect.stringContaining('What was written stays')]);
    const some = termsOf(world.tanium).length;
    const next = await world.run(job.id, 'reconcile');
    expect([next.state, termsOf(world.tanium).length > some, some > 0]).toEqual(['done', true, true]);
  });

  it('by its process goes on with a recall, too', async () => {
    const world = await syncWorld({ threatConnect: { indicators: 120 } });
    const job = await world.job({ packageSize: 10 });
    await world.run(job.id, 'reconcile');
    const scope = { kind: 'all' } as const;
    const asked = await world.engine.threatSync.recall({ jobId: job.id, scope, dryRun: false });
    await new Promise<void>((resolve) => {
      world.tanium.control.onWrite(() => resolve());
    });
    const next = await world.restart();
    const again = await vi.waitUntil(
      async () =>
        (await next.engine.threatSync.runs({ jobId: job.id, offset: 0, limit: 10 })).rows.find(
          ({ id }) => id > asked.id,
        ),
      SOON,
    );
    expect([again.kind, (await next.ended(again.id)).state]).toEqual(['recall', 'done']);
    expect([termsOf(world.tanium), (await next.engine.threatSync.jobs()).jobs[0]?.sent]).toEqual([[], 0]);
  });

  it('by its process is done by the next one without being asked again', async () => {
    const world = await syncWorld({ threatConnect: { indicators: 200 } });
    const job = await world.job({ packageSize: 20 });
    const asked = await world.engine.threatSync.request({ jobId: job.id, kind: 'reconcile' });
    await new Promise<void>((resolve) => {
      world.tanium.control.onWrite(() => resolve());
    });
    const next = await world.restart();
    const sync = next.engine.threatSync;
    expect((await sync.run(asked.id)).state).toBe('interrupted');
    const again = await vi.waitUntil(
      async () => (await sync.runs({ jobId: job.id, offset: 0, limit: 10 })).rows.find(({ id }) => id !== asked.id),
      SOON,
    );
    expect(again).toMatchObject({ kind: 'reconcile', asked: 'person' });
    expect((await next.ended(again.id)).state).toBe('done');
    expect([world.faults, next.faults]).toEqual([[], []]);
    const { rows } = await sync.ledger({ jobId: job.id, offset: 0, limit: 500 });
    expect(rows.filter(({ outcome }) => outcome === null || outcome === 'unknown')).toEqual([]);
  });
});
