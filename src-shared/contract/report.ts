import { z } from 'zod';
import { REPORT_FORMATS } from '../domain/report.ts';
import { countSchema, idSchema, timeSchema } from './common.ts';
import { call } from './define.ts';
import { intakeIdSchema, selectionSchema } from './intake.ts';

/** A form a report can take. */
export const reportFormatSchema = z.enum(REPORT_FORMATS);

/** A line a person wrote, without the blanks around it. */
const lineSchema = z.string().trim().max(200).default('');

/** What a person says about a report. Empty texts are left out of it. */
export const reportStatementSchema = z.strictObject({
  title: lineSchema,
  examiner: lineSchema,
  caseName: lineSchema,
  note: z.string().max(20_000).default(''),
});

const wanted = {
  intakeId: intakeIdSchema,
  selection: selectionSchema,
  format: reportFormatSchema,
  statement: reportStatementSchema,
};

/** What a manifest says, as far as it could be read. */
export const manifestViewSchema = z.strictObject({
  format: reportFormatSchema,
  /** Name and version of the program that made it. */
  madeBy: z.string(),
  madeAt: timeSchema,
  title: z.string(),
  examiner: z.string(),
  caseName: z.string(),
  rows: countSchema,
  inputs: z.array(z.strictObject({ name: z.string(), bytes: countSchema, sha256: z.string().nullable() })),
  simulated: z.boolean(),
});

/** What comparing a file with its seal came to. */
export const verificationSchema = z.strictObject({
  /** `unsealed`: no report of Assay, or its manifest is gone. */
  outcome: z.enum(['matches', 'changed', 'unsealed']),
  /** One sentence: what was compared and what it means. */
  sentence: z.string(),
  /** The hash the report carries, and the one over what is there now. */
  carried: z.string().nullable(),
  computed: z.string().nullable(),
  manifest: manifestViewSchema.nullable(),
  /** When this data directory made a report with that very hash; null when it did not. */
  madeHereAt: timeSchema.nullable(),
});

/** Calls about reports: what can be made, making them, and whether one is as it was made. */
export const reportCalls = {
  'report.formats': call(
    'The forms a report can take here; one that cannot be made says why.',
    z.strictObject({}),
    z.strictObject({
      formats: z.array(z.strictObject({ format: reportFormatSchema, unavailable: z.string().nullable() })),
    }),
  ),
  'report.preview': call(
    'What the report will state and how its first rows will look; nothing is written.',
    z.strictObject(wanted),
    z.strictObject({
      rows: countSchema,
      /** The beginning of the file, or a page that shows it; never more than 256 KiB. */
      kind: z.enum(['html', 'text']),
      content: z.string(),
      /** Sentences on what the form cannot hold or what takes long. */
      notes: z.array(z.string()),
      suggestedName: z.string(),
    }),
  ),
  'report.start': call(
    'Writes a report to a file, streamed, as a job. Null path: the person chose none.',
    z.strictObject(wanted),
    z.strictObject({ jobId: z.string().nullable(), path: z.string().nullable() }),
  ),
  'report.verify': call(
    'Whether a registered file is a report that is still as it was made. Shows as a job that can be cancelled.',
    z.strictObject({ handle: z.string().max(64) }),
    verificationSchema,
  ),
  'report.list': call(
    'Reports made of an intake, newest first, at most 100.',
    z.strictObject({ intakeId: intakeIdSchema }),
    z.strictObject({
      reports: z.array(
        z.strictObject({
          id: idSchema,
          format: reportFormatSchema,
          title: z.string(),
          path: z.string(),
          madeAt: timeSchema,
          rows: countSchema,
          bytes: countSchema,
        }),
      ),
    }),
  ),
} as const;

export type ReportStatement = z.infer<typeof reportStatementSchema>;
export type ManifestView = z.infer<typeof manifestViewSchema>;
export type Verification = z.infer<typeof verificationSchema>;
