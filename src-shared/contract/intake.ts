import { z } from 'zod';
import { annotationSchema } from './annotation-view.ts';
import { call } from './define.ts';
import {
  countsSchema,
  countSchema,
  digestSetSchema,
  flagSchema,
  idSchema,
  kindSchema,
  nothing,
  pageRequest,
  setMarkSchema,
  sideSchema,
  sourceSchema,
  statusSchema,
  timeSchema,
  verdictSchema,
} from './common.ts';
import { intakePreviewCalls } from './intake-preview.ts';
import { readingSchema } from './reading.ts';

export { readAsSchema, readingSchema } from './reading.ts';
export type { Reading } from './reading.ts';
export type { IntakePreview, PreviewPart, PreviewRow, PreviewSource } from './intake-preview.ts';

export const intakeIdSchema = idSchema;

/** Passwords to try on encrypted archives, after the usual one. They are used for this reading and kept nowhere. */
export const passwordsSchema = z.array(z.string().min(1).max(200)).max(8).optional();

export const accountingSchema = z.strictObject({
  /** Counted by an independent pass: records = hashes + duplicates + withoutHash + rejected. */
  records: countSchema,
  hashes: countSchema,
  duplicates: countSchema,
  withoutHash: countSchema,
  rejected: countSchema,
  /** Lines that are no records: blank, comments, format headers. */
  otherLines: countSchema,
  /** Digest-like things that are not a file's digest, by name: imphash, ssdeep, uuid, "longer hex run" ... */
  notDigests: z.record(z.string(), countSchema),
  /** True when the independent count agrees with the sum. */
  balanced: z.boolean(),
});

export const inputFileSchema = z.strictObject({
  name: z.string(),
  bytes: countSchema,
  sha256: z.string().nullable(),
  format: z.string(),
  formatLabel: z.string(),
  /** Why it was read this way: header, content, asked for. */
  why: z.string(),
  encoding: z.string(),
  digestColumns: z.array(z.string()),
  /** Other formats that could read it, best first. */
  alternatives: z.array(z.strictObject({ format: z.string(), label: z.string() })),
  /** True when likelihood alone chose the format: free text, or several formats that read about as much. */
  isGuess: z.boolean().optional(),
  records: countSchema,
  /** Where reading stopped and why, when the input is damaged; what came before is kept. */
  fault: z.string().nullable(),
  /** Records by what became of them, before duplicates are known; absent in intakes of earlier versions. */
  counts: z
    .strictObject({ hashed: countSchema, without: countSchema, rejected: countSchema, otherLines: countSchema })
    .optional(),
  /** The archive, workbook or document this input was taken out of; absent for what lay on disk itself. */
  inside: z.string().optional(),
  /** True where something inside is encrypted and no password fits: reading again with one may open it. */
  needsPassword: z.boolean().optional(),
  /** How many files that is; absent where their list is encrypted as well, and in intakes of earlier versions. */
  encrypted: countSchema.optional(),
  /** What somebody asked for instead of what would have been recognised; absent when nobody did. */
  asked: readingSchema.optional(),
});

export const intakeSummarySchema = z.strictObject({
  id: intakeIdSchema,
  title: z.string(),
  state: z.enum(['reading', 'ready', 'cancelled', 'failed', 'missing']),
  door: z.enum(['window', 'terminal', 'paste']),
  createdAt: timeSchema,
  elapsedMs: countSchema,
  bytes: countSchema,
  /** SHA-256 over the inputs' own SHA-256 in order; of the input itself when there is one. */
  sha256: z.string().nullable(),
  readBy: z.string(),
  files: countSchema,
  accounting: accountingSchema,
  counts: countsSchema,
  columns: z.array(z.string()),
  embargo: z.boolean(),
  note: z.string(),
  fault: z.string().nullable(),
  /** The last change of the data directory this intake's verdicts reflect. */
  judgedSeq: countSchema,
  judgedAt: timeSchema.nullable(),
  /** Sentences about what the verdicts lack: known sets that could not be read. */
  problems: z.array(z.string()),
});

export const gridQuerySchema = z.strictObject({
  statuses: z.array(statusSchema).max(5).default([]),
  flags: z.array(flagSchema).max(6).default([]),
  /** Rows that carry one of these tags; absent or empty for all. */
  tags: z.array(z.string().max(64)).max(32).optional(),
  /** Found in the hash, any carried column, the note or a tag, of several inputs also in an input's name, ignoring case. */
  text: z.string().max(200).default(''),
  sort: z.enum(['position', 'verdict', 'hash', 'source', 'age', 'kind', 'tags', 'input']).default('position'),
  descending: z.boolean().default(false),
  /**
   * Keeps the order and the choice of rows as they were when `orderId` of an earlier page was this number, so that
   * nothing moves under a reader's hands when verdicts change. 0 = by the verdicts as they are now.
   */
  asOf: countSchema.default(0),
});

