import { z } from 'zod';

/**
 * Answers of the API v3. Unknown fields are let be; what decides which indicators are taken has to be as documented, or
 * the row is unreadable: a missing owner must not pass for an owner that is not wanted.
 * https://docs.threatconnect.com/en/latest/rest_api/v3/indicators/indicators.html
 */
const told = z.string().nullish().catch(null);

/** Numbers come as numbers; decimals have been seen as text. */
const numeric = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,12}(\.\d{1,6})?$/)
    .transform(Number),
]);

/** Null while nobody set it. */
const amount = numeric
  .pipe(z.number().min(0))
  .nullish()
  .transform((value) => value ?? null);

export const idSchema = numeric.pipe(z.int().positive());

/** Absent or `{}` when there are none. */
const tagsSchema = z
  .union([
    z.array(z.object({ name: told })),
    z.object({ data: z.array(z.object({ name: told })).nullish() }).transform(({ data }) => data ?? []),
  ])
  .nullish()
  .transform((tags) => (tags ?? []).flatMap(({ name }) => (typeof name === 'string' && name !== '' ? [name] : [])));

/** What is read of a row before anything else, and all that is of one whose other fields cannot be. */
export const headSchema = z.object({
  id: z.unknown().optional(),
  type: told,
  ownerName: told,
  summary: told,
  ip: z.unknown().optional(),
  hostName: z.unknown().optional(),
  md5: z.unknown().optional(),
  sha1: z.unknown().optional(),
  sha256: z.unknown().optional(),
});
export type Head = z.infer<typeof headSchema>;

/** A row of type Address, File or Host. `rating`, `confidence` and scores are absent while nobody set them. */
export const rowSchema = z.object({
  id: idSchema,
  ownerName: z.string().min(1),
  summary: z.string(),
  dateAdded: told,
  lastModified: told,
  webLink: told,
  active: z.union([z.boolean(), z.stringbool()]).nullish(),
  rating: amount,
  confidence: amount,
  threatAssessScore: amount,
  falsePositives: amount,
  tags: tagsSchema,
  ip: told,
  hostName: told,
  md5: told,
  sha1: told,
  sha256: told,
});
export type Row = z.infer<typeof rowSchema>;

/** A list; rows are read one by one. `next` is there only while there is more, `count` only when it was asked for. */
export const listSchema = z.object({
  data: z.array(z.unknown()),
  next: told,
  count: z.int().min(0).nullish().catch(null),
});
export type ListAnswer = z.infer<typeof listSchema>;

export const ownerSchema = z.object({ name: z.string().min(1), type: told, permIndicator: told });

/** Deleted ones come without their id, as documented; where one is told it is taken. */
export const deletedSchema = z.object({
  id: idSchema.nullish().catch(null),
  type: told,
  summary: told,
  ownerName: told,
});

/** An error of v3 (`errCode`, status Error) or of what stands before it (status Failure); also with HTTP status 200. */
export const errorSchema = z.object({ status: told, message: told, errCode: told });
