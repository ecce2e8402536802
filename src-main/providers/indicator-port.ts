import type { IndicatorType, Term } from '#shared/domain/indicator.ts';
import type { ServiceResult } from '../net/service-fault.ts';

/** One indicator as ThreatConnect tells it, normalised. */
export interface PulledIndicator {
  readonly id: number;
  readonly type: IndicatorType;
  /** As ThreatConnect shows it. */
  readonly summary: string;
  /** All it can be searched by, normalised, without doubles; empty when `invalid` says why. */
  readonly terms: readonly Term[];
  readonly owner: string;
  readonly rating: number | null;
  readonly confidence: number | null;
  readonly threatAssess: number | null;
  readonly falsePositives: number;
  /** Sorted, without doubles. */
  readonly tags: readonly string[];
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  readonly active: boolean;
  readonly link: string;
  /** Why it cannot be sent, as a sentence; null when it can. */
  readonly invalid: string | null;
}

/** An indicator that is there, with its id, of which something else cannot be read. */
export interface UnreadableIndicator {
  readonly id: number;
  /** Null when nothing tells it. */
  readonly type: IndicatorType | null;
  /** Empty when it cannot be read. */
  readonly summary: string;
  /** The same. */
  readonly owner: string;
  /** What cannot be read, as a sentence that names the id. */
  readonly why: string;
}

/** A page of indicators. `next` is handed back unchanged; null on the last page. */
export interface IndicatorPage {
  readonly rows: readonly PulledIndicator[];
  /** Rows of other types than the three: counted, not taken. */
  readonly skipped: number;
  readonly unreadable: readonly UnreadableIndicator[];
  /** Rows that cannot be told to be any indicator, for want of an id: the owner of each, empty when that is not told either. */
  readonly unidentified: readonly string[];
  readonly next: string | null;
}

/** What was deleted: by id where the answer has one, else by type, summary and owner. */
export interface DeletedIndicator {
  readonly id: number | null;
  readonly type: string;
  readonly summary: string;
  readonly owner: string;
}

/** ThreatConnect v3 of one job. Reads only. Every request is told to the recorder it was made with. */
export interface ThreatConnect {
  readonly host: string;
  /** The time by ThreatConnect's own clock when it gave its newest answer, milliseconds; null while no answer told it. */
  toldTime(): number | null;
  /** Owners whose indicators may be read. */
  owners(signal: AbortSignal): Promise<ServiceResult<readonly { readonly name: string; readonly type: string }[]>>;
  /** How many indicators match. */
  count(tql: string, signal: AbortSignal): Promise<ServiceResult<number>>;
  /** A page in a stable order; `next` of the page before, or null for the first one. */
  page(tql: string, next: string | null, signal: AbortSignal): Promise<ServiceResult<IndicatorPage>>;
  /** Indicators deleted since a moment (milliseconds), of these owners; as far as the server keeps them. */
  deleted(
    owners: readonly string[],
    since: number,
    signal: AbortSignal,
  ): Promise<ServiceResult<readonly DeletedIndicator[]>>;
  close(): Promise<void>;
}
