import { z } from 'zod';
import {
  HOLD_REASONS,
  INDICATOR_TYPES,
  RUN_KINDS,
  RUN_STATES,
  SYNC_ACTIONS,
  SYNC_LOG_LEVELS,
  TERM_KINDS,
  WITHDRAWAL_REASONS,
} from '../domain/indicator.ts';
import { SYNC_SECRETS, syncJobChangeSchema, syncJobConfigSchema } from '../settings/sync-job.ts';
import { countSchema, idSchema, nothing, pageRequest, statusSchema } from './common.ts';
import { call } from './define.ts';
import { connectionTestSchema, keyStateSchema, momentSchema } from './sources.ts';

/** What a run did, or a dry run would do. Indicators, but for the last three. */
export const syncCountsSchema = z.strictObject({
  pulled: countSchema,
  new: countSchema,
  changed: countSchema,
  withdrawn: countSchema,
  unchanged: countSchema,
  held: countSchema,
  invalid: countSchema,
  /** Packages written (or that would be): created, replaced, deleted. */
  packages: countSchema,
  /** Requests that were sent, to both sides. */
  requests: countSchema,
  deploys: countSchema,
});

export const syncRunSchema = z.strictObject({
  id: idSchema,
  jobId: idSchema,
  kind: z.enum(RUN_KINDS),
  state: z.enum(RUN_STATES),
  /** `schedule`, or `person`. */
  asked: z.enum(['schedule', 'person']),
  requestedAt: momentSchema,
  startedAt: momentSchema.nullable(),
  endedAt: momentSchema.nullable(),
  counts: syncCountsSchema,
  /** What it is doing: `reading ThreatConnect`, `writing packages` ...; empty when it is not running. */
  phase: z.string(),
  done: countSchema,
  total: countSchema.nullable(),
  /** What failed and is tried again, and when; null while nothing waits for that. */
  retry: z.strictObject({ at: momentSchema, why: z.string() }).nullable(),
  /** What came of it and what to do, in a sentence or two; warnings, too. */
  message: z.string(),
  /** Its query as it was sent; empty for a recall. */
  tql: z.string(),
  /** Its result was looked at, which a first activation needs of a dry run. */
  seen: z.boolean(),
  /** It was interrupted or stopped to ask, and its withdrawals were approved since. */
  approved: z.boolean(),
});

export const syncJobSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  active: z.boolean(),
  config: syncJobConfigSchema,
  secrets: z.record(z.enum(SYNC_SECRETS), keyStateSchema),
  /** Required parameters that are not set, each as a sentence that names its field. */
  missing: z.array(z.strictObject({ field: z.string(), message: z.string() })),
  /** Why it cannot be activated yet, as a sentence; null when it can. */
  whyInactive: z.string().nullable(),
  /** Last Modified: what was modified since then is pulled next. */
  lastModified: momentSchema,
  reconciledAt: momentSchema.nullable(),
  nextRunAt: momentSchema.nullable(),
  nextReconcileAt: momentSchema.nullable(),
  /** The newest run that is no dry run, and the newest dry run; null before the first. */
  lastRun: syncRunSchema.nullable(),
  lastDryRun: syncRunSchema.nullable(),
  /** A run that is asked for, running or waiting for approval. */
  presentRun: syncRunSchema.nullable(),
  /** Indicators in Threat Response now, held back, and packages there. */
  sent: countSchema,
  held: countSchema,
  packages: countSchema,
  /** The query of the next run. */
  tql: z.string(),
});

export const syncIndicatorSchema = z.strictObject({
  /** ThreatConnect's id. */
  id: idSchema,
  type: z.enum(INDICATOR_TYPES),
  summary: z.string(),
  terms: z.array(z.strictObject({ kind: z.enum(TERM_KINDS), value: z.string() })),
  owner: z.string(),
  rating: z.number().nullable(),
  confidence: z.number().nullable(),
  threatAssess: z.number().nullable(),
  falsePositives: countSchema,
  tags: z.array(z.string()),
  modifiedAt: momentSchema,
  /** Page of ThreatConnect about it; empty when there is none. */
  link: z.string(),
  /** Name of the package that holds it; empty for none. */
  package: z.string(),
  held: z.enum(HOLD_REASONS).nullable(),
  /** Why, in words: which entry, set or source. Empty for the others. */
  heldBy: z.string(),
  released: z.boolean(),
  /** It is in Threat Response now. */
  sent: z.boolean(),
});

