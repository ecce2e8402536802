import { z } from 'zod';

/** What is only shown: anything that is not as documented counts as not said. */
const told = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null);

/** Seconds since the epoch; zero and dates after the year 2100 are no times. */
const time = told(z.int().positive().max(4_102_444_800));
const count = z.int().nonnegative();

/** Decides the status: a count that is none makes the whole answer unreadable. Missing ones are zero. */
const statsSchema = z.object({
  malicious: count.nullish(),
  suspicious: count.nullish(),
  undetected: count.nullish(),
  harmless: count.nullish(),
  timeout: told(count),
  'confirmed-timeout': told(count),
  failure: told(count),
  'type-unsupported': told(count),
});

/** One engine. Its entry in the record is `unknown` there and read one by one, so that an odd one spoils nothing. */
export const engineSchema = z.object({
  category: told(z.string()),
  engine_name: told(z.string()),
  result: told(z.string()),
});

const named = told(z.array(z.object({ value: z.string(), count: told(z.number()) })));

const attributesSchema = z.object({
  last_analysis_stats: statsSchema.nullish(),
  last_analysis_results: z.record(z.string(), z.unknown()).nullish(),
  md5: told(z.string()),
  sha1: told(z.string()),
  sha256: told(z.string()),
  first_submission_date: time,
  last_submission_date: time,
  last_analysis_date: time,
  meaningful_name: told(z.string()),
  names: told(z.array(z.string())),
  size: told(count),
  type_description: told(z.string()),
  tags: told(z.array(z.string())),
  popular_threat_classification: told(
    z.object({ suggested_threat_label: told(z.string()), popular_threat_name: named, popular_threat_category: named }),
  ),
  reputation: told(z.number()),
  total_votes: told(z.object({ harmless: told(count), malicious: told(count) })),
  trusted_verdict: told(z.object({ verdict: told(z.string()), organization: told(z.string()) })),
});

/** `GET /files/{hash}`, status 200. Unknown fields are let be; docs.virustotal.com/reference/files. */
export const fileSchema = z.object({
  data: z.object({ type: z.literal('file'), id: z.string(), attributes: attributesSchema }),
});
export type FileAnswer = z.infer<typeof fileSchema>;
export type FileAttributes = z.infer<typeof attributesSchema>;
export type EngineStats = z.infer<typeof statsSchema>;

/** Body of every answer that is not 2xx; docs.virustotal.com/reference/errors. */
export const errorSchema = z.object({
  error: z.object({ code: z.string().min(1), message: told(z.string()) }),
});
export type ErrorAnswer = z.infer<typeof errorSchema>;

const quotaSchema = told(z.object({ used: told(count), allowed: told(count) }));
const quotasSchema = told(z.object({ user: quotaSchema, group: quotaSchema }));

/** `GET /users/{id}/overall_quotas`, status 200. */
export const overallQuotasSchema = z.object({
  data: z.object({
    api_requests_hourly: quotasSchema,
    api_requests_daily: quotasSchema,
    api_requests_monthly: quotasSchema,
  }),
});
export type OverallQuotas = z.infer<typeof overallQuotasSchema>;
