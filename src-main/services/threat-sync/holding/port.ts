import type { HoldReason, Term } from '#shared/domain/indicator.ts';
import type { Status } from '#shared/domain/status.ts';

/** Why an indicator is not to be pushed. `by` says in a sentence which entry, set, source or address it is. */
export interface Hold {
  readonly reason: Exclude<HoldReason, 'recalled'>;
  readonly by: string;
}

/** An indicator that is about to be pushed. */
export interface HoldQuestion {
  readonly id: number;
  readonly terms: readonly Term[];
}

/** Holds back what must not, or should not, be searched for on endpoints. Asks this machine alone. */
export interface HoldingJudge {
  /**
   * Looks at a page of indicators; those that nothing speaks against are not among the holds. `own` are the job's own
   * addresses and domains; a hold for `own` may not be released, the others may. `problems` are sentences about known sets
   * that could not be read, whose files are not held back. Rejects with the signal's reason when it is aborted.
   */
  judge(
    page: readonly HoldQuestion[],
    own: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly holds: ReadonlyMap<number, Hold>; readonly problems: readonly string[] }>;
  /** What this machine says of files, in their order; null for terms without a digest. */
  here(files: readonly (readonly Term[])[]): Promise<readonly (Status | null)[]>;
}
