/**
 * What a row of `changes` names. The number is stored. Never renumber; append only. `changes.id` is the file's id for
 * both `item` and `file`, the entry's for `listEntry`, the set's for `knownSet`, the intake's for `intake`.
 */
export const CHANGE = { item: 1, file: 2, listEntry: 3, knownSet: 4, intake: 5, setting: 6 } as const;
export type ChangeKind = keyof typeof CHANGE;

/** What a row of `metric_events` counts. The number is stored. Never renumber; append only. */
export const METRIC = {
  inboundHashes: 1,
  itemsImported: 2,
  answeredLocally: 3,
  intakeRemoved: 4,
  listEntriesChanged: 5,
} as const;
export type MetricKind = keyof typeof METRIC;
