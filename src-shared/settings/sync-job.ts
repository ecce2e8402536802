import { z } from 'zod';
import { INDICATOR_TYPES, SYNC_LOG_LEVELS } from '../domain/indicator.ts';

const url = z.string().max(2000);
const names = z.array(z.string().min(1).max(500)).max(1000);

const proxy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('system') }),
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('manual'), url: z.string().min(1).max(2000) }),
]);

const schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('interval'), minutes: z.int().min(5).max(43_200) }),
  /** A time of day of this machine, HH:MM. */
  z.strictObject({
    kind: z.literal('daily'),
    at: z
      .string()
      .max(5)
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  }),
]);

/**
 * What a user sets for one sync job. Kept in the database. No secret: they are in the secret store, and no URL may carry a
 * name or password. Fields stand in the order of the form.
 */
export const syncJobConfigSchema = z.strictObject({
  /** ThreatConnect address: with or without `/api`; empty until it is set. */
  threatConnectUrl: url.default(''),
  /** How the Api User proves itself: Access ID with secret key, or a token. */
  threatConnectAuth: z.enum(['hmac', 'token']).default('hmac'),
  /** Access ID of the Api User; not used with a token. */
  accessId: z.string().max(200).default(''),
  threatConnectProxy: proxy.default({ kind: 'system' }),
  /** Path of a PEM file with further authorities for ThreatConnect, or null. */
  threatConnectCaFile: z.string().max(4096).nullable().default(null),

  /** Tanium Address; empty until it is set. */
  taniumUrl: url.default(''),
  /** Username with password, or an API token, which Tanium Cloud needs. */
  taniumAuth: z.enum(['password', 'token']).default('password'),
  taniumUsername: z.string().max(200).default(''),
  /** Of the user, where the server has several; empty for none. */
  taniumDomain: z.string().max(200).default(''),
  /** Verify SSL Cert, of Tanium. */
  verifyTaniumTls: z.boolean().default(true),
  taniumCaFile: z.string().max(4096).nullable().default(null),
  taniumProxy: proxy.default({ kind: 'system' }),
  /** Tanium Threat Response Source: found or created by this name. */
  sourceName: z.string().min(1).max(200).default('ThreatConnect'),
  /** Which interface Threat Response has: looked at, or said. */
  threatResponseApi: z.enum(['auto', '4', '3']).default('auto'),

  /** ThreatConnect Owners by name; empty means all that can be read. */
  owners: names.default([]),
  /** Indicator Types; empty means all three. */
  types: z.array(z.enum(INDICATOR_TYPES)).max(3).default([]),
  /** Replaces owners, types, tags and the four numbers when it is not empty. */
  tql: z.string().max(20_000).default(''),
  /** With a TQL of one's own: only what was modified since the last run is pulled, too. */
  lastModifiedWithTql: z.boolean().default(true),
  /** Include Tags: any of them. */
  includeTags: names.default([]),
  /** Exclude Tags: any of them excludes. */
  excludeTags: names.default([]),
  /** Minimum ThreatAssess Score, 0 to 1000. */
  minThreatAssess: z.int().min(0).max(1000).nullable().default(null),
  /** Minimum Confidence Rating, 0 to 100. */
  minConfidence: z.int().min(0).max(100).nullable().default(null),
  /** Minimum Threat Rating, 0 to 5. */
  minRating: z.number().min(0).max(5).nullable().default(null),
  /** Maximum False Positive Count: at most so many. */
  maxFalsePositives: z.int().min(0).max(1_000_000).nullable().default(null),

  schedule: schedule.default({ kind: 'interval', minutes: 60 }),
  /** Hours after which a run compares everything that matches with everything sent; null: only when a person asks. */
  reconcileHours: z.int().min(1).max(8760).nullable().default(24),
  /** Minutes before the last pull's start from which the next one pulls again. */
  overlapMinutes: z.int().min(0).max(1440).default(10),
  /** Indicators a page of ThreatConnect's answers holds. */
  pageSize: z.int().min(1).max(10_000).default(1000),
  timeoutSeconds: z.int().min(1).max(600).default(60),

  /** Indicators a package holds at most. */
  packageSize: z.int().min(1).max(20_000).default(500),
  /** Terms for addresses and hosts: the documented ones, or those Threat Response itself writes (quick-add). */
  networkTerms: z.enum(['documented', 'quick-add']).default('documented'),
  /** Labels from tags: a package carries the most frequent tags of its indicators, at most so many; 0 for none. */
  labels: z.int().min(0).max(100).default(10),
  /** Deploy after a run that wrote something. */
  deploy: z.boolean().default(true),
  /** Computer group that is scanned for each written package after the deploy; empty for none. */
  scanGroup: z.string().max(300).default(''),
  /** Where files go: intel packages, Tanium's reputation hash list, or both. */
  filesTo: z.enum(['packages', 'hash-list', 'both']).default('packages'),

  /** A run that would withdraw more than this share (per cent) of what was sent, or more than this many, stops and asks. */
  guardShare: z.int().min(0).max(100).default(10),
  guardCount: z.int().min(0).max(10_000_000).default(500),
  /** Own addresses, networks (CIDR) and domains with all below them: never pushed. */
  own: names.default([]),
  /** File indicators rated at least so much make a verdict malicious in triage; null: they only say that they are known. */
  raiseFromRating: z.number().min(0).max(5).nullable().default(null),
  /** Logging Level of its runs. */
  logLevel: z.enum(SYNC_LOG_LEVELS).default('info'),
});

export type SyncJobConfig = z.infer<typeof syncJobConfigSchema>;
export type SyncJobChange = { readonly [K in keyof SyncJobConfig]?: SyncJobConfig[K] | undefined };

const fields = Object.fromEntries(
  Object.entries(syncJobConfigSchema.shape).map(([name, field]) => [name, z.optional(field.unwrap())]),
) as {
  [K in keyof typeof syncJobConfigSchema.shape]: z.ZodOptional<
    ReturnType<(typeof syncJobConfigSchema.shape)[K]['unwrap']>
  >;
};

/** Any of the fields; what is left out stays. */
export const syncJobChangeSchema = z.strictObject(fields);

/** A job as it is before anything was set. */
export function defaultSyncJob(): SyncJobConfig {
  return syncJobConfigSchema.parse({});
}

/** Secrets of a job: the secret key or token of ThreatConnect, password or token of Tanium, `name:password` of proxies. */
export const SYNC_SECRETS = ['threatconnect', 'tanium', 'threatconnect-proxy', 'tanium-proxy'] as const;
export type SyncSecret = (typeof SYNC_SECRETS)[number];

/** The name under which the secret store keeps one: `sync-3-tanium`, in the environment ASSAY_SYNC_3_TANIUM_KEY. */
export function syncSecretName(jobId: number, secret: SyncSecret): string {
  return `sync-${jobId}-${secret}`;
}
