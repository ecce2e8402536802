import { z } from 'zod';
import type { KnownSet } from '#shared/contract/known-sets.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { bloomMetaSchema } from '../../intakes/bloom/bloom-filter.ts';
import { PackedReader } from '../../intakes/packed-reader.ts';

/** What only a set's own file tells. */
export type SetFacts = Pick<KnownSet, 'products' | 'possible'>;

const NOTHING: SetFacts = { products: 0, possible: null };
const metaSchema = z.looseObject({
  rds: z.looseObject({ products: z.number() }).optional(),
  bloom: bloomMetaSchema.optional(),
});

/** Reads the header of a set's file; nothing where it cannot be read, which every look-up says by itself. */
export function setFacts(path: string): SetFacts {
  try {
    const reader = new PackedReader(path, 'known-set');
    reader.close();
    const { rds, bloom } = metaSchema.parse(reader.header.meta);
    const possible =
      bloom === undefined ? null : { digest: bloom.digest, keys: bloom.keys, errorRate: bloom.errorRate };
    return { products: rds?.products ?? 0, possible };
  } catch (error) {
    if (isAppError(error) || error instanceof z.ZodError) {
      return NOTHING;
    }
    throw error;
  }
}
