/**
 * What a row of `changes` names. The number is stored. Never renumber; append only. `changes.id` is the file's id for
 * both `item` and `file`, the entry's for `listEntry`, the set's for `knownSet`, the intake's for `intake`, the source's code for `queue` and `source`,
 * the row of `item_history` for `flip` (0 when somebody looked at them), the file's id for `disagreement`.
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
  flip: 9,
  disagreement: 10,
  /** A sync job or one of its runs; the id is the job's. */
  sync: 11,
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
  /** Items removed, by source; the detail is the reason and the status. */
  itemsPurged: 9,
  /** Kept reports removed for want of room. */
  reportsPurged: 10,
  /** Items not made, and hashes not queued, because the database is at its maximum size and nothing may go. */
  itemsNotMade: 11,
  /** Items that turned malicious (detail `to-malicious`) or ceased to be (`from-malicious`), by source. */
  flips: 12,
  /** Bytes of the database as its maximum size counts them, once a UTC day. */
  databaseBytes: 13,
} as const;
export type MetricKind = keyof typeof METRIC;
