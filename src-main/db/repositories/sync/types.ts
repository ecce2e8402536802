import type {
  HoldReason,
  IndicatorType,
  RunKind,
  RunState,
  SyncAction,
  SyncLogLevel,
  Term,
  WithdrawalReason,
} from '#shared/domain/indicator.ts';
import type { SyncCounts, SyncRecallScope } from '#shared/contract/sync.ts';
import type { SyncJobConfig } from '#shared/settings/sync-job.ts';

/** Times are milliseconds since the epoch in everything about sync. */
export interface SyncJobRow {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  readonly config: SyncJobConfig;
  readonly revision: number;
  readonly active: boolean;
  readonly activatedAt: number | null;
  readonly lastModified: number;
  readonly reconciledAt: number | null;
  /** Owners that the last complete pull read; null before the first. */
  readonly readOwners: readonly string[] | null;
  /** What the secrets were given for, a host as a rule; null before they were. */
  readonly threatConnectHost: string | null;
  readonly taniumHost: string | null;
  readonly secretRevision: number;
  /** Learned forms of network terms, JSON; null before they were learned. */
  readonly termForms: string | null;
  readonly deployDue: boolean;
  readonly createdAt: number;
}

export interface SyncRunRow {
  readonly id: number;
  readonly jobId: number;
  readonly kind: RunKind;
  readonly asked: 'schedule' | 'person';
  readonly state: RunState;
  readonly scope: SyncRecallScope | null;
  /** Of the job's settings when it was asked for, and when it began. */
  readonly revision: number;
  readonly requestedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly counts: SyncCounts;
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
  /** What failed and is tried again then, while it runs. */
  readonly retry: RunRetry | null;
  readonly message: string;
  readonly tql: string;
  readonly seen: boolean;
  readonly cancel: boolean;
  readonly approved: boolean;
  /** The stopped run whose withdrawals this one may do; null for none. */
  readonly approves: number | null;
}

/** Something that failed for a passing reason and is tried again. */
export interface RunRetry {
  readonly at: number;
  /** The fault, as a sentence. */
  readonly why: string;
}

/** An indicator as it was pulled. */
export interface PulledRow {
  readonly id: number;
  readonly type: IndicatorType;
  readonly summary: string;
  readonly terms: readonly Term[];
  readonly owner: string;
  readonly rating: number | null;
  readonly confidence: number | null;
  readonly threatAssess: number | null;
  readonly falsePositives: number;
  readonly tags: readonly string[];
  readonly modifiedAt: number;
  readonly link: string;
  /**
   * Why it is not to be sent although it was pulled: inactive, deleted, or does not match by our own reading; null. Of an
   * unreadable one nothing is known but that it is there: `invalid` says why, and the rest is what was known before.
   */
  readonly gone: 'inactive' | 'deleted' | 'no-match' | 'unreadable' | null;
  readonly invalid: string | null;
}

/** An indicator that is there and cannot be read. */
export interface UnreadableRow extends Pick<PulledRow, 'id' | 'summary' | 'owner'> {
  /** Null when nothing tells it. */
  readonly type: IndicatorType | null;
  readonly why: string;
}

/** What is known of an indicator from before. */
export interface IndicatorRow extends Omit<PulledRow, 'gone' | 'invalid'> {
  readonly wanted: boolean;
  readonly held: HoldReason | null;
  readonly heldBy: string;
  readonly released: boolean;
  readonly recalled: boolean;
  readonly sent: boolean;
  readonly sentTerms: readonly Term[] | null;
  readonly sentRating: number | null;
  readonly sentConfidence: number | null;
  /** Its digests on the reputation hash list; null when it is not there. */
  readonly listedTerms: readonly Term[] | null;
  /** It is to be in Threat Response: it matches and is not held back, or was released. */
  readonly goes: boolean;
}

/** The two sides of one indicator; either may be missing. In order of id. */
export interface IndicatorPair {
  readonly id: number;
  readonly pulled: PulledRow | null;
  readonly known: IndicatorRow | null;
}

/**
 * What a run decided about an indicator. `wanted`: it matches, held back or not; `held` is what stands against it, released
 * or not. Both are what will be true of it.
 */
export interface PlannedIndicator {
  readonly id: number;
  readonly action: SyncAction;
  readonly reason: WithdrawalReason | HoldReason | null;
  readonly why: string;
  readonly wanted: boolean;
  readonly held: HoldReason | null;
  readonly heldBy: string;
  /** False: what is true of it changes, but it is no row of the plan that is shown or counted. */
  readonly shown?: boolean | undefined;
}

export interface PackageRow {
  readonly jobId: number;
  readonly type: IndicatorType;
  /** Leading bits of its indicators' buckets, as '0' and '1'; empty for the one that holds all. */
  readonly prefix: string;
  readonly rootId: string;
  readonly name: string;
  readonly intelId: number | null;
  readonly dirty: boolean;
  /** How often it became dirty: what settles a write says which state was built. */
  readonly touched: number;
  readonly retiring: boolean;
  readonly sentDigest: string | null;
  readonly serverMd5: string | null;
  /** Names of the labels it carries. */
  readonly labels: readonly string[];
  /** Its labels may differ from the tags of its indicators. */
  readonly labelsDue: boolean;
  readonly scanDue: boolean;
}

/** A write that is about to leave. */
export interface LedgerEntry {
  readonly jobId: number;
  readonly runId: number;
  readonly at: number;
  readonly action: string;
  readonly host: string;
  readonly type: IndicatorType | null;
  readonly prefix: string | null;
  readonly package: string;
  readonly rootId: string | null;
  readonly intelId: number | null;
  readonly indicators: number;
  readonly added: readonly number[];
  readonly removed: readonly number[];
}

export interface LedgerRow extends LedgerEntry {
  readonly id: number;
  readonly settledAt: number | null;
  readonly outcome: 'done' | 'refused' | 'failed' | 'unknown' | 'found' | null;
  readonly httpStatus: number | null;
  readonly message: string;
}

export interface SyncLogRow {
  readonly at: number;
  readonly level: SyncLogLevel;
  readonly text: string;
}
