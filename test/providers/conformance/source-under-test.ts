import type { DigestKind } from '#shared/domain/hash.ts';
import type { QuotaWindow } from '#shared/domain/outcome.ts';
import type { Status } from '#shared/domain/status.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { HashAnswer, Provider } from '#main/providers/port.ts';
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
  /** Settings that differ from the defaults. */
  readonly config?: Partial<SourceConfig>;
  /** Hashes per request where these settings allow fewer than the source. */
  readonly most?: number;
  /** What it makes of a file that is so, where that is not the same word. */
  readonly says?: Readonly<Partial<Record<Status, Said>>>;
  /** Digests the source tells about a file it found by one of them; `asked`: that one alone. */
  readonly links: readonly DigestKind[] | 'asked';
  readonly quota: Readonly<Record<'minute' | 'day' | 'month', QuotaSignal>>;
  /** What a 429 without a word and without a usable `Retry-After` is taken for; absent: the minute. */
  readonly quotaUnsaid?: QuotaSignal;
  /** Asking as the suite does counts against no limit of the source, and is answered whatever is used up. */
  readonly isUnlimited?: true;
  /** What a wrong key is refused with; absent: 401. */
  readonly wrongKeyStatus?: 403;
  /** Its connection test meets none of its quotas. */
  readonly testSeesNoQuota?: true;
  /** Calls that its connection test costs when all is well. */
  readonly testBills: number;
  /** For sources that take several hashes per request: how their simulator is made to spoil a batch. */
  readonly batch: null | {
    /** What a hash that is left out comes to; absent: a surprise. */
    readonly leftOut?: 'not-known';
    /** Leaves this hash out of the next answers. */
    leaveOut(simulator: S, hash: string): void;
    /** Names the same file twice in the next answers; the second time as malicious. */
    repeat(simulator: S, hash: string): void;
  };
}

export type Said = Pick<HashAnswer, 'outcome' | 'status'>;

/** What the source under test says about a file that is so, when nothing is wrong. */
export function saidOf({ says, provider }: Pick<SourceUnderTest, 'says' | 'provider'>, status: Status): Said {
  const said = says?.[status];
  if (said !== undefined) {
    return said;
  }
  // A source without such a status knows nothing yet of what is still being looked at.
  if (status === 'unknown' || (status === 'pending' && !provider.facts.hasPending)) {
    return { outcome: 'not-known', status: 'unknown' };
  }
  return { outcome: status === 'pending' ? 'pending' : 'answer', status };
}

/** Calls that a request about so many hashes is counted as. */
export function billsOf({ isUnlimited, provider }: Pick<SourceUnderTest, 'isUnlimited' | 'provider'>, hashes: number) {
  if (isUnlimited === true) {
    return 0;
  }
  return provider.facts.billedBy === 'hash' ? hashes : 1;
}

/** Hashes per request under the settings the suite runs with. */
export function mostOf({ most, provider }: Pick<SourceUnderTest, 'most' | 'provider'>): number {
  return most ?? provider.facts.mostHashesPerRequest;
}
