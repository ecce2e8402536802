import { z } from 'zod';
import { asNote, asTag, MOST_TAGS, NOTE_LENGTH, TAG_LENGTH } from '../domain/annotation.ts';
import { countSchema, idSchema } from './common.ts';
import { call } from './define.ts';
import { selectionSchema } from './intake.ts';

/** Files that can be written on in one step. */
export const MOST_ANNOTATED = 10_000;

/** As typed; kept as `asNote` makes it. */
export const noteSchema = z
  .string()
  .max(NOTE_LENGTH * 2)
  .transform(asNote)
  .pipe(z.string().max(NOTE_LENGTH));

/** As typed; kept as `asTag` makes it. */
export const tagSchema = z
  .string()
  .max(TAG_LENGTH * 4)
  .transform((text, context) => {
    const tag = asTag(text);
    if (tag === null) {
      context.addIssue({
        code: 'custom',
        message: `A tag has 1 to ${TAG_LENGTH} characters and no line break or control character.`,
      });
      return z.NEVER;
    }
    return tag;
  });

const tagsSchema = z.array(tagSchema).max(MOST_TAGS).default([]);

/** What is written on: rows of an intake, or hashes, each a file of its own. */
export const annotatedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rows'), intakeId: idSchema, selection: selectionSchema }),
  z.strictObject({
    kind: z.literal('hashes'),
    hashes: z
      .array(
        z
          .string()
          .max(64)
          .regex(/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i),
      )
      .min(1)
      .max(MOST_ANNOTATED),
  }),
]);

/** A tag and how many files carry it. */
export const tagCountSchema = z.strictObject({ tag: z.string(), count: countSchema });

/** Calls about notes and tags. */
export const annotationsCalls = {
  'annotation.of': call(
    'What is written on files, taken together for an editor; writes nothing.',
    z.strictObject({ target: annotatedSchema }),
    z.strictObject({
      files: countSchema,
      /** The note when all have the same; null when they differ. */
      note: z.string().nullable(),
      /** Files with a note. */
      noted: countSchema,
      tags: z.array(tagCountSchema),
    }),
  ),
  'annotation.set': call(
    'Writes a note or tags on files in one step that can be taken back. Fields left out stay as they are.',
    z.strictObject({
      target: annotatedSchema,
      note: noteSchema.optional(),
      /** The note the writer saw: another one there now is replaced and counted. */
      noteBefore: z.string().max(NOTE_LENGTH).optional(),
      add: tagsSchema,
      remove: tagsSchema,
    }),
    z.strictObject({
      /** Names the step for undo; null when nothing was written. */
      changeId: idSchema.nullable(),
      changed: countSchema,
      unchanged: countSchema,
      /** Files left as they were, because they have all the tags a file may have. */
      full: countSchema,
      /** Of the changed ones, those whose note somebody else had written meanwhile. */
      replaced: countSchema,
      /** Cancelled half way: what was written stays and can be taken back. */
      cancelled: z.boolean(),
    }),
  ),
  'annotation.undo': call(
    'Takes one step back; files somebody wrote on since stay as they are.',
    z.strictObject({ changeId: idSchema }),
    z.strictObject({ restored: countSchema, kept: countSchema }),
  ),
  'annotation.tags': call(
    'Tags in use, the most used first: of all files, or of the rows of an intake.',
    z.strictObject({ intakeId: idSchema.nullable().default(null) }),
    z.strictObject({
      tags: z.array(tagCountSchema),
      /** Files, or rows, with a note. */
      noted: countSchema,
    }),
  ),
} as const;

export type Annotated = z.infer<typeof annotatedSchema>;
