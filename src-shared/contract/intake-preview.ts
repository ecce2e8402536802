import { z } from 'zod';
import { PREVIEW_CHARACTERS } from '../domain/preview-size.ts';
import { call } from './define.ts';
import { countSchema, idSchema, kindSchema, nothing } from './common.ts';
import { readingSchema } from './reading.ts';

/** What is looked at: an input of a kept intake, a dropped or chosen file, or text in hand. */
const previewSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('intake'), intakeId: idSchema, input: countSchema }),
  z.strictObject({ kind: z.literal('handle'), handle: z.string().max(64), input: countSchema }),
  z.strictObject({ kind: z.literal('text'), text: z.string().max(PREVIEW_CHARACTERS) }),
]);

const previewRowSchema = z.strictObject({
  line: countSchema,
  /** 1-based; 0 when it means nothing. */
  column: countSchema,
  kind: z.enum(['hash', 'rejected', 'without-hash']),
  digests: z.array(z.strictObject({ kind: kindSchema, hash: z.string() })),
  /** Of a table: the cells of the row as they stand there. Empty for other formats. */
  cells: z.array(z.string()),
  /** What is carried with the record, by the names in `carriedColumns`. */
  carried: z.array(z.string()),
  /** Why it is rejected or has no hash; '' for a hash. */
  reason: z.string(),
  excerpt: z.string(),
});

/** The records of one text. */
const recordsShape = {
  /** Of a table: all its columns, in their order. */
  columns: z.array(z.strictObject({ name: z.string(), isTaken: z.boolean(), holdsDigests: z.boolean() })),
  carriedColumns: z.array(z.string()),
  /** The first rows, in the order of their lines. */
  rows: z.array(previewRowSchema),
  /** Of everything looked at, not of the rows alone. */
  counts: z.strictObject({ hashed: countSchema, without: countSchema, rejected: countSchema, otherLines: countSchema }),
};

/** A file in an archive, a sheet of a workbook, the text of a document. */
const partSchema = z.strictObject({
  name: z.string(),
  /** Unpacked bytes as the container says, which may be a lie; null when it says none. */
  size: countSchema.nullable(),
  /** `container`: opened in its turn. `refused`: it cannot be read. `unseen`: it was not looked at. */
  kind: z.enum(['list', 'sample', 'container', 'refused', 'unseen']),
  /** What a list or container is read as, or why it is not read. */
  what: z.string(),
  /** With a password that is tried by itself, or with another one. */
  isEncrypted: z.boolean(),
  ...recordsShape,
  /** The first lines of a document that is no table. */
  text: z.array(z.string()),
});

/** What lies in an archive, workbook or document. */
const insideSchema = z.strictObject({
  holds: z.enum(['archive', 'document']),
  /** The first ones, in their order. */
  parts: z.array(partSchema),
  /** How many more were found. */
  more: countSchema,
  /** True when that is all of them. */
  isCounted: z.boolean(),
  /** Why looking ended early, a sentence part; '' when it did not. */
  ended: z.string(),
});

const previewSchema = z.strictObject({
  name: z.string(),
  format: z.string(),
  formatLabel: z.string(),
  why: z.string(),
  encoding: z.string(),
  /** False when it would be hashed as a file: then there are no rows. An archive is a list of what lies in it. */
  isList: z.boolean(),
  alternatives: z.array(z.strictObject({ format: z.string(), label: z.string() })),
  /** Of an archive or a document the columns of its first table, the counts of all of it, and no rows. */
  ...recordsShape,
  /** Null for what is no archive, workbook or document, or is not opened. */
  inside: insideSchema.nullable(),
  /** Bytes of text looked at. */
  bytes: countSchema,
  /** True when that was all of it. */
  isWhole: z.boolean(),
});

/** Calls that show how an input would be read. */
export const intakePreviewCalls = {
  'intake.preview': call(
    'How the beginning of an input would be read, found out within seconds. Keeps nothing; ends the look before it. Without a preview the reason says why there is none.',
    z.strictObject({ from: previewSourceSchema, reading: readingSchema }),
    z.strictObject({ preview: previewSchema.nullable(), reason: z.string() }),
  ),
  'intake.endPreview': call('Ends the look that is under way, if there is one: nobody waits for it.', nothing, nothing),
  'intake.formats': call(
    'Every format that can be asked for, in the order a chooser shows them.',
    nothing,
    z.strictObject({
      formats: z.array(
        z.strictObject({
          id: z.string(),
          label: z.string(),
          kind: z.enum(['list', 'container']),
          what: z.string(),
          example: z.string(),
        }),
      ),
    }),
  ),
} as const;

export type IntakePreview = z.infer<typeof previewSchema>;
export type PreviewRow = z.infer<typeof previewRowSchema>;
export type PreviewPart = z.infer<typeof partSchema>;
export type PreviewSource = z.infer<typeof previewSourceSchema>;
