import { z } from 'zod';

/** What is only shown: anything that is not as documented counts as not said. */
const told = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null);

/** Decides the status: only a text, nothing, or null are as documented. */
const classification = z.string().nullish();

/** 0 is a score like any other. */
const riskscore = told(z.int().min(0).max(10));

/**
 * The file whose verdict was carried over to this one, a parent or a child. Its digests are never this file's; its
 * `imphash` has the 32 digits of an MD5 and is no digest of a file at all.
 */
const origin = told(z.object({ sha1: told(z.string()) }));

/** What the vendor's cloud told the appliance about a file. */
const ticloudSchema = z.object({
  classification: told(z.string()),
  riskscore,
  classification_result: told(z.string()),
  classification_reason: told(z.string()),
  first_seen: told(z.string()),
  last_seen: told(z.string()),
});

/** One entry of `POST /api/samples/v2/list/`. */
export const sampleSchema = z.object({
  sha1: told(z.string()),
  sha256: told(z.string()),
  md5: told(z.string()),
  classification,
  riskscore,
  classification_result: told(z.string()),
  classification_reason: told(z.string()),
  classification_origin: origin,
  local_first_seen: told(z.string()),
  local_last_seen: told(z.string()),
  ticloud: told(ticloudSchema),
});
export type Sample = z.infer<typeof sampleSchema>;

/** `POST /api/samples/v2/list/`, status 200. Entries are read one by one, so that an odd one spoils no other. */
export const listSchema = z.object({
  count: told(z.int().nonnegative()),
  next: told(z.string()),
  results: z.array(z.unknown()),
});
export type List = z.infer<typeof listSchema>;

/** `GET /api/samples/v3/{hash}/classification/`, status 200. `data_source` is LOCAL for what the appliance itself says. */
export const classificationSchema = z.object({
  classification,
  riskscore,
  classification_result: told(z.string()),
  classification_reason: told(z.string()),
  classification_origin: origin,
  first_seen: told(z.string()),
  last_seen: told(z.string()),
  data_source: told(z.string()),
  sha1: told(z.string()),
  sha256: told(z.string()),
  md5: told(z.string()),
});
export type Classification = z.infer<typeof classificationSchema>;

/** `POST /api/samples/status/`, status 200. */
export const statusSchema = z.object({
  results: z.array(z.object({ hash_value: z.string(), status: z.string() })),
});
