import { z } from 'zod';
import { RULES } from '../domain/basis.ts';
import { DIGEST_KINDS } from '../domain/hash.ts';
import { SOURCE_IDS } from '../domain/source.ts';
import { STATUSES } from '../domain/status.ts';

export const statusSchema = z.enum(STATUSES);
export const kindSchema = z.enum(DIGEST_KINDS);
export const sourceSchema = z.enum(SOURCE_IDS);
export const ruleSchema = z.enum(RULES);
export const flagSchema = z.enum(['conflict', 'stale', 'ambiguous', 'weak', 'asserted', 'listedBothSides']);
export const sideSchema = z.enum(['malicious', 'non-malicious']);
export const setMarkSchema = z.enum(['known', 'known-good', 'known-bad']);

/** Seconds since the epoch, UTC. */
export const timeSchema = z.int().nonnegative();
export const idSchema = z.int().positive();
export const countSchema = z.int().nonnegative();
export const nothing = z.strictObject({});

export const digestSetSchema = z.strictObject({
  md5: z.string().length(32).optional(),
  sha1: z.string().length(40).optional(),
  sha256: z.string().length(64).optional(),
});

export const verdictSchema = z.strictObject({
  status: statusSchema,
  rule: ruleSchema,
  source: sourceSchema.nullable(),
  agreeing: countSchema,
  answeredAt: timeSchema.nullable(),
  flags: z.array(flagSchema),
});

/** How many rows carry each status and each flag that the strip shows. */
export const countsSchema = z.strictObject({
  malicious: countSchema,
  suspicious: countSchema,
  'non-malicious': countSchema,
  pending: countSchema,
  unknown: countSchema,
  conflict: countSchema,
  stale: countSchema,
});

/** A page of a grid: rows by position. At most 500 at a time. */
export const pageRequest = { offset: countSchema, limit: z.int().min(1).max(500) };

export type VerdictView = z.infer<typeof verdictSchema>;
export type Counts = z.infer<typeof countsSchema>;
export type DigestSetView = z.infer<typeof digestSetSchema>;
