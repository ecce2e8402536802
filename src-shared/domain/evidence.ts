import type { SourceId } from './source.ts';
import type { Status } from './status.ts';

/** One side of the team's list. The older words `blacklist` and `whitelist` are accepted on import only. */
export type ListSide = 'malicious' | 'non-malicious';

/** How an offline set may be read. `known` says nothing about good or bad. */
export const SET_MARKS = ['known', 'known-good', 'known-bad'] as const;
export type SetMark = (typeof SET_MARKS)[number];

/** Code of `known_sets.mark`. Never renumber; append only. */
export const SET_MARK_CODE: Readonly<Record<SetMark, number>> = { known: 1, 'known-good': 2, 'known-bad': 3 };

/** Why a source gave no answer. */
export type NoAnswer = 'not-known' | 'could-not-ask';

/** One source's answer for one candidate file, as stored. Times are seconds since the epoch. */
export interface ItemEvidence {
  readonly source: SourceId;
  readonly status: Status;
  /** For status `unknown`: whether the source was reached and does not know, or could not be asked. */
  readonly noAnswer: NoAnswer | null;
  readonly score: number | null;
  readonly scannedAt: number | null;
  /** True when only an MD5 or a SHA-1 led here. */
  readonly weak?: boolean;
}

/** One entry of the team's list that is in force. */
export interface ListEvidence {
  readonly side: ListSide;
  readonly addedAt: number;
  /** True when only an MD5 or a SHA-1 led here. */
  readonly weak?: boolean;
}

export interface SetEvidence {
  readonly mark: SetMark;
  /** The edition's date, seconds since the epoch, or null. */
  readonly datedAt: number | null;
  /** True when only an MD5 or a SHA-1 led here. */
  readonly weak?: boolean;
}

/** Everything known about one candidate file: list entries in force, sources' items, sets. */
export interface Evidence {
  readonly list: readonly ListEvidence[];
  readonly items: readonly ItemEvidence[];
  readonly sets: readonly SetEvidence[];
}

/**
 * Everything known about one row of a list, by how far each part may act.
 *
 * An answer that holds for several candidates is the same object in each of them: it is counted once.
 */
export interface EntryEvidence {
  /** One per file the row's digests may stand for. The worst of them shows. */
  readonly own: readonly Evidence[];
  /** Files and list entries that share a digest with the row and differ in another one. They may only raise. */
  readonly contradicting: readonly Evidence[];
  /** What is known under digests that only the dropped list ties to the row. It may only raise. */
  readonly asserted: readonly Evidence[];
}

/** Scores at or above these make an item malicious or suspicious; null leaves the source's own status. */
export interface Threshold {
  readonly malicious: number | null;
  readonly suspicious: number | null;
}

/** What the user set that decides verdicts. */
export interface VerdictPolicy {
  readonly thresholds: { readonly [S in SourceId]?: Threshold };
  /** Seconds after which an answer counts as stale; it still counts as an answer. */
  readonly staleAfter: number;
}
