import { z } from 'zod';
import { QUOTA_WINDOWS } from '../domain/outcome.ts';
import { sourceConfigChangeSchema, sourceConfigSchema } from '../settings/source-config.ts';
import { countSchema, kindSchema, nothing, sourceSchema, timeSchema } from './common.ts';
import { call } from './define.ts';

/** Milliseconds since the epoch, UTC. */
export const momentSchema = z.int().nonnegative();

export const quotaViewSchema = z.strictObject({
  window: z.enum(QUOTA_WINDOWS),
  /** Calls spent or reserved in the window. */
  spent: countSchema,
  /** What holds: the smaller of what is set and what the source told; null for no limit. */
  limit: countSchema.nullable(),
  /** What the source itself told, or null. */
  learned: countSchema.nullable(),
  /** When the window ends, or for the minute when its oldest call frees; null when nothing is spent. */
  resetsAt: momentSchema.nullable(),
});

export const sourceFactsSchema = z.strictObject({
  takes: z.array(kindSchema),
  mostHashesPerRequest: countSchema,
  billedBy: z.enum(['request', 'hash']),
  score: z.enum(['none', 'engines', 'risk', 'risk-10', 'level']),
  /** Assay's own thresholds of that score, used while none are set. */
  thresholds: z.strictObject({ malicious: countSchema, suspicious: countSchema }).nullable(),
  urlPresets: z.array(z.strictObject({ label: z.string(), url: z.string() })),
  defaults: sourceConfigSchema,
  plans: z.array(z.enum(['paid', 'public'])),
  authStyles: z.array(z.enum(['key', 'bearer'])),
  agents: z.array(z.enum(['', 'pcc', 'prismaaccessapi'])),
  licenceNote: z.string().nullable(),
  /** It has an answer "pending", which is asked for again. */
  hasPending: z.boolean(),
  /** Items are new for a while after the source's First Seen. */
  hasNewItems: z.boolean(),
  /** What only this source has to be told: a choice among values, or a text. */
  options: z.array(
    z.strictObject({
      name: z.string(),
      label: z.string(),
      hint: z.string(),
      choices: z.array(z.strictObject({ value: z.string(), label: z.string() })).nullable(),
    }),
  ),
  /** Name of the environment variable that may hold the key. */
  keyVariable: z.string(),
});

export const keyStateSchema = z.strictObject({
  place: z.enum(['environment', 'keychain', 'file']).nullable(),
  setAt: timeSchema.nullable(),
  /** Why it could not be looked up; null when it could. */
  fault: z.string().nullable(),
});

export const sourceViewSchema = z.strictObject({
  source: sourceSchema,
  label: z.string(),
  config: sourceConfigSchema,
  facts: sourceFactsSchema,
  key: keyStateSchema,
  proxyKey: keyStateSchema,
  /**
   * `disabled`, `no-key`, `offline` and `paused` are somebody's choice; `idle` has nothing to do; `asking` sends;
   * `waiting` for a quota window; `backing-off` and `open` after faults; `stopped` until key or settings change.
   */
  state: z.enum([
    'disabled',
    'no-key',
    'offline',
    'paused',
    'idle',
    'asking',
    'waiting',
    'backing-off',
    'open',
    'stopped',
  ]),
  /** One sentence: why, and what to do. Empty when idle or asking. */
  reason: z.string(),
  /** When it goes on by itself; null when it does not, or needs not. */
  until: momentSchema.nullable(),
  lastAnswerAt: momentSchema.nullable(),
  /** Reputation items of this source. */
  items: countSchema,
  /** Queued and never answered. */
  new: countSchema,
  /** Items with an answer, "does not know" included. */
  processed: countSchema,
  /** Queued to be asked again. */
  rescanning: countSchema,
  malicious: countSchema,
  quota: z.array(quotaViewSchema),
  /** Pairs a day that automatic asking would have cost, over the last seven days. */
  automaticPerDay: countSchema,
});

export const secretStoreSchema = z.strictObject({
  place: z.enum(['keychain', 'file', 'none']),
  locked: z.boolean(),
  message: z.string(),
});

export const connectionTestSchema = z.strictObject({
  ok: z.boolean(),
  at: z.enum(['key', 'right', 'quota', 'network', 'proxy', 'tls', 'url', 'answer', 'input', 'offline']).nullable(),
  message: z.string(),
  billed: countSchema,
  httpStatus: z.int().nullable(),
  elapsedMs: countSchema,
});

export const sourcesCalls = {
  'sources.list': call(
    'Every source this version can ask: settings, key state, what it is doing and why, quotas.',
    nothing,
    z.strictObject({ sources: z.array(sourceViewSchema), secretStore: secretStoreSchema }),
  ),
  'sources.set': call(
    'Changes settings of one source together, or none of them; acts at once in every process.',
    z.strictObject({ source: sourceSchema, change: sourceConfigChangeSchema }),
    sourceViewSchema,
  ),
  'sources.setKey': call(
    'Keeps a key (or `proxy`: name:password of its proxy) in the secret store. It never comes back.',
    z.strictObject({ source: sourceSchema, of: z.enum(['source', 'proxy']), value: z.string().min(1).max(2_000) }),
    keyStateSchema,
  ),
  'sources.removeKey': call(
    'Removes a stored key.',
    z.strictObject({ source: sourceSchema, of: z.enum(['source', 'proxy']) }),
    keyStateSchema,
  ),
  'sources.test': call(
    'Tests the connection with the kept settings: names which of key, right, quota, network, TLS, proxy or URL is at fault. Recorded and billed like any request.',
    z.strictObject({ source: sourceSchema }),
    connectionTestSchema,
  ),
  'sources.chooseSecretStore': call(
    'Chooses where keys are kept; `file` needs a passphrase of at least 12 characters.',
    z.strictObject({ place: z.enum(['keychain', 'file']), passphrase: z.string().max(1_000).optional() }),
    secretStoreSchema,
  ),
  'sources.unlockSecrets': call(
    'Opens the passphrase file for this process.',
    z.strictObject({ passphrase: z.string().max(1_000) }),
    secretStoreSchema,
  ),
} as const;

export type SourceView = z.infer<typeof sourceViewSchema>;
export type QuotaView = z.infer<typeof quotaViewSchema>;
export type SecretStoreView = z.infer<typeof secretStoreSchema>;
export type ConnectionTestView = z.infer<typeof connectionTestSchema>;
