/**
 * What a row of `changes` names. The number is stored. Never renumber; append only. `changes.id` is the file's id for
 * both `item` and `file`, the entry's for `listEntry`, the set's for `knownSet`, the intake's for `intake`, the source's code for `queue` and `source`.
 */
export const CHANGE = {
  item: 1,
  file: 2,
  listEntry: 3,
  knownSet: 4,
  intake: 5,
  setting: 6,
  queue: 7,
  source: 8,
} as const;
export type ChangeKind = keyof typeof CHANGE;

/** What a row of `metric_events` counts. The number is stored. Never renumber; append only. */
export const METRIC = {
  inboundHashes: 1,
  itemsImported: 2,
  answeredLocally: 3,
  intakeRemoved: 4,
  listEntriesChanged: 5,
  /** Requests settled, by source; the detail is the outcome. */
  requestSettled: 6,
  /** (hash, source) pairs sent. */
  pairsSent: 7,
  /** (hash, source) pairs that needed no call; the detail is what answered (AVOIDED_BY). */
  pairsAvoided: 8,
} as const;
export type MetricKind = keyof typeof METRIC;