export const syncPlanRowSchema = z.strictObject({
  position: countSchema,
  action: z.enum(SYNC_ACTIONS),
  id: idSchema,
  type: z.enum(INDICATOR_TYPES),
  summary: z.string(),
  owner: z.string(),
  rating: z.number().nullable(),
  confidence: z.number().nullable(),
  tags: z.array(z.string()),
  /** Rating and confidence as they were sent, where they changed. */
  oldRating: z.number().nullable(),
  oldConfidence: z.number().nullable(),
  package: z.string(),
  /** Why it is withdrawn or held back; null for the others. */
  reason: z.union([z.enum(WITHDRAWAL_REASONS), z.enum(HOLD_REASONS)]).nullable(),
  /** The same in words, or what is wrong with an invalid one; else empty. */
  why: z.string(),
  /** What this machine says of a file now; null for the others. */
  here: statusSchema.nullable(),
});

export const syncLedgerRowSchema = z.strictObject({
  id: idSchema,
  runId: idSchema,
  at: momentSchema,
  settledAt: momentSchema.nullable(),
  /** What was done: `create package`, `replace package`, `delete package`, `label`, `deploy`, `scan`, `list hashes` ... */
  action: z.string(),
  /** Host it went to. */
  host: z.string(),
  package: z.string(),
  /** Threat Response's id of the document; null when there is none. */
  intelId: z.int().nullable(),
  /** Address of the document's page in Tanium's console; empty where there is none. */
  intelPage: z.string(),
  indicators: countSchema,
  added: countSchema,
  removed: countSchema,
  /** Null while it is on its way. `unknown`: no answer came; it is looked up before it is repeated. */
  outcome: z.enum(['done', 'refused', 'failed', 'unknown', 'found']).nullable(),
  httpStatus: z.int().nullable(),
  message: z.string(),
});

export const syncRecallScopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('indicators'), ids: z.array(idSchema).min(1).max(10_000) }),
  z.strictObject({ kind: z.literal('run'), runId: idSchema }),
  z.strictObject({ kind: z.literal('all') }),
]);

const job = z.strictObject({ jobId: idSchema });
const ofRun = z.strictObject({ runId: idSchema });

