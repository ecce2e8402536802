import type { Counts } from '#shared/contract/common.ts';
import type { Job } from '#shared/contract/app.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { Clock } from '../platform/clock.ts';

/** What a running job tells; anything left out stays as it was. */
export interface JobUpdate {
  readonly phase?: string;
  /** What is counted from here on. */
  readonly unit?: Job['unit'];
  readonly done?: number;
  readonly total?: number | null;
  readonly counts?: Counts | null;
  readonly intakeId?: number;
  /** Whether it can be paused from here on; at first it cannot. */
  readonly canPause?: boolean;
}

export interface JobStart {
  readonly kind: Job['kind'];
  readonly title: string;
  readonly unit: Job['unit'];
  readonly intakeId?: number;
  /** Pauses the work and lets it go on. Called only between `canPause` and the end. */
  readonly pause?: (isPaused: boolean) => void;
  /** Told when the job is done; a rejection ends it as failed with the error's sentence. */
  run(
    update: (change: JobUpdate) => void,
    signal: AbortSignal,
  ): Promise<{ readonly message: string; readonly path?: string; readonly cancelled?: boolean }>;
}

interface Entry {
  job: Job;
  readonly controller: AbortController;
  readonly pause: JobStart['pause'];
  readonly ended: Promise<void>;
  readonly samples: { readonly at: number; readonly done: number }[];
}

const KEPT_AFTER_END = 20;
const RATE_WINDOW_MS = 1000;

/** Runs long work with progress, rate, time left and cancel. One per engine. */
export interface JobBoard {
  start(request: JobStart): Job;
  list(): Job[];
  /** Asks the job to stop; unknown and ended jobs are left alone. */
  cancel(jobId: string): void;
  /** Pauses a job or lets it go on; unknown jobs and those that cannot be paused now are left alone. */
  pause(jobId: string, isPaused: boolean): void;
  busy(): boolean;
  onJob(listener: (job: Job) => void): () => void;
  /** Cancels everything and waits until it ended. */
  dispose(): Promise<void>;
}

/** `onFault` is told of everything a job threw that is no expected error: people see one sentence, the log the rest. */
export function createJobBoard(clock: Clock, onFault: (error: unknown) => void = () => undefined): JobBoard {
  const entries = new Map<string, Entry>();
  const listeners = new Set<(job: Job) => void>();
  let next = 1;

  const tell = (entry: Entry, change: Partial<Job>): void => {
    entry.job = { ...entry.job, ...change };
    for (const listener of listeners) {
      listener(entry.job);
    }
  };

  const apply = (entry: Entry, update: JobUpdate): void => {
    if (entry.job.state !== 'running') {
      return;
    }
    const { canPause, ...change } = update;
    const paused = pausedAfter(entry.job.paused, canPause);
    const pace = paused === true ? STANDING : measure(entry, update, clock.now());
    tell(entry, { ...change, paused, ...pace });
  };

  const forgetOld = (): void => {
    const ended = [...entries.values()].filter((entry) => entry.job.state !== 'running');
    for (const entry of ended.slice(0, Math.max(0, ended.length - KEPT_AFTER_END))) {
      entries.delete(entry.job.jobId);
    }
  };

  return {
    start(request) {
      const jobId = `job-${process.pid}-${next}`;
      next += 1;
      const controller = new AbortController();
      const job: Job = {
        jobId,
        kind: request.kind,
        title: request.title,
        state: 'running',
        phase: 'starting',
        done: 0,
        total: null,
        unit: request.unit,
        rate: 0,
        secondsLeft: null,
        paused: null,
        intakeId: request.intakeId ?? null,
        counts: null,
        message: '',
        path: null,
      };
      const running = Promise.withResolvers<void>();
      const entry: Entry = { job, controller, pause: request.pause, ended: running.promise, samples: [] };
      entries.set(jobId, entry);
      tell(entry, {});
      void request
        .run((update) => apply(entry, update), controller.signal)
        .then(
          (end) =>
            tell(entry, {
              state: end.cancelled === true ? 'cancelled' : 'done',
              phase: 'ended',
              secondsLeft: null,
              paused: null,
              message: end.message,
              path: end.path ?? null,
            }),
          (error: unknown) => {
            if (!isAppError(error) && !controller.signal.aborted) {
              onFault(error);
            }
            tell(entry, {
              state: controller.signal.aborted ? 'cancelled' : 'failed',
              phase: 'ended',
              secondsLeft: null,
              paused: null,
              message: isAppError(error)
                ? error.message
                : 'Unexpected fault; the log of the data directory has details.',
            });
          },
        )
        .finally(() => {
          forgetOld();
          running.resolve();
        });
      return entry.job;
    },
    list: () => [...entries.values()].map((entry) => entry.job),
    cancel(jobId) {
      entries.get(jobId)?.controller.abort();
    },
    pause(jobId, isPaused) {
      const entry = entries.get(jobId);
      if (entry?.pause === undefined || entry.job.paused === null || entry.job.paused === isPaused) {
        return;
      }
      entry.pause(isPaused);
      // What it did before the pause says nothing about how fast it goes after it.
      entry.samples.length = 0;
      tell(entry, { paused: isPaused, ...STANDING });
    },
    busy: () => [...entries.values()].some((entry) => entry.job.state === 'running'),
    onJob(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async dispose() {
      for (const entry of entries.values()) {
        entry.controller.abort();
      }
      await Promise.all([...entries.values()].map((entry) => entry.ended));
      listeners.clear();
    },
  };
}

/** What is said of a job that does not move. */
const STANDING = { rate: 0, secondsLeft: null } as const;

function pausedAfter(paused: boolean | null, canPause: boolean | undefined): boolean | null {
  if (canPause === undefined) {
    return paused;
  }
  return canPause ? (paused ?? false) : null;
}

/** Rate over the last second of samples, and what that leaves to go. */
function measure(entry: Entry, update: JobUpdate, now: number): { rate: number; secondsLeft: number | null } {
  const done = update.done ?? entry.job.done;
  const total = update.total === undefined ? entry.job.total : update.total;
  if (update.phase !== undefined && update.phase !== entry.job.phase) {
    // Another phase counts something else: how fast it goes is not known yet.
    entry.samples.length = 0;
  }
  entry.samples.push({ at: now, done });
  while (entry.samples.length > 2 && (entry.samples[0]?.at ?? now) < now - RATE_WINDOW_MS) {
    entry.samples.shift();
  }
  const first = entry.samples[0];
  const elapsed = first === undefined ? 0 : (now - first.at) / 1000;
  const rate = first === undefined || elapsed <= 0 ? entry.job.rate : Math.max(0, (done - first.done) / elapsed);
  return { rate, secondsLeft: total === null || rate <= 0 ? null : Math.max(0, (total - done) / rate) };
}
