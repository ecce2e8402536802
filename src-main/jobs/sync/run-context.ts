import type { SyncCounts } from '#shared/contract/sync.ts';
import type { RunState } from '#shared/domain/indicator.ts';
import type { SyncJobRow, SyncRunRow } from '../../db/repositories/sync/types.ts';
import type { Repeat, ServiceResult } from '../../net/service-fault.ts';
import { pause } from '../outbound/pause.ts';
import type { RunRecorder, SyncEngineParts } from './port.ts';
import { createRepeat, type Wait } from './repeat.ts';
import { createRunLog, type RunLog } from './run-log.ts';

/** Ends a run: how, and the sentence that is kept of it. */
export class RunEnd extends Error {
  readonly state: Exclude<RunState, 'requested' | 'running'>;
  constructor(state: RunEnd['state'], message: string) {
    super(message);
    this.name = 'RunEnd';
    this.state = state;
  }
}

/** Why a run ends before its time: a person cancelled it, or this process ends or is no longer the one that runs. */
export type StopReason = 'cancelled' | 'interrupted';

/** `between` is aborted when nothing new may begin, with the reason; `now` when what is on its way is broken off, too. */
export interface StopSignals {
  readonly between: AbortSignal;
  readonly now: AbortSignal;
}

/** One run as its steps see it. */
export interface RunContext {
  readonly parts: SyncEngineParts;
  readonly job: SyncJobRow;
  readonly run: SyncRunRow;
  readonly stop: StopSignals;
  readonly log: RunLog;
  readonly recorder: RunRecorder;
  readonly counts: Counts;
  /** Sentences for the run's message. */
  readonly warnings: string[];
  /** Shows what the run is doing; written at most a few times a second. */
  progress(phase: string, done: number, total: number | null): Promise<void>;
  warn(sentence: string): void;
  /** Throws RunEnd when nothing new may begin. */
  check(): void;
  /** Waits before something is tried again; what and when is shown meanwhile and put into the log. */
  readonly wait: Wait;
  /** How the clients of this run repeat requests. */
  readonly repeat: Repeat;
  /** A read, whose requests its client repeated; the value, or RunEnd with the fault's sentence. */
  ask<T>(ask: (signal: AbortSignal) => Promise<ServiceResult<T>>): Promise<T>;
  /** The same, for a fault the caller knows what to do with. */
  tryAsk<T>(ask: (signal: AbortSignal) => Promise<ServiceResult<T>>): Promise<ServiceResult<T>>;
}

export type Counts = { -readonly [K in keyof SyncCounts]: SyncCounts[K] };

/** Progress is written no more often. */
const PROGRESS_MS = 300;

export function createRunContext(
  parts: SyncEngineParts,
  job: SyncJobRow,
  run: SyncRunRow,
  stop: StopSignals,
): RunContext {
  const recorder = parts.record(job.id, run.id);
  const log = createRunLog(parts, run.id, job.config.logLevel);
  const counts: Counts = { ...run.counts };
  const warnings: string[] = [];
  let shownAt = Number.NEGATIVE_INFINITY;
  let shownPhase = '';
  const check = (): void => {
    if (stop.between.aborted) {
      throw stopped(stop.between.reason as StopReason);
    }
  };
  const wait: Wait = async ({ message }, milliseconds) => {
    log.write('warning', `${message} Trying again in ${Math.ceil(milliseconds / 1000)} s.`);
    const { database, timer } = parts;
    counts.requests = recorder.count();
    const retry = { at: timer.now() + milliseconds, why: message };
    await database.write('progressSyncRun', { runId: run.id, counts: { ...counts }, retry });
    await pause(timer, milliseconds, stop.between);
    await database.write('progressSyncRun', { runId: run.id, retry: null });
  };
  const tryAsk: RunContext['tryAsk'] = async (ask) => {
    check();
    const result = await ask(stop.now);
    if (!result.ok) {
      check();
    }
    return result;
  };
  return {
    parts,
    job,
    run,
    stop,
    log,
    recorder,
    counts,
    warnings,
    async progress(phase, done, total) {
      const at = parts.timer.steady();
      if (phase !== shownPhase || at - shownAt >= PROGRESS_MS) {
        [shownPhase, shownAt] = [phase, at];
        counts.requests = recorder.count();
        await parts.database.write('progressSyncRun', { runId: run.id, phase, done, total, counts: { ...counts } });
      }
    },
    warn(sentence) {
      if (!warnings.includes(sentence)) {
        warnings.push(sentence);
      }
      log.write('warning', sentence);
    },
    check,
    wait,
    repeat: createRepeat(wait, stop.between),
    tryAsk,
    async ask(ask) {
      const result = await tryAsk(ask);
      if (!result.ok) {
        throw new RunEnd('failed', result.fault.message);
      }
      return result.value;
    },
  };
}

function stopped(reason: StopReason): RunEnd {
  return reason === 'cancelled'
    ? new RunEnd('cancelled', 'Cancelled. What was written stays, and the next run goes on from there.')
    : new RunEnd('interrupted', 'Interrupted, because its process ended. The next run goes on from there.');
}