export const gridRowSchema = z.strictObject({
  /** The entry's number inside the intake: stable, what selections and details name. */
  entry: countSchema,
  hash: z.string(),
  kind: kindSchema,
  verdict: verdictSchema,
  /** Where it was first seen. */
  file: z.string(),
  /** Name of the input it was first seen in: a file, a member of an archive, a sheet. */
  input: z.string(),
  line: countSchema,
  occurrences: countSchema,
  carried: z.array(z.string()),
  /** What people wrote on the file: tags in order, and the first 200 characters of the note. */
  tags: z.array(z.string()),
  note: z.string(),
});

export const occurrenceSchema = z.strictObject({
  file: z.string(),
  line: countSchema,
  column: countSchema.nullable(),
  carried: z.array(z.string()),
});

export const itemViewSchema = z.strictObject({
  source: sourceSchema,
  status: statusSchema,
  noAnswer: z.enum(['not-known', 'could-not-ask']).nullable(),
  score: z.number().nullable(),
  threat: z.string().nullable(),
  rawCode: z.string().nullable(),
  firstSeen: timeSchema.nullable(),
  scannedAt: timeSchema.nullable(),
  /** When it is due to be asked for again by itself; null for never. */
  nextScanAt: timeSchema.nullable(),
  /** When Assay made it: stands in where the source tells no first seen. */
  createdAt: timeSchema,
  /** Since when it says what it says. */
  since: timeSchema,
  stale: z.boolean(),
  /** The digests of the file this answer belongs to. */
  digests: digestSetSchema,
  /** Which digest of the row led here, and by what class of link. */
  matchedBy: kindSchema,
  link: z.enum(['direct', 'computed', 'source', 'team', 'asserted']),
});

export const detailSchema = z.strictObject({
  entry: countSchema,
  hash: z.string(),
  kind: kindSchema,
  digests: digestSetSchema,
  /** How the row's digests were tied together: read from bytes, said by the list, or a single one. */
  digestLink: z.enum(['single', 'computed', 'asserted']),
  /** Digests learned elsewhere for the same file. */
  aliases: z.array(
    z.strictObject({ kind: kindSchema, hash: z.string(), link: z.enum(['computed', 'source', 'team']) }),
  ),
  verdict: verdictSchema,
  /** One sentence: which rule decided and why. */
  why: z.string(),
  triaged: verdictSchema,
  triagedAt: timeSchema,
  items: z.array(itemViewSchema),
  listEntries: z.array(
    z.strictObject({
      id: idSchema,
      side: sideSchema,
      note: z.string(),
      reason: z.string(),
      addedBy: z.string(),
      addedAt: timeSchema,
      expiresAt: timeSchema.nullable(),
      digests: digestSetSchema,
    }),
  ),
  sets: z.array(
    z.strictObject({
      id: idSchema,
      name: z.string(),
      edition: z.string(),
      mark: setMarkSchema,
      datedAt: timeSchema.nullable(),
      /** The strongest digest that the set holds. */
      matchedBy: kindSchema,
      /** For a Bloom filter how often it says so of what it does not hold: then the hit is possible and decides nothing. */
      errorRate: z.number().nullable(),
      /** What the set says the file belongs to: how many products, at least or exactly, and the first of them. */
      products: z.strictObject({
        count: countSchema,
        atLeast: z.boolean(),
        first: z.array(
          z.strictObject({ name: z.string(), version: z.string(), system: z.string(), maker: z.string() }),
        ),
      }),
    }),
  ),
  /** What people wrote on the file. */
  annotations: z.array(annotationSchema),
  occurrences: z.array(occurrenceSchema),
  occurrenceCount: countSchema,
  columns: z.array(z.string()),
  /** Other intakes that hold one of the row's digests. */
  elsewhere: z.array(
    z.strictObject({
      intakeId: intakeIdSchema,
      title: z.string(),
      createdAt: timeSchema,
      line: countSchema,
      file: z.string(),
    }),
  ),
});

export const selectionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('entries'), entries: z.array(countSchema).max(10_000) }),
  z.strictObject({ kind: z.literal('query'), query: gridQuerySchema }),
]);

