import type { DigestKind } from '#shared/domain/hash.ts';
import type { QuotaWindow } from '#shared/domain/outcome.ts';
import type { Provider } from '#main/providers/port.ts';
import type { Simulator, SimulatorOptions } from '#main/simulators/port.ts';

/** What a source says when a limit is met, at `NOW`: which window, and for how long as far as it can tell. */
export interface QuotaSignal {
  readonly window: QuotaWindow | null;
  readonly waitMs: number | null;
}

/** All that the suite has to know about one source. Everything else it takes from the port. */
export interface SourceUnderTest<S extends Simulator = Simulator> {
  readonly provider: Provider;
  readonly start: (options: SimulatorOptions) => Promise<S>;
  readonly cannotTake: readonly DigestKind[];
  /** Digests the source tells about a file it found by one of them. */
  readonly links: readonly DigestKind[];
  readonly quota: Readonly<Record<'minute' | 'day' | 'month', QuotaSignal>>;
  /** What a 429 without a word and without a usable `Retry-After` is taken for; absent: the minute. */
  readonly quotaUnsaid?: QuotaSignal;
  /** Calls that its connection test costs when all is well. */
  readonly testBills: number;
  /** For sources that take several hashes per request: how their simulator is made to spoil a batch. */
  readonly batch: null | {
    /** Leaves this hash out of the next answers. */
    leaveOut(simulator: S, hash: string): void;
    /** Names the same file twice in the next answers; the second time as malicious. */
    repeat(simulator: S, hash: string): void;
  };
}