export const syncCalls = {
  'sync.jobs': call(
    'Every sync job: settings, what is set and missing, last and next run, counts.',
    nothing,
    z.strictObject({ jobs: z.array(syncJobSchema) }),
  ),
  'sync.create': call(
    'Makes an inactive job; with `copyOf` one with the settings of another (secrets are not copied).',
    z.strictObject({
      name: z.string().min(1).max(200),
      change: syncJobChangeSchema.default({}),
      copyOf: idSchema.optional(),
    }),
    syncJobSchema,
  ),
  'sync.set': call(
    'Changes name or settings of a job together, or none of them.',
    z.strictObject({
      jobId: idSchema,
      name: z.string().min(1).max(200).optional(),
      change: syncJobChangeSchema.default({}),
    }),
    syncJobSchema,
  ),
  'sync.remove': call(
    'Removes a job with its history. Refused while something it sent is still there, unless `leave` says to leave it there.',
    z.strictObject({ jobId: idSchema, leave: z.boolean().default(false) }),
    nothing,
  ),
  'sync.setSecret': call(
    'Keeps a secret of a job in the secret store. It never comes back.',
    z.strictObject({ jobId: idSchema, secret: z.enum(SYNC_SECRETS), value: z.string().min(1).max(4_000) }),
    keyStateSchema,
  ),
  'sync.removeSecret': call(
    'Removes a stored secret of a job.',
    z.strictObject({ jobId: idSchema, secret: z.enum(SYNC_SECRETS) }),
    keyStateSchema,
  ),
  'sync.test': call(
    'Tests one side with the kept settings and names what is at fault. Writes nothing there.',
    z.strictObject({ jobId: idSchema, side: z.enum(['threatconnect', 'tanium']) }),
    connectionTestSchema,
  ),
  'sync.owners': call(
    'Owners whose indicators the Api User may read.',
    job,
    z.strictObject({ owners: z.array(z.strictObject({ name: z.string(), type: z.string() })) }),
  ),
  'sync.tql': call(
    'The query these settings make, with what is wrong with it if anything is. Sends nothing.',
    z.strictObject({ jobId: idSchema, change: syncJobChangeSchema.default({}) }),
    z.strictObject({ tql: z.string(), problem: z.string().nullable() }),
  ),
  'sync.count': call(
    'How many indicators match these settings now, Last Modified left aside. One request to ThreatConnect.',
    z.strictObject({ jobId: idSchema, change: syncJobChangeSchema.default({}) }),
    z.strictObject({ count: countSchema }),
  ),
  'sync.activate': call(
    'Lets a job run on its schedule, or no longer. The first activation needs a dry run with the present settings that was looked at.',
    z.strictObject({ jobId: idSchema, active: z.boolean() }),
    syncJobSchema,
  ),
  'sync.startOver': call(
    'Moves Last Modified back (or on) to a moment: the next run pulls everything modified since then.',
    z.strictObject({ jobId: idSchema, from: momentSchema }),
    syncJobSchema,
  ),
  'sync.request': call(
    'Asks for a run. One runs at a time; the process that does outbound work does it.',
    z.strictObject({ jobId: idSchema, kind: z.enum(['run', 'reconcile', 'dry-run']) }),
    syncRunSchema,
  ),
  'sync.recall': call(
    'Takes out of Threat Response what was sent; with `dryRun` says what that would take out. What is called back stays out until it is released.',
    z.strictObject({ jobId: idSchema, scope: syncRecallScopeSchema, dryRun: z.boolean() }),
    syncRunSchema,
  ),
  'sync.cancel': call(
    'Ends a run after its present request; what is written stays and is known.',
    ofRun,
    syncRunSchema,
  ),
  'sync.approve': call(
    'Allows a stopped run the withdrawals it named, and no others, and asks for it again.',
    ofRun,
    syncRunSchema,
  ),
  'sync.runs': call(
    'Runs of a job, newest first.',
    z.strictObject({ jobId: idSchema, ...pageRequest }),
    z.strictObject({ total: countSchema, rows: z.array(syncRunSchema) }),
  ),
  'sync.run': call('One run as it is at present.', ofRun, syncRunSchema),
  'sync.plan': call(
    'What a run did or would do, by indicator: held back, new, changed, withdrawn, invalid first, unchanged last; `text` is looked for in indicator, owner, tags, package and the words why. Counts as having looked at it.',
    z.strictObject({
      runId: idSchema,
      actions: z.array(z.enum(SYNC_ACTIONS)).max(SYNC_ACTIONS.length).optional(),
      text: z.string().max(500).optional(),
      ...pageRequest,
    }),
    z.strictObject({ total: countSchema, rows: z.array(syncPlanRowSchema) }),
  ),
  'sync.exportPlan': call(
    'Writes what `plan` answers to a file, streamed, as a job. Counts as having looked at it. Null path: the person chose none.',
    z.strictObject({
      runId: idSchema,
      actions: z.array(z.enum(SYNC_ACTIONS)).max(SYNC_ACTIONS.length).optional(),
      text: z.string().max(500).optional(),
      format: z.enum(['csv', 'jsonl']),
    }),
    z.strictObject({ jobId: z.string().nullable(), path: z.string().nullable() }),
  ),
  'sync.log': call(
    'The log of a run, oldest first.',
    z.strictObject({ runId: idSchema, ...pageRequest }),
    z.strictObject({
      total: countSchema,
      rows: z.array(z.strictObject({ at: momentSchema, level: z.enum(SYNC_LOG_LEVELS), text: z.string() })),
    }),
  ),
  'sync.ledger': call(
    'What was written, when, where and with what answer, newest first: of a job, or of one of its runs.',
    z.strictObject({ jobId: idSchema, runId: idSchema.optional(), ...pageRequest }),
    z.strictObject({ total: countSchema, rows: z.array(syncLedgerRowSchema) }),
  ),
  'sync.requests': call(
    'Every request a job made, reads too, newest first.',
    z.strictObject({ jobId: idSchema, runId: idSchema.optional(), ...pageRequest }),
    z.strictObject({
      total: countSchema,
      rows: z.array(
        z.strictObject({
          id: idSchema,
          /** Null for tests, counts and owner lists, which belong to no run. */
          runId: idSchema.nullable(),
          at: momentSchema,
          host: z.string(),
          /** Method and path, no secret in it. */
          label: z.string(),
          httpStatus: z.int().nullable(),
          elapsedMs: countSchema.nullable(),
          /** Empty, or what went wrong. */
          message: z.string(),
        }),
      ),
    }),
  ),
  'sync.indicators': call(
    'Indicators of a job: those that are sent, held back, or all that are known, by id; `text` is looked for in indicator, owner, tags and package. Released ones stay among the held.',
    z.strictObject({
      jobId: idSchema,
      which: z.enum(['sent', 'held', 'all']),
      text: z.string().max(500).optional(),
      ...pageRequest,
    }),
    z.strictObject({ total: countSchema, rows: z.array(syncIndicatorSchema) }),
  ),
  'sync.release': call(
    'Lets held-back indicators go with the next run, or holds released ones back again. Own addresses and domains cannot be released.',
    z.strictObject({ jobId: idSchema, ids: z.array(idSchema).min(1).max(10_000), release: z.boolean() }),
    z.strictObject({ changed: countSchema }),
  ),
} as const;

export type SyncCounts = z.infer<typeof syncCountsSchema>;
export type SyncRunView = z.infer<typeof syncRunSchema>;
export type SyncJobView = z.infer<typeof syncJobSchema>;
export type SyncIndicatorView = z.infer<typeof syncIndicatorSchema>;
export type SyncPlanRow = z.infer<typeof syncPlanRowSchema>;
export type SyncLedgerRow = z.infer<typeof syncLedgerRowSchema>;
export type SyncRecallScope = z.infer<typeof syncRecallScopeSchema>;
