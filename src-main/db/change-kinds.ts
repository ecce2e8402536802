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
  /** A note or tags on a hash; the id is the annotation's, which may be gone. */
  annotation: 12,
} as const;
export type ChangeKind = keyof typeof CHANGE;

/** What a row of `metric_events` counts. The number is stored. Never renumber; append only. */
export const METRIC = {
  inboundHashes: 1,
  itemsImported: 2,
  answeredLocally: 3,
  intakeRemoved: 4,
  listEntriesChanged: 5,
  /** Requests settled, by source; the detail is the outcome, or `unsent` when certainly nothing left the machine. */
  requestSettled: 6,
  /** (hash, source) pairs sent: of every request that left the machine, or may have. */
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
  /** Bytes of the database as its maximum size counts them. */
  databaseBytes: 13,
  /** Milliseconds to the answer, of requests that were answered, by source. */
  requestMs: 14,
  /** Calls as the source counts them, by source, at the time of sending. */
  callsBilled: 15,
  /** Hashes received that had not been received before in their minute; the detail is the door (INBOUND_DOORS). */
  inboundMinute: 16,
  /** The same of the hour. */
  inboundHour: 17,
  /** The same of the UTC day. */
  inboundDay: 18,
  /** Hashes of an intake when it was judged first; the detail is the status. */
  verdictCount: 19,
  /** Rows of the queue that wait or are on their way, by source; of all sources together as source 0. */
  queueDepth: 20,
  /** Items kept, by source; the detail is the status. */
  itemsTotal: 21,
  /** Entries of the hash list that did not expire; the detail is the side. */
  listEntries: 22,
  /** Of those, the ones whose file is in a kept intake. */
  listInEnvironment: 23,
  /** Answered items by the time since they were last heard of; the detail is the key of CACHE_AGES. */
  cacheAge: 24,
  /** Runs of threat sync that ended; the detail is the state they ended in. */
  syncRun: 25,
} as const;
export type MetricKind = keyof typeof METRIC;

/**
 * Kinds whose events say what is so from then on, written when it changed; the events of all others say what happened.
 * Gauges hold where there is no event, as long as somebody looked (`metric_presence`).
 */
const GAUGES = [
  'databaseBytes',
  'queueDepth',
  'itemsTotal',
  'listEntries',
  'listInEnvironment',
  'cacheAge',
] as const satisfies readonly MetricKind[];
export type GaugeKind = (typeof GAUGES)[number];

export function isGauge(kind: MetricKind): kind is GaugeKind {
  return (GAUGES as readonly MetricKind[]).includes(kind);
}
