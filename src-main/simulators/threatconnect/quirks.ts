/**
 * How this instance differs from what is documented, or what it does where nothing is. Every one is something a client may
 * meet.
 */
export interface Quirks {
  /** Answers in an order of its own, whatever `sorting` says. */
  readonly ignoresSorting: boolean;
  /** Every page after the first begins with so many rows of the one before, and so holds more than was asked for. */
  readonly repeatsRows: number;
  /** `next` leads to this host (with port) instead of the one that was asked; null for no such thing. */
  readonly nextHost: string | null;
  /** How a 401 is written: by the older interface's layer, or as v3 does. */
  readonly refusesBy: 'v2' | 'v3';
  /** So many further requests are let in, then everybody is refused as expired; null for no end. */
  readonly expiresAfter: number | null;
  /** Milliseconds by which its clock is ahead. */
  readonly clockSkewMs: number;
  /** Minutes east of Greenwich of the zone in which dates without one are meant. */
  readonly zoneMinutes: number;
  /** A list that names no owner holds those of the API user's organization only. */
  readonly ownerlessIsOrganization: boolean;
  /** Leaves out what belongs to an owner that may not be read, instead of answering 403 to a query that names it. */
  readonly forbidsInSilence: boolean;
  /** Characters of path and query it takes; more is answered 414. */
  readonly longestTarget: number;
  /** What comes of a comparison of `id`: it is refused as an unknown parameter, or met by every indicator. */
  readonly idComparison: 'met' | 'refused' | 'ignored';
  /** Where nobody reported a false positive there is no count, instead of a count of none. */
  readonly hasNullCounts: boolean;
  /** Something on the way takes bodies off GET requests. */
  readonly losesBodies: boolean;
  /** Knows no list of deleted indicators, as older versions do not. */
  readonly hasNoDeleted: boolean;
}

/** As documented. */
export const NO_QUIRKS: Quirks = {
  ignoresSorting: false,
  repeatsRows: 0,
  nextHost: null,
  refusesBy: 'v2',
  expiresAfter: null,
  clockSkewMs: 0,
  zoneMinutes: 0,
  ownerlessIsOrganization: false,
  forbidsInSilence: false,
  longestTarget: 8192,
  idComparison: 'met',
  hasNullCounts: false,
  losesBodies: false,
  hasNoDeleted: false,
};
