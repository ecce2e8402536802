import type { PushName, PushPayload } from '#shared/contract/index.ts';

/** How long pushes are gathered before they leave, in milliseconds. */
export const PUSH_INTERVAL_MS = 100;

export interface Push {
  readonly name: PushName;
  readonly payload: unknown;
}

/** Where batches go. `isGone` is asked before each: a destroyed or crashed page gets nothing until it is back. */
export interface PushTarget {
  isGone(): boolean;
  send(pushes: readonly Push[]): void;
}

export interface PushBatcher {
  push<N extends PushName>(name: N, payload: PushPayload<N>): void;
  /** Sends what waits now. */
  flush(): void;
  dispose(): void;
}

type Changed = PushPayload<'changed'>;
type Job = PushPayload<'job'>;

/**
 * Gathers pushes for 100 ms. `changed` pushes are merged into one; of each job only its latest state leaves, except
 * that an end is never replaced. Order of first arrival is kept; `changed` leaves last, so that jobs it follows from
 * are known.
 */
export function createPushBatcher(target: PushTarget, interval = PUSH_INTERVAL_MS): PushBatcher {
  let kinds = new Set<Changed['kinds'][number]>();
  let intakeIds = new Set<number>();
  let jobs = new Map<string, Job>();
  let others: Push[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  let disposed = false;

  const clear = (): void => {
    kinds = new Set();
    intakeIds = new Set();
    jobs = new Map();
    others = [];
    if (timer !== null) {
      clearTimeout(timer);
      timer = null;
    }
  };

  const flush = (): void => {
    const batch: Push[] = [...[...jobs.values()].map((job): Push => ({ name: 'job', payload: job })), ...others];
    if (kinds.size > 0) {
      batch.push({ name: 'changed', payload: { kinds: [...kinds], intakeIds: [...intakeIds] } });
    }
    clear();
    if (batch.length > 0 && !disposed && !target.isGone()) {
      target.send(batch);
    }
  };

  return {
    push(name, payload) {
      if (disposed) {
        return;
      }
      if (name === 'changed') {
        const changed = payload as Changed;
        changed.kinds.forEach((kind) => kinds.add(kind));
        changed.intakeIds.forEach((id) => intakeIds.add(id));
      } else if (name === 'job') {
        const job = payload as Job;
        if (jobs.get(job.jobId)?.state === undefined || jobs.get(job.jobId)?.state === 'running') {
          jobs.set(job.jobId, job);
        }
      } else {
        others.push({ name, payload });
      }
      timer ??= setTimeout(flush, interval);
    },
    flush,
    dispose() {
      disposed = true;
      clear();
    },
  };
}
