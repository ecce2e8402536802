import type { DigestKind } from '#shared/domain/hash.ts';
import type { AvoidedBy, Outcome, Purpose, QuotaWindow } from '#shared/domain/outcome.ts';
import type { ItemRecord } from './item-writer.ts';

/** Hashes to queue for one source. Digests are packed: count x bytes of the kind. */
export interface EnqueueArgs {
  readonly source: number;
  readonly kind: DigestKind;
  readonly digests: Uint8Array;
  readonly purpose: Purpose;
  /** The intake they belong to; null for look-ups. */
  readonly intakeId: number | null;
  /** 0 may be sent at once; n waits while a lower stage of the same digest is queued for a source that can be asked. */
  readonly stage: number;
  /** Dropped once another source says malicious. */
  readonly stopOnMalicious: boolean;
  /** Asked although a fresh item exists: a person wants it again. Hash list and embargo still hold. */
  readonly force: boolean;
  /** Asked by the single call of its source, alone, where it has one. */
  readonly single?: boolean;
  /** New items that may still be made; absent for any number. Digests beyond it are not queued. */
  readonly mostNew?: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Enqueued {
  readonly queued: number;
  /** Waiting or on their way already; a more urgent purpose raises those that wait. */
  readonly alreadyQueued: number;
  /** Not queued and no item made, because `mostNew` was reached. */
  readonly notMade: number;
}

/** Limits of one source, null for none. */
export type Limits = Readonly<Record<QuotaWindow, number | null>>;

/** Everything the claim decides with; read at the moment of sending. */
export interface ClaimArgs {
  readonly source: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /**
   * A clock that only runs forward, in milliseconds (`performance.now()`), read together with `now`. It tells a wall
   * clock that was set from time that passed.
   */
  readonly steadyMs: number;
  /** What holds: the smaller of what is set and what the source told. */
  readonly limits: Limits;
  readonly hashesPerRequest: number;
  readonly billedBy: 'request' | 'hash';
  /** Kinds the source takes. A digest of another kind is asked through an alias the graph knows, else it is put down as could-not-ask. */
  readonly takes: readonly DigestKind[];
  /** Sources that can be asked now (enabled, with a key); a later stage waits only for those, unless they are paused or stopped. */
  readonly able: readonly number[];
  /** An item younger than this is an answer already. Seconds. */
  readonly freshSeconds: number;
  /** "Does not know it" younger than this is an answer already. Seconds. */
  readonly notKnownSeconds: number;
  /** A pending answer younger than this is one already; older ones are due to be asked about again. Seconds. */
  readonly recheckSeconds: number;
  /**
   * Up to these the windows may be spent for rescans to start a request of their own; null for none. They may always fill
   * up a request that costs no more for it.
   */
  readonly rescanLimits: Limits;
  /** This request goes to rescans before new hashes: so that some always go, however many new ones wait. */
  readonly rescansFirst: boolean;
  /**
   * Which rows that nobody asked for may go: rescans, and hashes that came back into the queue by themselves. A setting
   * holds from the moment it is made, also for what waits already. Absent: both.
   */
  readonly unasked?: { readonly rescans: boolean; readonly comebacks: boolean } | undefined;
  /** False asks although an answer is known, for measuring what avoidance saves. Hash list and embargo always hold. */
  readonly avoid: boolean;
  /** Length of a sliding minute, milliseconds; shorter in tests only. */
  readonly minuteMs: number;
  /** When a request that never settles is taken for dead, milliseconds after it was reserved. */
  readonly deadlineMs: number;
}

/** Everything a call without hashes is reserved with: a test of the connection. Fields as in ClaimArgs. */
export type ReserveArgs = Pick<ClaimArgs, 'source' | 'now' | 'steadyMs' | 'limits' | 'minuteMs' | 'deadlineMs'>;

/** A queue row of a request. */
export interface ClaimedRow {
  readonly id: number;
  /** Counted tries before this one. */
  readonly attempts: number;
  readonly purpose: Purpose;
  /** An answer was heard and kept already, and this is what the single call is still to tell; null when none was. */
  readonly awaits: 'details' | 'elsewhere' | null;
}

export type Claim =
  | {
      readonly kind: 'request';
      readonly requestId: number;
      readonly digestKind: DigestKind;
      /** Distinct digests, packed. */
      readonly digests: Uint8Array;
      /** Queue rows in the order of the digests. */
      readonly rows: readonly ClaimedRow[];
      /** One digest, by the single call of its source. */
      readonly single: boolean;
      /** What the ledger holds reserved. */
      readonly billed: number;
    }
  /**
   * Nothing may be sent before `until` (milliseconds since the epoch). `until` equal to `now`: many rows were dropped or
   * put back and more may be due; claim again at once.
   */
  | {
      readonly kind: 'wait';
      readonly until: number;
      readonly why: QuotaWindow | 'not-before' | 'stage';
      /** Only rescans wait, and their share of the window is spent: anything else may go at once. */
      readonly forRescans?: true;
    }
  | { readonly kind: 'empty' }
  /** Offline, or the source is paused, stopped or disabled by a row another process wrote. */
  | { readonly kind: 'held'; readonly why: 'offline' | 'paused' };

/** What was dropped from the queue while claiming, by reason, for the counters. */
export type Dropped = Readonly<Partial<Record<AvoidedBy | 'embargo' | 'empty' | 'could-not-ask', number>>>;

/** Which part of the queue; what is left out is any. Intake 0 are look-ups. */
export interface QueuePartArgs {
  readonly source?: number | undefined;
  readonly intakeId?: number | undefined;
  readonly purpose?: Purpose | undefined;
}

/** One settled hash: what to keep and what becomes of its queue row. */
export interface SettledRow {
  readonly queueId: number;
  readonly outcome: Outcome;
  /**
   * `done`: the row goes. `retry`: it waits until `notBefore`. `recheck`: it waits as a pending recheck. `details` and
   * `elsewhere`: it waits for the single call, for what `HashAnswer.more` says; a rescan needs no details that are known.
   */
  readonly next: 'done' | 'retry' | 'recheck' | 'details' | 'elsewhere';
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  /** A sentence shown while it waits. */
  readonly reason: string | null;
  /** Items to write, several when the digest stands for several files; empty when nothing was learned. */
  readonly items: readonly SettledItem[];
  /** False leaves `attempts` as it was: a quota is not the hash's fault. */
  readonly countAttempt: boolean;
}

export interface SettledItem extends ItemRecord {
  /** Compact JSON to keep beside the item, or null. */
  readonly report: string | null;
  /** Not asked for again by itself before this, seconds since the epoch; null for no such time. */
  readonly notBefore: number | null;
}

export interface SettleArgs {
  readonly requestId: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly outcome: Outcome;
  readonly httpStatus: number | null;
  readonly elapsedMs: number;
  /** A sentence for the log when it failed; no secret. */
  readonly message: string | null;
  /** What the source bills for it: 0 when certainly nothing was sent, or where it counts no such answer. */
  readonly billed: number;
  /** False when certainly nothing of it left this machine; absent: it did, or may have. */
  readonly sent?: boolean;
  /** Hashes it asked about where its record names none: those of a test. */
  readonly testedHashes?: number;
  /** In the order of the claim. */
  readonly rows: readonly SettledRow[];
}

/** One line of the record of what left the machine. Times in milliseconds since the epoch. */
export interface RequestRow {
  readonly id: number;
  readonly source: number;
  readonly purpose: Purpose;
  /** Sha256 when there are no hashes: a test of the connection. */
  readonly kind: DigestKind;
  readonly hashes: number;
  /** By the single call of its source. */
  readonly single: boolean;
  readonly reservedAt: number;
  readonly settledAt: number | null;
  readonly outcome: Outcome | null;
  readonly httpStatus: number | null;
  readonly elapsedMs: number | null;
  readonly billed: number;
  readonly message: string | null;
}

/** Spent and reserved calls of one source in one window. */
export interface WindowSpend {
  readonly window: QuotaWindow;
  readonly spent: number;
  /** When the window, or its oldest call, frees again; milliseconds since the epoch, null when nothing is spent. */
  readonly freesAt: number | null;
}

/** A group of the queue as it is shown. */
export interface QueueGroup {
  readonly source: number;
  readonly purpose: Purpose;
  /** 0 for look-ups and what belongs to no intake. */
  readonly intakeId: number;
  readonly waiting: number;
  readonly onTheWay: number;
  /** When the first of those that wait may be sent, by its own time; milliseconds since the epoch, null when none waits. */
  readonly dueAt: number | null;
  /** That one waits for a lower stage of its digest: it is looked at again then, or sooner. */
  readonly parked: boolean;
  /** Asked and settled since the group was started. */
  readonly done: number;
  /** Left the queue unasked since the group was started. */
  readonly dropped: number;
  readonly paused: boolean;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** What the scheduler remembers of a source across restarts, shown in every process. */
export interface SourceState {
  readonly source: number;
  /** `stopped`: until key or configuration change. `open`: the circuit is open until `until`, then one probe. */
  readonly state: 'ready' | 'paused' | 'waiting' | 'backing-off' | 'open' | 'stopped';
  /** A sentence; null when ready. */
  readonly reason: string | null;
  /** Milliseconds since the epoch; null when not bound to a time. */
  readonly until: number | null;
  /** Faults in a row. */
  readonly faults: number;
  readonly lastAnswerAt: number | null;
  /** Limits the source itself told, with when (milliseconds since the epoch). */
  readonly learned: readonly {
    readonly window: QuotaWindow;
    readonly allowed: number;
    readonly used: number | null;
    /** What others had spent under the same key when it was told; absent when that is not known. */
    readonly others?: number;
    readonly at: number;
  }[];
  readonly updatedAt: number;
}
