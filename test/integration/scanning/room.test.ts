import { expect, it } from 'vitest';
import { createJobBoard } from '#main/jobs/job-board.ts';
import { scanHandlers } from '#main/services/handlers/scan.ts';
import { sha256 } from '../../db/queue/world.ts';
import { NEVER_ABORTED, scanWorld } from './scan-world.ts';

it('queues what there is room for, counts the rest, and says so at the end', async () => {
  let room = 2;
  const it = await scanWorld({
    room: async (count) => {
      const made = Math.min(count, room);
      room -= made;
      return made;
    },
  });
  const intakeId = await it.dropped([sha256(1), sha256(2), sha256(3)]);
  const request = it.scan(intakeId, { sources: ['wildfire'] });
  expect(await it.scanning.start(request, () => undefined, NEVER_ABORTED)).toMatchObject({ queued: 2, notMade: 1 });
  expect(it.queued()).toHaveLength(2);
  expect(
    it.sql<{ amount: number; source: number }>('SELECT amount, source FROM metric_events WHERE kind = 11'),
  ).toEqual([{ amount: 1, source: 1 }]);
  // What waits already needs no room.
  const jobs = createJobBoard({ now: () => Date.now() });
  const { jobId } = await scanHandlers({ scanning: it.scanning, jobs } as never)['scan.start'](request);
  await expect.poll(() => jobs.list().find((job) => job.jobId === jobId)?.state).toBe('done');
  expect(jobs.list()[0]?.message).toContain('1 left out. The database is at its maximum size');
});
