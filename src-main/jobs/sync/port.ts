import type { SyncJobConfig } from '#shared/settings/sync-job.ts';
import type { Database } from '../../db/port.ts';
import type { SyncJobRow } from '../../db/repositories/sync/types.ts';
import type { ThreatResponse } from '../../destinations/tanium/port.ts';
import type { RecordedExchange, Repeat } from '../../net/service-fault.ts';
import type { PulledIndicator, ThreatConnect } from '../../providers/indicator-port.ts';
import type { Timer } from '../outbound/port.ts';
import type { Hold } from './planning/decide.ts';

/** Puts down every exchange of a run. */
export interface RunRecorder {
  readonly onExchange: (exchange: RecordedExchange) => void;
  readonly count: () => number;
  /** Settles when all that was told is put down; rejects when it could not be. */
  flush(): Promise<void>;
}

/** A client ready to be used, or why it cannot be, as a sentence. Whoever opened it closes it. */
export type OpenedClient<T> =
  | { readonly ok: true; readonly client: T; close(): Promise<void> }
  | { readonly ok: false; readonly message: string };

/** What runs need of everything around them. Time and network are the caller's. */
export interface SyncEngineParts {
  readonly database: Pick<Database, 'read' | 'write' | 'onChange'>;
  readonly timer: Timer;
  readonly connect: {
    threatConnect(
      job: SyncJobRow,
      onExchange: RunRecorder['onExchange'],
      repeat: Repeat,
    ): Promise<OpenedClient<ThreatConnect>>;
    threatResponse(
      job: SyncJobRow,
      onExchange: RunRecorder['onExchange'],
      repeat: Repeat,
    ): Promise<OpenedClient<ThreatResponse>>;
  };
  readonly query: {
    buildTql(config: SyncJobConfig, args: { readonly since: number | null; readonly includeInactive: boolean }): string;
    /** The query for indicators of one owner by their ids, inactive ones too. */
    tqlOfIds(owner: string, ids: readonly number[]): string;
    /** Why an indicator does not meet the criteria by our own reading; null when it does. */
    whyNotMatching(config: SyncJobConfig, indicator: PulledIndicator): string | null;
  };
  /** What stands against sending indicators, by id. */
  readonly judge: {
    judge(
      page: readonly Pick<PulledIndicator, 'id' | 'type' | 'terms'>[],
      own: readonly string[],
      signal: AbortSignal,
    ): Promise<{
      readonly holds: ReadonlyMap<number, Hold>;
      /** What could not be looked at, as sentences. */
      readonly problems: readonly string[];
    }>;
  };
  /** The offline switch: nothing is asked for by schedule while it is on. */
  isOffline(): Promise<boolean>;
  /** Days for which requests and logs are kept. */
  logDays(): Promise<number>;
  record(jobId: number, runId: number): RunRecorder;
  /** Brings the known sets of a job's pulled files up to date. */
  readonly refreshKnownFiles: (jobId: number, signal: AbortSignal) => Promise<void>;
  /** Told of defects: runs go on with the next one after them. */
  readonly onFault: (error: unknown) => void;
}
