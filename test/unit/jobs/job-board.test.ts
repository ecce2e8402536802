import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { createJobBoard, type JobUpdate } from '#main/jobs/job-board.ts';

function board() {
  let now = 1_000_000;
  const faults: unknown[] = [];
  const jobs = createJobBoard({ now: () => now }, (error) => faults.push(error));
  const seen: string[] = [];
  const ended = new Map<string, () => void>();
  jobs.onJob((job) => {
    seen.push(`${job.state}:${job.phase}`);
    if (job.state !== 'running') {
      ended.get(job.jobId)?.();
    }
  });
  const end = (jobId: string): Promise<void> => new Promise((resolve) => ended.set(jobId, resolve));
  return { jobs, seen, end, faults, advance: (ms: number) => (now += ms) };
}

describe('job board', () => {
  it('reports rate and time left from what the job tells', async () => {
    const { jobs, end, advance } = board();
    const rows: { rate: number; left: number | null }[] = [];
    jobs.onJob((job) => rows.push({ rate: job.rate, left: job.secondsLeft }));
    const job = jobs.start({
      kind: 'export',
      title: 'x',
      unit: 'rows',
      run: async (update) => {
        update({ done: 0, total: 1000 });
        advance(500);
        update({ done: 200 });
        await Promise.resolve();
        return { message: 'done' };
      },
    });
    await end(job.jobId);
    expect(rows).toContainEqual({ rate: 400, left: 2 });
    expect(jobs.busy()).toBe(false);
  });

  it('pauses a job while it can be, says nothing of its pace meanwhile, and forgets the pace of before', async () => {
    const { jobs, end, advance } = board();
    const asked: boolean[] = [];
    let update: (change: JobUpdate) => void = () => undefined;
    const finish = Promise.withResolvers<{ message: string }>();
    const { jobId } = jobs.start({
      kind: 'intake',
      title: 'x',
      unit: 'bytes',
      pause: (isPaused) => asked.push(isPaused),
      run: (tell) => {
        update = tell;
        return finish.promise;
      },
    });
    const now = () => jobs.list().map(({ paused, rate, secondsLeft }) => ({ paused, rate, secondsLeft }))[0];
    jobs.pause(jobId, true);
    expect([asked, now()]).toEqual([[], { paused: null, rate: 0, secondsLeft: null }]);
    update({ done: 0, total: 1000, canPause: true });
    advance(500);
    update({ done: 100 });
    expect(now()).toEqual({ paused: false, rate: 200, secondsLeft: 4.5 });
    jobs.pause(jobId, true);
    jobs.pause(jobId, true);
    advance(60_000);
    update({ done: 110 });
    expect(now()).toEqual({ paused: true, rate: 0, secondsLeft: null });
    jobs.pause(jobId, false);
    update({ done: 120 });
    advance(1000);
    update({ done: 220 });
    expect(now()).toEqual({ paused: false, rate: 100, secondsLeft: 7.8 });
    jobs.pause(jobId, true);
    update({ phase: 'sorting', canPause: false });
    expect(now()?.paused).toBeNull();
    const ended = end(jobId);
    finish.resolve({ message: 'done' });
    await ended;
    jobs.pause(jobId, true);
    expect(asked).toEqual([true, false, true]);
  });

  it('ends as cancelled with the job’s own sentence, and as failed with the error’s', async () => {
    const { jobs, end, faults } = board();
    const cancelled = jobs.start({
      kind: 'intake',
      title: 'x',
      unit: 'bytes',
      run: (_update, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new AppError('CANCELLED', 'Cancelled. 12 rows are kept.')));
        }),
    });
    const cancelEnd = end(cancelled.jobId);
    jobs.cancel(cancelled.jobId);
    await cancelEnd;
    const failed = jobs.start({
      kind: 'intake',
      title: 'x',
      unit: 'bytes',
      run: async () => {
        await Promise.resolve();
        throw new Error('secret path /root/x');
      },
    });
    await end(failed.jobId);
    const byId = new Map(jobs.list().map((job) => [job.jobId, job]));
    expect(byId.get(cancelled.jobId)).toMatchObject({ state: 'cancelled', message: 'Cancelled. 12 rows are kept.' });
    expect(byId.get(failed.jobId)?.state).toBe('failed');
    expect(byId.get(failed.jobId)?.message).not.toContain('secret');
    // The sentence sends people to the log, so the log must be told; a cancel is no fault.
    expect(faults).toEqual([expect.objectContaining({ message: 'secret path /root/x' })]);
  });

  it('dispose cancels what runs and waits for it', async () => {
    const { jobs } = board();
    let stopped = false;
    jobs.start({
      kind: 'intake',
      title: 'x',
      unit: 'bytes',
      run: (_update, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            stopped = true;
            resolve({ message: 'kept', cancelled: true });
          });
        }),
    });
    await jobs.dispose();
    expect(stopped).toBe(true);
  });
});
