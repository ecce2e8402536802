import { z } from 'zod';
import { call } from './define.ts';
import { countSchema, nothing, sourceSchema, statusSchema, timeSchema } from './common.ts';
import { sourceConfigChangeSchema } from '../settings/source-config.ts';
import { settingsChangeSchema } from '../settings/schema.ts';

/** What the settings of the life of items come to at one source. */
export const sourceEffectSchema = z.strictObject({
  source: sourceSchema,
  /** False when its items are never asked for again; `why` says why. */
  rescans: z.boolean(),
  why: z.string(),
  items: countSchema,
  /** Due and not asked yet: the rescan debt. */
  overdue: countSchema,
  /** Of those, malicious ones. */
  overdueMalicious: countSchema,
  dueNextDay: countSchema,
  /** Calls a day these settings take in the long run, by what the source bills. */
  callsPerDay: z.number().nonnegative(),
  /** Calls a day that rescans may use; null without a limit. */
  allowedPerDay: z.number().nonnegative().nullable(),
  /** Days to ask for every item once at the allowed pace; null when there is nothing to ask or no end to it. */
  fullCycleDays: z.number().nonnegative().nullable(),
  /** A sentence when the settings cannot be met inside the quotas; empty when they can. */
  warning: z.string(),
});

export const lifeEffectsSchema = z.strictObject({
  sources: z.array(sourceEffectSchema),
  /** What a purge now would remove. */
  purge: z.strictObject({ items: countSchema, files: countSchema }),
  size: z.strictObject({
    /** As the cap counts it: used pages and intakes, bytes. */
    bytes: countSchema,
    cap: countSchema,
    /** Days until the cap at the growth of the last 30 days; null when it does not grow or cannot be told. */
    fullInDays: z.number().nonnegative().nullable(),
  }),
  elapsedMs: z.number().nonnegative(),
});

export const purgePreviewSchema = z.strictObject({
  /** Items that would go, by source and status. */
  groups: z.array(z.strictObject({ source: sourceSchema, status: statusSchema, items: countSchema })),
  items: countSchema,
  /** Files of which nothing would be left. */
  files: countSchema,
  reports: countSchema,
  /** Past the interval and kept all the same, by why. */
  kept: z.strictObject({ malicious: countSchema, hashList: countSchema, inIntake: countSchema, queued: countSchema }),
  /** Days since 1970 before which nobody may have asked; null when the interval is never. */
  askedBefore: countSchema.nullable(),
  at: timeSchema,
});

export const lifeCalls = {
  'life.effects': call(
    'What these settings imply: full-cycle time, rescan debt, calls a day, what a purge would remove. Writes nothing.',
    z.strictObject({
      settings: settingsChangeSchema.default({}),
      sources: z.partialRecord(sourceSchema, sourceConfigChangeSchema).default({}),
    }),
    lifeEffectsSchema,
  ),
  'life.purgePreview': call(
    'What a purge would remove now, and what it would keep. Removes nothing.',
    nothing,
    purgePreviewSchema,
  ),
  'life.purge': call(
    'Removes what nobody asked for within the Remove Item Interval, as a job.',
    nothing,
    z.strictObject({ jobId: z.string() }),
  ),
} as const;

export type SourceEffect = z.infer<typeof sourceEffectSchema>;
export type LifeEffects = z.infer<typeof lifeEffectsSchema>;
export type PurgePreview = z.infer<typeof purgePreviewSchema>;