export const intakeCalls = {
  ...intakePreviewCalls,
  'intake.start': call(
    'Starts reading registered inputs into one new intake; returns at once, progress follows as job pushes.',
    z.strictObject({ handle: z.string().max(64), reading: readingSchema, passwords: passwordsSchema }),
    z.strictObject({ intakeId: intakeIdSchema, jobId: z.string() }),
  ),
  'intake.startText': call(
    'Starts reading pasted text into a new intake.',
    z.strictObject({ text: z.string().max(64 * 1024 * 1024), title: z.string().max(200), reading: readingSchema }),
    z.strictObject({ intakeId: intakeIdSchema, jobId: z.string() }),
  ),
  'intake.startSample': call(
    'Starts reading the sample list that comes with Assay.',
    nothing,
    z.strictObject({ intakeId: intakeIdSchema, jobId: z.string() }),
  ),
  'intake.reread': call(
    'Reads a kept intake again with another reading, from the copy of the original input when it is still at its place; a new intake results.',
    z.strictObject({ intakeId: intakeIdSchema, reading: readingSchema }),
    z.strictObject({ intakeId: intakeIdSchema, jobId: z.string() }),
  ),
  'intake.unlock': call(
    'Reads a kept intake again with a password, as a job. Null when it opens nothing: then nothing is kept and this intake stays as it is.',
    z.strictObject({ intakeId: intakeIdSchema, password: z.string().min(1).max(200) }),
    z.strictObject({ intakeId: intakeIdSchema.nullable(), closed: countSchema }),
  ),
  'intake.list': call(
    'Recent intakes, newest first.',
    z.strictObject({ ...pageRequest }),
    z.strictObject({ total: countSchema, rows: z.array(intakeSummarySchema) }),
  ),
  'intake.get': call(
    'One intake, judged again first when the cache changed since.',
    z.strictObject({ intakeId: intakeIdSchema }),
    z.strictObject({
      intake: intakeSummarySchema,
      inputs: z.array(inputFileSchema),
      /** Places of the carried columns in which no row has anything; absent while there are no rows to look at. */
      emptyColumns: z.array(countSchema).optional(),
    }),
  ),
  'intake.rows': call(
    'A page of the rows a query selects, in its order.',
    z.strictObject({ intakeId: intakeIdSchema, query: gridQuerySchema, ...pageRequest }),
    z.strictObject({
      total: countSchema,
      judgedSeq: countSchema,
      /** Names the order: pass it as `asOf` to keep it. Another one than asked for when that is no longer held. */
      orderId: countSchema,
      rows: z.array(gridRowSchema),
    }),
  ),
  'intake.detail': call(
    'Everything known about one row, and why its verdict is what it is.',
    z.strictObject({ intakeId: intakeIdSchema, entry: countSchema }),
    detailSchema,
  ),
  'intake.hashes': call(
    'The hashes of a selection as text, for the clipboard; at most 10,000, beyond that export.',
    z.strictObject({ intakeId: intakeIdSchema, selection: selectionSchema, as: z.enum(['list', 'tsv', 'defanged']) }),
    z.strictObject({ text: z.string(), rows: countSchema, truncated: z.boolean() }),
  ),
  'intake.rejected': call(
    'Records that were rejected or held no hash, with place and reason.',
    z.strictObject({ intakeId: intakeIdSchema, ...pageRequest }),
    z.strictObject({
      total: countSchema,
      rows: z.array(
        z.strictObject({
          file: z.string(),
          line: countSchema,
          column: countSchema.nullable(),
          kind: z.enum(['rejected', 'without-hash']),
          reason: z.string(),
          excerpt: z.string(),
        }),
      ),
    }),
  ),
  'intake.setNote': call(
    'Replaces the note.',
    z.strictObject({ intakeId: intakeIdSchema, note: z.string().max(20_000) }),
    nothing,
  ),
  'intake.setEmbargo': call(
    'Under embargo no hash of this intake may ever be asked about outside.',
    z.strictObject({ intakeId: intakeIdSchema, embargo: z.boolean() }),
    nothing,
  ),
  'intake.forget': call(
    'Removes the intake and everything kept of it from disk.',
    z.strictObject({ intakeId: intakeIdSchema }),
    nothing,
  ),
} as const;

export type IntakeSummary = z.infer<typeof intakeSummarySchema>;
export type InputFileView = z.infer<typeof inputFileSchema>;
export type GridQuery = z.infer<typeof gridQuerySchema>;
export type GridRow = z.infer<typeof gridRowSchema>;
export type EntryDetail = z.infer<typeof detailSchema>;
export type Selection = z.infer<typeof selectionSchema>;
export type Accounting = z.infer<typeof accountingSchema>;
