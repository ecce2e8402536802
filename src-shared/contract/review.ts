import { z } from 'zod';
import { call } from './define.ts';
import {
  countSchema,
  countsSchema,
  digestSetSchema,
  idSchema,
  pageRequest,
  sideSchema,
  sourceSchema,
  statusSchema,
  timeSchema,
  verdictSchema,
} from './common.ts';
import { changeResultSchema, listProblemSchema } from './hash-list.ts';

/** A file about which sources disagree: one says suspicious or worse, another non-malicious. */
export const disagreementSchema = z.strictObject({
  fileId: idSchema,
  digests: digestSetSchema,
  /** Since when, seconds since the epoch. */
  since: timeSchema,
  verdict: verdictSchema,
  /** What each source says, by the thresholds in force, the worst first. */
  says: z.array(
    z.strictObject({ source: sourceSchema, status: statusSchema, score: z.string(), threat: z.string().nullable() }),
  ),
  /** Kept intakes that hold it. */
  intakeCount: countSchema,
});

const decisionSchema = z.strictObject({
  fileIds: z.array(idSchema).min(1).max(1000),
  side: sideSchema,
});

export const reviewCalls = {
  'review.page': call(
    'Disagreements that nobody decided, newest first. What is on the hash list is decided.',
    z.strictObject(pageRequest),
    z.strictObject({
      total: countSchema,
      /** True when there are more than were counted. */
      atLeast: z.boolean(),
      rows: z.array(disagreementSchema),
    }),
  ),
  'review.preview': call(
    'What putting these files on the hash list would do: verdicts in kept intakes before and after, and what is no longer asked. Writes nothing.',
    decisionSchema,
    z.strictObject({
      files: countSchema,
      /** Rows of kept intakes whose verdict would change, by intake, the most first. */
      intakes: z.array(
        z.strictObject({
          intakeId: idSchema,
          title: z.string(),
          /** Rows whose verdict would be another in any way, and of those the ones with another status. */
          rows: countSchema,
          moved: countSchema,
          /** These rows as they are, and as they would be. */
          before: countsSchema,
          after: countsSchema,
        }),
      ),
      /** Waiting questions that would leave the queue, and items that would no longer be asked for again. */
      queued: countSchema,
      rescans: countSchema,
      /** What keeps the decision from being written; empty when it can be. */
      problems: z.array(listProblemSchema),
      elapsedMs: z.number().nonnegative(),
    }),
  ),
  'review.decide': call(
    'Puts these files on the hash list, each with all its digests, all or none. The reason is required.',
    decisionSchema.extend({
      reason: z.string().trim().min(1).max(2000),
      note: z.string().max(2000).default(''),
      expiresAt: timeSchema.nullable().default(null),
    }),
    changeResultSchema,
  ),
} as const;

export type Disagreement = z.infer<typeof disagreementSchema>;
export type DecisionEffect = z.infer<(typeof reviewCalls)['review.preview']['output']>;
