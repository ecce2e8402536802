import { z } from 'zod';
import { digestSetSchema, idSchema, timeSchema } from './common.ts';

/** What stands on digests of one file. */
export const annotationSchema = z.strictObject({
  id: idSchema,
  note: z.string(),
  tags: z.array(z.string()),
  changedAt: timeSchema,
  changedBy: z.string(),
  /** The digests it was written on, and those learned since. */
  digests: digestSetSchema,
  /** True where only the dropped list ties these digests to what is shown: it is shown, and not changed from here. */
  asserted: z.boolean(),
});

export type AnnotationView = z.infer<typeof annotationSchema>;
