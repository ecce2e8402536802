import { z } from 'zod';
import { call } from './define.ts';
import {
  countSchema,
  digestSetSchema,
  idSchema,
  nothing,
  pageRequest,
  sourceSchema,
  statusSchema,
  timeSchema,
} from './common.ts';

/** What a source said during a stretch of time, by the thresholds in force now. Times are seconds since the epoch. */
export const stateSchema = z.strictObject({
  status: statusSchema,
  noAnswer: z.enum(['not-known', 'could-not-ask']).nullable(),
  score: z.number().nullable(),
  threat: z.string().nullable(),
});

/** `raised`: it turned malicious; `cleared`: it ceased to be. By the thresholds of that moment. */
export const flipSchema = z.enum(['raised', 'cleared']);

export const itemChangeSchema = z.strictObject({
  id: idSchema,
  source: sourceSchema,
  at: timeSchema,
  /** Since when it had said what it said before. */
  from: timeSchema,
  before: stateSchema,
  after: stateSchema,
  flip: flipSchema.nullable(),
});

/** One source's line of a history: stretches without gaps, the oldest first, the last one open. */
export const historyLaneSchema = z.strictObject({
  source: sourceSchema,
  /** The strongest digest of the file it is about: a hash may stand for several files. */
  hash: z.string(),
  stretches: z.array(stateSchema.extend({ from: timeSchema, to: timeSchema.nullable() })),
});

export const changeRowSchema = itemChangeSchema.extend({
  fileId: idSchema,
  digests: digestSetSchema,
  /** Kept intakes that hold the file, newest first, at most 20. */
  intakes: z.array(z.strictObject({ intakeId: idSchema, title: z.string() })),
  /** All of them. */
  intakeCount: countSchema,
});

export const changesQuerySchema = z.strictObject({
  /** Seconds since the epoch. */
  since: timeSchema,
  flipsOnly: z.boolean().default(false),
  source: sourceSchema.nullable().default(null),
});

export const historyCalls = {
  'history.ofHash': call(
    'What every source said about the files of one hash over time, and its changes, newest first.',
    z.strictObject({ hash: z.string().max(200), limit: z.int().min(1).max(2000).default(1000) }),
    z.strictObject({
      lanes: z.array(historyLaneSchema),
      changes: z.array(itemChangeSchema),
      /** All changes that are kept; more than `changes` when there are more than `limit`. */
      total: countSchema,
    }),
  ),
  'changes.page': call(
    'What sources said otherwise since a moment, newest first, with the lists each change touches.',
    z.strictObject({ query: changesQuerySchema, ...pageRequest }),
    z.strictObject({
      total: countSchema,
      rows: z.array(changeRowSchema),
      counts: z.strictObject({ all: countSchema, raised: countSchema, cleared: countSchema }),
    }),
  ),
  'changes.unseen': call(
    'Flips nobody has looked at yet, by direction, for the status bar.',
    nothing,
    z.strictObject({
      raised: countSchema,
      cleared: countSchema,
      /** When the oldest of them came. */
      since: timeSchema.nullable(),
      /** The newest of them; 0 when there is none. */
      upTo: countSchema,
      /** When somebody last looked, in whichever window; null when nobody ever did. */
      lookedAt: timeSchema.nullable(),
    }),
  ),
  'changes.seen': call(
    'What came up to this flip has been looked at, in every window; null: everything up to now.',
    z.strictObject({ upTo: countSchema.nullable().default(null) }),
    nothing,
  ),
} as const;

export type ItemState = z.infer<typeof stateSchema>;
export type ItemChange = z.infer<typeof itemChangeSchema>;
export type HistoryLane = z.infer<typeof historyLaneSchema>;
export type ChangeRow = z.infer<typeof changeRowSchema>;
export type ChangesQuery = z.infer<typeof changesQuerySchema>;
