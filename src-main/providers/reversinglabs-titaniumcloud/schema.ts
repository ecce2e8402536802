import { z } from 'zod';

/** What is only shown: anything that is not as documented counts as not said. */
const told = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null);
const text = told(z.string());
const count = told(z.int().nonnegative());
/** Threat levels and trust factors run from 0 to 5. */
const grade = told(z.int().min(0).max(5));
/** Decides the status: a digit in quotes is no less a digit. */
const decidingGrade = told(
  z.union([
    z.int().min(0).max(5),
    z
      .string()
      .regex(/^[0-5]$/)
      .transform(Number),
  ]),
);

/** What is said about one file, in a bulk answer and in a single one alike (TCA-0101, `extended` and `show_hashes`). */
export const entrySchema = z.object({
  status: z.string(),
  query_hash: told(z.object({ md5: text, sha1: text, sha256: text })),
  md5: text,
  sha1: text,
  sha256: text,
  threat_name: text,
  classification: told(z.object({ platform: text, type: text, family_name: text, is_generic: told(z.boolean()) })),
  threat_level: grade,
  trust_factor: decidingGrade,
  scanner_count: count,
  scanner_match: count,
  first_seen: text,
  last_seen: text,
  reason: text,
});
export type Entry = z.infer<typeof entrySchema>;

/** Entries are read one by one, so that an odd one spoils nothing. */
export const bulkSchema = z.object({
  rl: z.object({ entries: z.array(z.unknown()).nullish(), invalid_hashes: told(z.array(z.unknown())) }),
});

export const singleSchema = z.object({ rl: z.object({ malware_presence: entrySchema }) });

/** The envelope of every answer, whatever is inside. */
export const envelopeSchema = z.object({ rl: z.looseObject({}) });

const product = told(z.string());

/** `usage/daily`: what was asked today, by product; those never asked are left out (TCA-9999). */
const usageSchema = z.object({
  usage_report: z.array(z.object({ product, number_of_queries: count })),
});
export const usageAnswerSchema = z.union([z.object({ rl: usageSchema }).transform(({ rl }) => rl), usageSchema]);

/**
 * `limits`. Its form is not published beside the path: only entries that name their product, and a whole number that is
 * named by its window, are taken for a limit.
 */
const limitsSchema = z.object({
  limits: z.array(
    z.object({
      product,
      daily_limit: count,
      monthly_limit: count,
      limits: told(z.array(z.object({ limit_type: text, limit: count }))),
    }),
  ),
});
export const limitsAnswerSchema = z.union([z.object({ rl: limitsSchema }).transform(({ rl }) => rl), limitsSchema]);
export type LimitEntry = z.infer<typeof limitsSchema>['limits'][number];
