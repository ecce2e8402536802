import type { SourceId } from '#shared/domain/source.ts';
import type {
  Claim,
  ClaimArgs,
  Dropped,
  SettleArgs,
  SourceState,
  WindowSpend,
} from '../../db/repositories/queue-types.ts';
import type { ReadySource } from '../../services/sources/port.ts';

/** Time as the scheduler uses it, so that a test can own it. */
export interface Timer {
  /** Milliseconds since the epoch by the wall clock, which may jump. */
  now(): number;
  /** Milliseconds on a clock that only runs forward; says nothing about the time of day. */
  steady(): number;
  /** Runs once after that many milliseconds, or later: a sleeping machine fires nothing. Returns the giving up. */
  after(milliseconds: number, run: () => void): () => void;
}

/** What a settle or a person changes in what is remembered of a source. */
export type SourceStateChange = Partial<Omit<SourceState, 'source' | 'updatedAt'>>;

/** The queue and the ledger as the scheduler sees them. Every call is one transaction. */
export interface Ledger {
  claim(args: ClaimArgs): Promise<{ readonly claim: Claim; readonly dropped: Dropped }>;
  settle(args: SettleArgs): Promise<void>;
  /** What is remembered of a source; one nothing was ever written about is ready. */
  state(source: number): Promise<SourceState>;
  /** Leaves state, reason and until as they are while somebody has the source paused. */
  changeState(source: number, change: SourceStateChange, at: number): Promise<void>;
  spends(source: number, now: number): Promise<readonly WindowSpend[]>;
}

/** A source that can be asked now, or why it cannot. */
export type Readiness =
  | { readonly ok: true; readonly source: ReadySource }
  | { readonly ok: false; readonly sentence: string };

/** What settings say about which calls are worth making. */
export interface Spending {
  /** Answers younger than this save a call, seconds. */
  readonly freshSeconds: number;
  /** The same for "does not know it", seconds. */
  readonly notKnownSeconds: number;
  /** 0 to 1: up to which share of a window rescans go on. */
  readonly rescanShare: number;
}

/** What one loop of the scheduler needs to know about everything but the queue. */
export interface LoopParts {
  readonly source: SourceId;
  readonly ledger: Ledger;
  readonly timer: Timer;
  /** 0 to below 1. */
  readonly random: () => number;
  ready(): Promise<Readiness>;
  /** Codes of the sources that can be asked now: enabled, with a key. */
  able(): Promise<readonly number[]>;
  /** What is set about spending; read before each claim. */
  spending(): Promise<Spending>;
  readonly minuteMs: number;
  readonly avoid: boolean;
  /** Told of defects: a loop goes on after them. */
  readonly onFault: (error: unknown) => void;
}

/** What a loop is doing, as it is shown by its own process. */
export interface LoopView {
  readonly source: SourceId;
  /** Requests on their way. */
  readonly inFlight: number;
  /** `busy`: rows that may be sent wait, or are being looked for. `waiting`: until a time. `held`: until a change. */
  readonly activity: 'busy' | 'idle' | 'waiting' | 'held';
  /** Milliseconds since the epoch; null unless `waiting`. */
  readonly until: number | null;
}
