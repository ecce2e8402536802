import type { DigestKind, DigestSet, HexDigest } from '#shared/domain/hash.ts';
import type { Outcome, QuotaWindow } from '#shared/domain/outcome.ts';
import type { SourceId } from '#shared/domain/source.ts';
import type { Status } from '#shared/domain/status.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { HttpClient } from '../net/port.ts';

/** What never changes about a source, for plans, forms and checks. */
export interface ProviderFacts {
  readonly source: SourceId;
  /** Digest kinds it takes, best first. */
  readonly takes: readonly DigestKind[];
  /** A request holds digests of one kind only, at most this many. */
  readonly mostHashesPerRequest: number;
  /** What one call of its quota is: a request, or each hash in it. */
  readonly billedBy: 'request' | 'hash';
  /**
   * `engines`: how many engines flag it; `risk-10`: a risk of 0 to 10 beside the verdict; `level`: a threat level of 0 to
   * 5 beside it; `none`: it gives no score.
   */
  readonly score: 'none' | 'engines' | 'risk' | 'risk-10' | 'level';
  /** Assay's own thresholds of that score, used while none are set; null where the source's own word decides. */
  readonly thresholds: { readonly malicious: number; readonly suspicious: number } | null;
  /** True when what the source calls pending may be asked for again. */
  readonly hasPending: boolean;
  readonly urlPresets: readonly { readonly label: string; readonly url: string }[];
  /** Assay's own defaults, not the vendor's. */
  readonly defaults: SourceConfig;
  /** Kinds of key it has; one kind is none to choose from. */
  readonly plans: readonly SourceConfig['plan'][];
  readonly authStyles: readonly SourceConfig['authStyle'][];
  readonly agents: readonly SourceConfig['agent'][];
  /** Shown and to be accepted before a public key is used; null when there is none. */
  readonly licenceNote: string | null;
  /** Items are new for a while after the source's First Seen and are then asked for more often. */
  readonly hasNewItems: boolean;
  /**
   * Which answers of `ask` a single call follows under these settings, see `HashAnswer.more`: `details` malicious and
   * suspicious ones, `elsewhere` those it does not know. Null or absent: none. For plans.
   */
  readonly singleCalls?: (config: SourceConfig) => 'details' | 'elsewhere' | null;
  /** What only this source has to be told; kept in `config.options`, with these defaults in `defaults.options`. */
  readonly options: readonly SourceOption[];
  /** Settings that each fit and do not go together: the field at fault, and a phrase after its name ("must be ..."). */
  readonly conflict?: (config: SourceConfig) => { readonly field: keyof SourceConfig; readonly what: string } | null;
  /** Why it cannot be asked with these settings and what to set, as a sentence; null when nothing is missing. */
  readonly lacks?: (config: SourceConfig) => string | null;
  /** Hosts of the source's own pages, with the port when they have one; absent: the host of the configured URL. */
  readonly pageHosts?: (config: SourceConfig) => readonly string[];
  /** Whether a test looks a hash up (TEST_HASH): always, or only where the source tells nothing else. Absent: never. */
  readonly testLooksUp?: 'always' | 'at-need';
  /** Limits that come with a plan, applied when it is chosen. */
  readonly planLimits: Readonly<
    Partial<Record<SourceConfig['plan'], Pick<SourceConfig, 'callsPerMinute' | 'callsPerDay' | 'callsPerMonth'>>>
  >;
}

/** A choice or a text that only one source needs. No secret. */
export interface SourceOption {
  /** As in `config.options` and `assay sources set SOURCE name=value`. */
  readonly name: string;
  readonly label: string;
  /** A sentence: what it changes. */
  readonly hint: string;
  /** Values to choose from; null for a text, which may be empty. */
  readonly choices: readonly { readonly value: string; readonly label: string }[] | null;
  /** It tells whose key it is: what the source said of another account no longer holds when it changes. */
  readonly namesAccount?: boolean;
  /** For a text: why it does not fit, as a phrase after the name ("must be ..."); null when it does. */
  readonly fault?: (value: string) => string | null;
}

