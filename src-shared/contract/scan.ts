import { z } from 'zod';
import { STRATEGIES } from '../domain/outcome.ts';
import { countSchema, sourceSchema } from './common.ts';
import { call } from './define.ts';
import { intakeIdSchema, selectionSchema } from './intake.ts';
import { momentSchema } from './sources.ts';

export const scanRequestSchema = z.strictObject({
  intakeId: intakeIdSchema,
  selection: selectionSchema,
  /** Absent: every enabled source. */
  sources: z.array(sourceSchema).max(8).optional(),
  strategy: z.enum(STRATEGIES),
  /** At most this many calls over all sources, the most urgent rows first; absent: what the quotas allow. */
  maxCalls: z.int().positive().optional(),
});

export const sourcePlanSchema = z.strictObject({
  source: sourceSchema,
  /** Hashes that would be sent. */
  ask: countSchema,
  /** The single calls that are expected to follow are among them. */
  requests: countSchema,
  /** Expected calls about one hash each that follow answers: for details, or to look elsewhere. An estimate. */
  singles: countSchema,
  /** Why they follow, as a sentence; empty where none do. */
  follows: z.string(),
  /** Calls by what the source bills. */
  billed: countSchema,
  billedBy: z.enum(['request', 'hash']),
  hashesPerRequest: countSchema,
  /** Hashes of the selection this source need not be asked about, by why. */
  fresh: countSchema,
  link: countSchema,
  queued: countSchema,
  /** Another source says malicious, and the strategy takes that as enough. */
  conclusive: countSchema,
  /** Hashes it cannot be asked about, with a sentence each. */
  cannot: z.array(z.strictObject({ hashes: countSchema, sentence: z.string() })),
  /** Day and month (and a learned hour) with what this scan takes of them. */
  quota: z.array(
    z.strictObject({
      window: z.enum(['minute', 'hour', 'day', 'month']),
      limit: countSchema,
      spent: countSchema,
      /** What is spent at the end of the window if the scan runs now. */
      after: countSchema,
    }),
  ),
  /** When its last answer is expected; null when it cannot be told (paused, stopped, offline). */
  endsAt: momentSchema.nullable(),
  /** What it waits for: "207 today, then 161 wait for its day at 00:00 UTC". Empty when nothing. */
  waits: z.string(),
});

/** What one source is expected to contribute, where sources are asked in order. Estimates from answers so far. */
export const planStepSchema = z.strictObject({
  source: sourceSchema,
  /** Hashes it is expected to be asked: where the strategy asks in turn, those that earlier steps leave. */
  hashes: countSchema,
  requests: countSchema,
  /** Of the requests: single calls that follow answers. */
  singles: countSchema,
  /** Hashes it is expected to be the first to say malicious about. */
  settles: countSchema,
  /** Hashes of the plan that are expected to be open after it. */
  left: countSchema,
});

export const flightPlanSchema = z.strictObject({
  /** Hashes of the selection. hashes = without + ask + cannot. */
  hashes: countSchema,
  /** Hashes that at least one source would be asked about. */
  ask: countSchema,
  /** Hashes that need no call at all, by what answers them. */
  without: z.strictObject({
    total: countSchema,
    hashList: countSchema,
    knownSet: countSchema,
    fresh: countSchema,
    link: countSchema,
    queued: countSchema,
    /** A source says malicious, and the strategy takes that as enough. */
    conclusive: countSchema,
  }),
  /** Hashes that no source can or may be asked about, with a sentence each. */
  cannot: z.array(z.strictObject({ hashes: countSchema, sentence: z.string() })),
  requests: countSchema,
  strategy: z.enum(STRATEGIES),
  sources: z.array(sourcePlanSchema),
  /** The sources that are asked, in the order of the strategy; where all are asked, the one whose calls tell most first. */
  steps: z.array(planStepSchema),
  endsAt: momentSchema.nullable(),
  /** What each strategy would take, as an estimate at the most. */
  strategies: z.array(
    z.strictObject({ strategy: z.enum(STRATEGIES), requests: countSchema, endsAt: momentSchema.nullable() }),
  ),
  /** Sentences a reader must know: sources that are paused, stopped, without a key; what leaves the machine. */
  notes: z.array(z.string()),
  /** False when nothing can be sent; `notes` says why. */
  possible: z.boolean(),
  elapsedMs: countSchema,
});

export const scanCalls = {
  'scan.plan': call(
    'The flight plan: what asking about the selected rows would cost and when it would end. Sends and queues nothing.',
    scanRequestSchema,
    flightPlanSchema,
  ),
  'scan.start': call(
    'Queues what the plan says, as a job; the outbound owner sends it.',
    scanRequestSchema,
    z.strictObject({ jobId: z.string() }),
  ),
} as const;

export type ScanRequest = z.infer<typeof scanRequestSchema>;
export type FlightPlan = z.infer<typeof flightPlanSchema>;
export type PlanStep = z.infer<typeof planStepSchema>;
export type SourcePlan = z.infer<typeof sourcePlanSchema>;
