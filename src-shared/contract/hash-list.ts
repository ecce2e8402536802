import { z } from 'zod';
import { call } from './define.ts';
import { countSchema, digestSetSchema, idSchema, nothing, pageRequest, sideSchema, timeSchema } from './common.ts';

export const listEntrySchema = z.strictObject({
  id: idSchema,
  side: sideSchema,
  digests: digestSetSchema,
  note: z.string(),
  reason: z.string(),
  addedBy: z.string(),
  addedAt: timeSchema,
  expiresAt: timeSchema.nullable(),
  expired: z.boolean(),
  /** In how many kept intakes a digest of the entry occurs. */
  seenIn: countSchema,
});

export const listQuerySchema = z.strictObject({
  side: sideSchema.nullable().default(null),
  /** Only entries that expire within 30 days or have expired. */
  expiring: z.boolean().default(false),
  /** Found in a digest, the note, the reason or who added it. */
  text: z.string().max(200).default(''),
  sort: z.enum(['addedAt', 'side', 'hash', 'note', 'addedBy', 'expiresAt']).default('addedAt'),
  descending: z.boolean().default(true),
});

export const newEntrySchema = z.strictObject({
  /** Any number of hashes, or several digests of one file per group. */
  groups: z.array(digestSetSchema).min(1).max(100_000),
  side: sideSchema,
  note: z.string().max(2_000).default(''),
  reason: z.string().max(2_000).default(''),
  expiresAt: timeSchema.nullable().default(null),
});

/** Something that keeps a change from being written, with both places named. */
export const listProblemSchema = z.strictObject({
  line: countSchema.nullable(),
  hash: z.string(),
  side: sideSchema.nullable(),
  problem: z.enum(['other-side', 'other-side-in-file', 'not-a-hash', 'no-side', 'malformed']),
  /** A sentence for people: what, where, and the other place. */
  message: z.string(),
  otherLine: countSchema.nullable(),
  otherEntry: idSchema.nullable(),
});

export const changeResultSchema = z.strictObject({
  added: countSchema,
  updated: countSchema,
  removed: countSchema,
  unchanged: countSchema,
  problems: z.array(listProblemSchema),
  /** Names the change for undo; null when nothing was written. */
  changeId: idSchema.nullable(),
});

export const importPreviewSchema = z.strictObject({
  token: z.string(),
  name: z.string(),
  /** Lines read, header and blank lines not counted: added + updated + unchanged + leftOut + lines with a problem. */
  lines: countSchema,
  added: countSchema,
  unchanged: countSchema,
  updated: countSchema,
  /** Entries of the list that go: not in the file (replace), or merged into another one. */
  removed: countSchema,
  /** Lines the chosen settling leaves out: conflicts by `keep-mine`, malformed ones by `skipMalformed`. */
  leftOut: countSchema,
  /** The first 500 open problems, in line order. */
  problems: z.array(listProblemSchema),
  problemCount: countSchema,
});

export const settleSchema = z.enum(['refuse', 'keep-mine', 'take-file']);

export const hashListCalls = {
  'hashList.page': call(
    'A page of the list in a query’s order, with counts for the filter buttons.',
    z.strictObject({ query: listQuerySchema, ...pageRequest }),
    z.strictObject({
      total: countSchema,
      rows: z.array(listEntrySchema),
      counts: z.strictObject({
        all: countSchema,
        malicious: countSchema,
        'non-malicious': countSchema,
        expiring: countSchema,
        digests: countSchema,
      }),
    }),
  ),
  'hashList.add': call(
    'Adds entries, all or none. A hash already on the other side refuses the whole call and names both places.',
    newEntrySchema,
    changeResultSchema,
  ),
  'hashList.addText': call(
    'Finds every hash in pasted text and adds them, all or none.',
    z.strictObject({
      text: z.string().max(8 * 1024 * 1024),
      side: sideSchema,
      note: z.string().max(2_000).default(''),
      reason: z.string().max(2_000).default(''),
      expiresAt: timeSchema.nullable().default(null),
    }),
    changeResultSchema,
  ),
  'hashList.addRows': call(
    'Adds the selected rows of an intake, at most 10,000 at once.',
    z.strictObject({
      intakeId: idSchema,
      entries: z.array(countSchema).min(1).max(10_000),
      side: sideSchema,
      note: z.string().max(2_000).default(''),
      reason: z.string().max(2_000).default(''),
    }),
    changeResultSchema,
  ),
  'hashList.update': call(
    'Changes side, note, reason or expiry of one entry.',
    z.strictObject({
      id: idSchema,
      side: sideSchema.optional(),
      note: z.string().max(2_000).optional(),
      reason: z.string().max(2_000).optional(),
      expiresAt: timeSchema.nullable().optional(),
    }),
    changeResultSchema,
  ),
  'hashList.remove': call(
    'Removes entries; undo brings them back as they were.',
    z.strictObject({ ids: z.array(idSchema).min(1).max(10_000) }),
    changeResultSchema,
  ),
  'hashList.undo': call(
    'Takes one change back, if nothing newer touched its entries.',
    z.strictObject({ changeId: idSchema }),
    changeResultSchema,
  ),
  'hashList.preview': call(
    'Reads a CSV and says what an import would do, conflicts first; writes nothing.',
    z.strictObject({
      handle: z.string().max(64),
      mode: z.enum(['append', 'replace']),
      settle: settleSchema.default('refuse'),
      skipMalformed: z.boolean().default(false),
    }),
    importPreviewSchema,
  ),
  'hashList.import': call(
    'Carries out a preview, all or nothing. Refused while problems are open.',
    z.strictObject({ token: z.string().max(64) }),
    changeResultSchema,
  ),
  'hashList.export': call(
    'Writes the whole list as CSV that `preview` reads back.',
    nothing,
    z.strictObject({ path: z.string().nullable(), rows: countSchema }),
  ),
  'hashList.audit': call(
    'Who changed what, newest first.',
    z.strictObject({ id: idSchema.nullable().default(null), ...pageRequest }),
    z.strictObject({
      total: countSchema,
      rows: z.array(
        z.strictObject({
          changeId: idSchema,
          at: timeSchema,
          by: z.string(),
          action: z.string(),
          entryId: idSchema,
          summary: z.string(),
        }),
      ),
    }),
  ),
} as const;

export type ListEntry = z.infer<typeof listEntrySchema>;
export type ListQuery = z.infer<typeof listQuerySchema>;
export type ListProblem = z.infer<typeof listProblemSchema>;
export type ListChange = z.infer<typeof changeResultSchema>;
export type ImportPreview = z.infer<typeof importPreviewSchema>;
