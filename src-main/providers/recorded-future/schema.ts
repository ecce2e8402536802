import { z } from 'zod';

/** What is only shown: anything that is not as described counts as not said. */
const told = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null);
const listed = <T extends z.ZodType>(schema: T) => told(z.array(told(schema)));
const text = told(z.string());
const count = told(z.number().nonnegative());

/** Decide the status: what is neither null nor a number of their scale, 99 and 5 so far, makes the entry unreadable. */
const score = z.number().nonnegative().max(100).nullish();
const level = z.int().nonnegative().max(9).nullish();

const entitySchema = z.object({ id: text, name: text, type: text });
export type Entity = z.infer<typeof entitySchema>;

/** One rule that raised the risk. Bulk answers say `level` and `description`, single ones the other two. */
export const evidenceSchema = z.object({
  rule: z.string().min(1),
  level: count,
  criticality: count,
  timestamp: text,
  description: text,
  evidenceString: text,
});

/** `POST …/soar/enrichment`, status 200; the entries are read one by one. */
export const bulkSchema = z.object({
  data: z.object({ results: z.array(z.unknown()) }),
  counts: told(z.object({ returned: count })),
});

/** One entry of a bulk answer: whose it is, before what it says. */
export const bulkEntrySchema = z.object({ entity: entitySchema, risk: z.unknown().optional() });

/** `level` reaches from 0 to 5, of late; rules are named by an identifier. */
export const bulkRiskSchema = z.object({
  score,
  level,
  rule: told(z.object({ count, maxCount: count, evidence: told(z.record(z.string(), z.unknown())) })),
});
export type BulkRisk = z.infer<typeof bulkRiskSchema>;

/** `GET /v2/hash/{hash}`, status 200. Fields that were not asked for are absent; unknown ones are let be. */
export const singleSchema = z.object({
  data: z.object({
    entity: entitySchema,
    risk: z.object({
      score,
      criticality: level,
      criticalityLabel: text,
      riskString: text,
      riskSummary: text,
      rules: count,
      evidenceDetails: told(z.array(z.unknown())),
    }),
    timestamps: told(z.object({ firstSeen: text, lastSeen: text })),
    intelCard: text,
    hashAlgorithm: text,
    fileHashes: listed(z.string()),
    /** Read with `relatedSchema`, one by one. */
    relatedEntities: told(z.array(z.unknown())),
    /** Lists of entities by section; read as it comes, see `linkedNames`. */
    links: z.unknown().optional(),
  }),
});
export type SingleData = z.infer<typeof singleSchema>['data'];

/** Entities that are mentioned together with the hash, or, under `FileHashes`, its own digests. */
export const relatedSchema = z.object({
  type: text,
  entities: listed(z.object({ count, entity: told(entitySchema) })),
});

/** Bodies of answers that are none: an object or a text under `error`, a text under `message`, or both. */
export const errorSchema = z.object({
  error: told(z.union([z.string(), z.object({ status: count, message: text, reason: text })])),
  message: text,
});
