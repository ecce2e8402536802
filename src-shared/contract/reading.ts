import { z } from 'zod';

/** What an input is taken for: a list of hashes, a file to hash, or whichever it looks like. */
export const readAsSchema = z.enum(['auto', 'list', 'sample']);

/** How an input is read when the reader overrules what was recognised. */
export const readingSchema = z.strictObject({
  as: readAsSchema.default('auto'),
  /** A format id of src-main/formats, e.g. `csv`, `text`, `gnu`; absent = recognised by content. */
  format: z.string().max(40).optional(),
  /** Header names or 1-based numbers of the columns that hold digests; absent = chosen by header and content. */
  digestColumns: z.array(z.string().max(200)).max(16).optional(),
});

export type Reading = z.infer<typeof readingSchema>;
