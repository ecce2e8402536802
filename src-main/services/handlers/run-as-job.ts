import type { JobBoard, JobStart } from '../../jobs/job-board.ts';

/** Work that shows as a job and whose outcome somebody waits for. */
export interface AwaitedJob<T> extends Omit<JobStart, 'run'> {
  run(
    ...args: Parameters<JobStart['run']>
  ): Promise<{ readonly value: T; readonly message: string; readonly path?: string }>;
}

/** Runs work as a job, with its progress and cancel, and answers what it came to once the job has ended; rejects as it does. */
export async function runAsJob<T>(jobs: JobBoard, work: AwaitedJob<T>): Promise<T> {
  const outcome = Promise.withResolvers<T>();
  const ended = Promise.withResolvers<undefined>();
  const job = jobs.start({
    ...work,
    async run(update, signal) {
      try {
        const { value, ...end } = await work.run(update, signal);
        outcome.resolve(value);
        return end;
      } catch (error) {
        outcome.reject(error);
        throw error;
      }
    },
  });
  const stop = jobs.onJob(({ jobId, state }) => {
    if (jobId === job.jobId && state !== 'running') {
      ended.resolve(undefined);
    }
  });
  try {
    const [value] = await Promise.all([outcome.promise, ended.promise]);
    return value;
  } finally {
    stop();
  }
}
