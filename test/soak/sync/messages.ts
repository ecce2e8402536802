import type { SyncCounts } from '#shared/contract/sync.ts';
import type { RunKind, RunState } from '#shared/domain/indicator.ts';
import type { SyncJobChange } from '#shared/settings/sync-job.ts';

/** What a process that syncs is to do. Each may be done again after a kill: what was done already stays as it is. */
export type SyncTask =
  /** Makes the job, unless it is there. */
  | { readonly kind: 'make'; readonly name: string; readonly change: SyncJobChange }
  | { readonly kind: 'run'; readonly run: Extract<RunKind, 'run' | 'reconcile' | 'dry-run'> }
  /** Allows what the newest run stopped at, if it did, and awaits that. */
  | { readonly kind: 'approve' }
  /** Calls indicators back. */
  | { readonly kind: 'recall'; readonly ids: readonly number[] }
  | { readonly kind: 'release'; readonly ids: readonly number[] };

/** What a process is started with, as JSON in its one argument. */
export interface SyncStart {
  readonly directory: string;
  readonly task: SyncTask;
  /** It kills itself at the so many-th write of its database; null: not by itself. */
  readonly dieAtWrite: number | null;
  /** Share of the real time that waits between tries take. */
  readonly hurry: number;
}

/** How a run ended. */
export interface EndedRun {
  readonly id: number;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly message: string;
  readonly counts: SyncCounts;
}

/** From the process to the one that keeps the simulators. */
export type FromSync =
  | {
      readonly kind: 'ended';
      /** Null for a task that is no run. */
      readonly run: EndedRun | null;
      /** Writes of its database. */
      readonly writes: number;
      readonly peakMb: number;
    }
  | { readonly kind: 'fault'; readonly text: string };
