import { z } from 'zod';
import { call, push } from './define.ts';
import { countSchema, countsSchema, nothing } from './common.ts';
import {
  preferencesChangeSchema,
  preferencesSchema,
  settingsChangeSchema,
  settingsSchema,
} from '../settings/schema.ts';

export const cacheStatsSchema = z.strictObject({
  files: countSchema,
  digests: countSchema,
  items: countSchema,
  itemsByStatus: z.record(z.string(), countSchema),
  itemsBySource: z.record(z.string(), countSchema),
  /** Of the unknown ones: made when their hash was queued, and not answered yet. */
  unasked: countSchema,
  listEntries: countSchema,
  knownSets: countSchema,
  intakes: countSchema,
  syncJobs: countSchema,
  /** Indicators sync jobs have ever taken, in Threat Response or not. */
  syncIndicators: countSchema,
  databaseBytes: countSchema,
  intakeBytes: countSchema,
  knownSetBytes: countSchema,
  /** As the Maximum Database Size counts it: used pages and kept intakes, bytes. */
  size: z.strictObject({
    bytes: countSchema,
    cap: countSchema,
    /** Items are not made at present: the maximum is reached and nothing that may be removed is left. */
    isFull: z.boolean(),
  }),
  changesSeq: countSchema,
  schemaVersion: countSchema,
});

export const jobSchema = z.strictObject({
  jobId: z.string(),
  kind: z.enum(['intake', 'export', 'known-set', 'judge', 'scan', 'purge', 'annotate', 'verify']),
  title: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  phase: z.string(),
  done: countSchema,
  total: countSchema.nullable(),
  unit: z.enum(['bytes', 'rows', 'files', 'hashes']),
  /** Units per second over the last second. */
  rate: z.number().nonnegative(),
  secondsLeft: z.number().nonnegative().nullable(),
  /** Null while it cannot be paused. */
  paused: z.boolean().nullable(),
  intakeId: z.int().nullable(),
  counts: countsSchema.nullable(),
  /** A sentence: what was done, what is kept, what to do. */
  message: z.string(),
  path: z.string().nullable(),
});

export const bootstrapSchema = z.strictObject({
  version: z.string(),
  shell: z.enum(['electron', 'chromium']),
  platform: z.string(),
  dataDirectory: z.string(),
  /** The directory holds answers of simulated sources; every view and export says so. */
  simulated: z.boolean(),
  /** A second window with simulated sources can be started from here. */
  canStartDemo: z.boolean(),
  /** Whether Assay starts when this account logs in; null where the shell cannot arrange it. */
  startAtLogin: z.boolean().nullable(),
  user: z.string(),
  settings: settingsSchema,
  preferences: preferencesSchema,
  stats: cacheStatsSchema,
  jobs: z.array(jobSchema),
  /** A sentence that must be shown once: the database was found damaged. Null when nothing happened. */
  startNotice: z.string().nullable(),
});

export const appCalls = {
  'app.bootstrap': call('Everything the first paint needs.', nothing, bootstrapSchema),
  'app.stats': call('What the cache holds and how large it is.', nothing, cacheStatsSchema),
  'app.registerText': call(
    'Keeps pasted or dropped text under a handle, for calls that take one.',
    z.strictObject({ name: z.string().max(200), text: z.string().max(64 * 1024 * 1024) }),
    z.strictObject({ handle: z.string() }),
  ),
  'app.showInFolder': call(
    'Shows a file Assay wrote in the system’s file manager; only paths of finished exports.',
    z.strictObject({ path: z.string().max(4096) }),
    nothing,
  ),
  'app.startDemo': call('Opens another window on a directory of its own, with simulated sources.', nothing, nothing),
  'app.setStartAtLogin': call(
    'Whether Assay starts, without a window, when this account logs in.',
    z.strictObject({ on: z.boolean() }),
    z.strictObject({ on: z.boolean() }),
  ),
  'settings.set': call(
    'Changes settings; they act at once in every process of this data directory.',
    settingsChangeSchema,
    settingsSchema,
  ),
  'preferences.set': call('Changes what this window remembers.', preferencesChangeSchema, preferencesSchema),
  'jobs.list': call('Running and just finished jobs.', nothing, z.strictObject({ jobs: z.array(jobSchema) })),
  'jobs.cancel': call(
    'Asks a job to stop; what it did is kept and its last push says so.',
    z.strictObject({ jobId: z.string().max(64) }),
    nothing,
  ),
  'jobs.pause': call(
    'Pauses a job or lets it go on; one that cannot be paused at the moment is left alone.',
    z.strictObject({ jobId: z.string().max(64), paused: z.boolean() }),
    nothing,
  ),
  'cache.verify': call(
    'The full check of database, intakes and sets.',
    nothing,
    z.strictObject({ ok: z.boolean(), problems: z.array(z.string()) }),
  ),
} as const;

export const pushes = {
  changed: push(
    'Kinds of data that changed, batched every 100 ms; ask again for what is shown.',
    z.strictObject({
      kinds: z.array(
        z.enum([
          'intakes',
          'verdicts',
          'hash-list',
          'known-sets',
          'items',
          'settings',
          'queue',
          'sources',
          'history',
          'reviews',
          'sync',
          'annotations',
        ]),
      ),
      intakeIds: z.array(z.int()),
    }),
  ),
  job: push('A job moved or ended.', jobSchema),
  openView: push(
    'A notification of the desktop was clicked: shows what it was about.',
    z.strictObject({ view: z.enum(['changes']) }),
  ),
  openFiles: push(
    'Files named on the command line of a second start.',
    z.strictObject({ handle: z.string(), names: z.array(z.string()) }),
  ),
} as const;

export type Bootstrap = z.infer<typeof bootstrapSchema>;
export type Job = z.infer<typeof jobSchema>;
export type CacheStats = z.infer<typeof cacheStatsSchema>;