/** What an adapter works with; made anew whenever the configuration or the key changes. */
export interface ProviderContext {
  readonly config: SourceConfig;
  /** The key or token. Never in a URL, a label, an error or a log. */
  readonly key: string;
  readonly http: HttpClient;
  /** Engines or risk that make an answer malicious or suspicious; null stands for the adapter's own default. */
  readonly threshold: { readonly malicious: number | null; readonly suspicious: number | null };
  /** For a test alone: the hash it would look up may not leave the machine. */
  readonly isTestHashKept?: boolean;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** What a source said about one hash. */
export interface HashAnswer {
  /** The digest that was asked for, lower case. */
  readonly hash: HexDigest;
  readonly outcome: Extract<Outcome, 'answer' | 'not-known' | 'pending' | 'invalid-input' | 'transient' | 'protocol'>;
  /** `unknown` unless the outcome is `answer` or `pending`. */
  readonly status: Status;
  /**
   * Engines that flag it or a risk, as thresholds compare it; null when the source gives none.
   */
  readonly score: number | null;
  readonly threat: string | null;
  /** The source's own code or counts, as short text, kept beside the status. */
  readonly rawCode: string | null;
  /** When the source first saw the file, seconds since the epoch. */
  readonly firstSeen: number | null;
  /** Digests the source says belong to the same file, the asked one included. */
  readonly digests: DigestSet;
  /** A compact copy of what was said, JSON-able; null when there is nothing worth keeping. */
  readonly report: Readonly<Record<string, unknown>> | null;
  /** For outcomes that are no answer: a sentence. */
  readonly note: string | null;
  /**
   * A single call (`askOne`) would tell more: `details` when this answer lacks dates, digests or a link, `elsewhere` when
   * it was looked for only in one place and another one may know it. Absent: nothing more to be had.
   */
  readonly more?: 'details' | 'elsewhere';
  /** Other files that this digest stands for at the source (an MD5 with two answers); each with its own digests. */
  readonly alsoAnswers?: readonly HashAnswer[];
}

/** A limit as the source stated it. */
export interface LearnedLimit {
  readonly window: QuotaWindow;
  readonly allowed: number;
  readonly used: number | null;
}

/** A request that failed as a whole: nothing was learned about any of its hashes. */
export interface RequestFault {
  readonly outcome: Extract<Outcome, 'auth' | 'quota' | 'transient' | 'protocol' | 'invalid-input'>;
  /** Which of key, right, quota, network, proxy, TLS, URL or answer is at fault. */
  readonly at: 'key' | 'right' | 'quota' | 'network' | 'proxy' | 'tls' | 'url' | 'answer' | 'input' | 'offline';
  /** A sentence for people, with the source's own words where it gave any. No secret. */
  readonly message: string;
  /** For `quota`: which window, as far as the source says. */
  readonly window: QuotaWindow | null;
  /** Milliseconds since the epoch before which asking again is useless, when the source or the window tells. */
  readonly until: number | null;
  /** False when certainly nothing reached the source, so that nothing was billed. */
  readonly sent: boolean;
  /** Calls the source counts for such an answer, where it documents that it counts none; absent: all that were reserved. */
  readonly billed?: 0;
}

export type RequestResult = {
  /** HTTP status; null when none arrived. */
  readonly httpStatus: number | null;
  readonly elapsedMs: number;
  /** Limits the answer's headers or body told. */
  readonly learned: readonly LearnedLimit[];
} & (
  | {
      /** Exactly one per hash asked, in their order; what a batch left out is `protocol`. */
      readonly ok: true;
      readonly answers: readonly HashAnswer[];
    }
  | { readonly ok: false; readonly fault: RequestFault }
);

/** What "Test connection" found. */
export interface ConnectionTest {
  readonly ok: boolean;
  readonly at: RequestFault['at'] | null;
  /** A sentence: what works, or what is at fault and what to do. */
  readonly message: string;
  readonly learned: readonly LearnedLimit[];
  /** Calls this test cost. */
  readonly billed: number;
  /** False when certainly nothing left this machine; absent: it did, or may have. */
  readonly sent?: boolean;
  /** TEST_HASH was sent: by a source whose test looks it up at need only. */
  readonly lookedUp?: true;
  readonly httpStatus: number | null;
  readonly elapsedMs: number;
}

/** A reputation source. Stateless: quotas, retries and order are the scheduler's. Never throws for what a server does. */
export interface Provider {
  readonly facts: ProviderFacts;
  /** Asks about distinct digests of one kind the source takes, at most `facts.mostHashesPerRequest`. */
  ask(
    hashes: readonly HexDigest[],
    kind: DigestKind,
    context: ProviderContext,
    signal: AbortSignal,
  ): Promise<RequestResult>;
  /** The single call that tells everything about one digest, for sources whose `ask` tells less; one call of the quota. */
  askOne?(hash: HexDigest, kind: DigestKind, context: ProviderContext, signal: AbortSignal): Promise<RequestResult>;
  /** One cheap exchange that tells whether address, network, TLS and key work. TEST_HASH is the one hash it may send. */
  test(context: ProviderContext, signal: AbortSignal): Promise<ConnectionTest>;
  /** In which other forms it sends the key, each as secret as the key; absent: as it is only. */
  keyForms?(context: ProviderContext): readonly string[];
  /** The source's own page about a file, https, or null when it has none or the digests do not suffice. */
  page(digests: DigestSet, config: SourceConfig): string | null;
  /** The source's own word for a kept `rawCode` ("malware"), where a code has one; null or absent when it has none. */
  word?(rawCode: string): string | null;
}
