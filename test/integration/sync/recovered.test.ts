import { describe, expect, it, vi } from 'vitest';
import type { RunKind } from '#shared/domain/indicator.ts';
import { syncWorld, type SyncWorld } from './world.ts';

/** Ends the process while a run of it is writing, after something else was done. */
async function endedWhileWriting(world: SyncWorld, what: (runId: number) => Promise<unknown>): Promise<SyncWorld> {
  const job = await world.job({ packageSize: 5 });
  const asked = await world.engine.threatSync.request({ jobId: job.id, kind: 'reconcile' });
  await new Promise<void>((resolve, reject) => {
    world.tanium.control.onWrite(() => {
      world.tanium.control.onWrite(null);
      // Nothing of the run goes on meanwhile.
      world.tanium.control.slow(600);
      what(asked.id).then(() => resolve(), reject);
    });
  });
  const next = world.restart();
  world.tanium.control.slow(0);
  return next;
}

const runsOf = async ({ engine }: SyncWorld) =>
  (await engine.threatSync.runs({ jobId: 1, offset: 0, limit: 20 })).rows.toReversed();

describe('what a process left when it ended', () => {
  it('goes on also when something else was asked for after it', async () => {
    const world = await syncWorld({ threatConnect: { indicators: 60 } });
    const kinds: RunKind[] = ['reconcile', 'dry-run', 'reconcile'];
    const next = await endedWhileWriting(world, () => world.engine.threatSync.request({ jobId: 1, kind: 'dry-run' }));
    const areDone = async () => (await runsOf(next)).filter(({ state }) => state === 'done').length === 2;
    await vi.waitUntil(areDone, { timeout: 60_000 });
    const runs = await runsOf(next);
    expect([runs.map(({ kind }) => kind), runs[0]?.state]).toEqual([kinds, 'interrupted']);
  });
});
