import { z } from 'zod';
import {
  countSchema,
  digestSetSchema,
  kindSchema,
  nothing,
  sourceSchema,
  timeSchema,
  verdictSchema,
} from './common.ts';
import { call } from './define.ts';
import { detailSchema, itemViewSchema } from './intake.ts';

const { listEntries, sets, aliases, annotations } = detailSchema.shape;

export const lookupSourceSchema = z.strictObject({
  source: sourceSchema,
  enabled: z.boolean(),
  /** Its worst answer under any digest of the file; null when there is none. */
  item: itemViewSchema.nullable(),
  /** How the score reads: "41 of 72 engines", "verdict 1". Empty when there is none. */
  scoreText: z.string(),
  /** Which rule of thresholds or codes made the status: "at least 5 engines", "malware = malicious". */
  thresholdText: z.string(),
  /** The compact answer as kept, pretty JSON; null when none is. */
  report: z.string().nullable(),
  /** Waiting or on its way: what for; null when not queued. */
  queued: z.string().nullable(),
  /** What asking now would cost at most and what is left: null when it cannot be asked. */
  price: z
    .strictObject({ billed: countSchema, left: countSchema.nullable(), unit: z.enum(['request', 'hash']) })
    .nullable(),
  /** Why it cannot be asked: disabled, no key, takes no SHA-1, hash-listed, under embargo. Null when it can. */
  cannotAsk: z.string().nullable(),
  /** Due: never asked, stale, pending past its recheck, or failed. */
  due: z.boolean(),
  /** True when the source has a page of its own for this file. */
  hasPage: z.boolean(),
});

export const lookupResultSchema = z.strictObject({
  hash: z.string(),
  kind: kindSchema,
  digests: digestSetSchema,
  verdict: verdictSchema,
  why: z.string(),
  sources: z.array(lookupSourceSchema),
  /** Answers of sources this version cannot ask. */
  otherItems: z.array(itemViewSchema),
  listEntries,
  sets,
  aliases,
  annotations,
  /** Kept intakes that hold it, newest first. */
  seenIn: z.array(
    z.strictObject({
      intakeId: z.int().positive(),
      title: z.string(),
      createdAt: timeSchema,
      line: countSchema,
      file: z.string(),
      embargo: z.boolean(),
    }),
  ),
});

export const lookupCalls = {
  'lookup.find': call(
    'Everything known about the hashes in any text, from this machine alone. Sends nothing. At most 100 hashes; lists are dropped as an intake.',
    z.strictObject({ text: z.string().max(100_000) }),
    z.strictObject({
      results: z.array(lookupResultSchema),
      /** Distinct hashes in the text; more than `results` when there were over 100. */
      hashes: countSchema,
      /** What looked like a hash and is none, with why. */
      rejected: z.array(z.strictObject({ text: z.string(), reason: z.string() })),
      /** Sentences about what the results lack: known sets that could not be read. */
      problems: z.array(z.string()),
      elapsedMs: z.number().nonnegative(),
    }),
  ),
  'lookup.ask': call(
    'Queues one hash for the named sources with a person waiting; `again` asks although a fresh answer exists.',
    z.strictObject({ hash: z.string().max(200), sources: z.array(sourceSchema).min(1).max(8), again: z.boolean() }),
    z.strictObject({
      queued: countSchema,
      /** A sentence per source that was not queued. */
      refused: z.array(z.strictObject({ source: sourceSchema, sentence: z.string() })),
    }),
  ),
  'lookup.openPage': call(
    "Opens the source's own page about the file in the system's browser, through the one checked opener.",
    z.strictObject({ hash: z.string().max(200), source: sourceSchema }),
    nothing,
  ),
} as const;

export type LookupResult = z.infer<typeof lookupResultSchema>;
export type LookupSource = z.infer<typeof lookupSourceSchema>;
