import { z } from 'zod';
import type { RdsNames } from '../../../db/foreign/nsrl-rdsv3.ts';
import type { PackedReader } from '../../../intakes/packed-reader.ts';
import type { PackedWriter } from '../../../intakes/packed-writer.ts';

/** Section that holds the publisher's own numbers, which a later delta speaks of. */
const NUMBERS = 'products.numbers';

const numbersSchema = z.strictObject({
  packages: z.array(z.number()),
  systems: z.array(z.tuple([z.string(), z.string()])),
  makers: z.array(z.tuple([z.string(), z.string()])),
});

/** The publisher's numbers of products (in their order), operating systems and makers. */
export interface RdsNumbers {
  readonly packages: readonly number[];
  readonly systems: ReadonlyMap<string, string>;
  readonly makers: ReadonlyMap<string, string>;
}

/** The numbers of a database. */
export function numbersOf({ products, systems, makers }: RdsNames): RdsNumbers {
  return { packages: products.map(({ id }) => id), systems, makers };
}

/** Writes the publisher's numbers beside the names of products. */
export function writeNumbers(writer: PackedWriter, { packages, systems, makers }: RdsNumbers): void {
  const numbers = { packages, systems: [...systems], makers: [...makers] };
  writer.section(NUMBERS, 'bytes', Buffer.from(JSON.stringify(numbers), 'utf8'));
}

/** The publisher's numbers of a set, or null for one that has none. Damage throws. */
export function readNumbers(reader: PackedReader): RdsNumbers | null {
  if (!reader.has(NUMBERS)) {
    return null;
  }
  const text = Buffer.from(reader.section(NUMBERS, 'bytes')).toString('utf8');
  const { packages, systems, makers } = numbersSchema.parse(JSON.parse(text));
  return { packages, systems: new Map(systems), makers: new Map(makers) };
}
