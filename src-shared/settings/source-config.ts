import { z } from 'zod';

/** Calls a source counts, per window; null is no limit. */
const limit = z.int().min(1).max(1_000_000_000).nullable();

/**
 * What a user sets for one source. Kept in the database, acting at once in every process. No secret: credentials are in
 * the secret store, and neither URL may carry a name or password.
 */
export const sourceConfigSchema = z.strictObject({
  enabled: z.boolean(),
  /** Base URL: https, or http on a loopback address; empty until it is set, for a source that stands nowhere by default. */
  url: z.string().max(2000),
  /** What kind of key it is, where the source has kinds: `public` may not be asked automatically. */
  plan: z.enum(['paid', 'public']),
  /** The licence note of a public key was read and accepted. */
  licenceAccepted: z.boolean(),
  /** How the key is presented, where the source knows several ways. */
  authStyle: z.enum(['key', 'bearer']),
  /** WildFire's `agent` field for keys of other products; empty sends none. */
  agent: z.enum(['', 'pcc', 'prismaaccessapi']),
  hashesPerRequest: z.int().min(1).max(10_000),
  callsPerMinute: limit,
  callsPerDay: limit,
  callsPerMonth: limit,
  /** Requests on the way at a time. */
  concurrency: z.int().min(1).max(32),
  timeoutSeconds: z.int().min(1).max(600),
  verifyTls: z.boolean(),
  /** Path of a PEM file with further authorities, or null. */
  caFile: z.string().max(4096).nullable(),
  proxy: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('system') }),
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({ kind: z.literal('manual'), url: z.string().min(1).max(2000) }),
  ]),
  /** `new`: hashes that arrive and nothing fresh is known about are queued by themselves. */
  automatic: z.enum(['off', 'new']),
  /** Minutes after which a pending answer is asked for again. */
  recheckMinutes: z.int().min(1).max(10_080),
  /** Items are asked for again when they are due. Never with a public key. */
  rescans: z.boolean(),
  /** Maximum Age of New Items: days since the source's First Seen during which an item is new; null where none is. */
  newItemDays: z.int().min(1).max(3650).nullable(),
  /** Rescan New Item Interval, hours: how often a new item is asked for again. */
  newItemHours: z.int().min(1).max(8760),
  /** What only this source has to be told, by name; the source's facts declare names and values. */
  options: z.record(z.string().max(60), z.string().max(2000)),
});

export type SourceConfig = z.infer<typeof sourceConfigSchema>;
export type SourceConfigChange = { readonly [K in keyof SourceConfig]?: SourceConfig[K] | undefined };

const fields = Object.fromEntries(
  Object.entries(sourceConfigSchema.shape).map(([name, field]) => [name, z.optional(field)]),
) as { [K in keyof typeof sourceConfigSchema.shape]: z.ZodOptional<(typeof sourceConfigSchema.shape)[K]> };

/** Any of the fields. */
export const sourceConfigChangeSchema = z.strictObject(fields);
