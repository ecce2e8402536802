import { z } from 'zod';
import { SET_FORMS } from '../domain/known-sets/set-forms.ts';
import { call } from './define.ts';
import { countSchema, idSchema, kindSchema, nothing, setMarkSchema, timeSchema } from './common.ts';

export const knownSetSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  edition: z.string(),
  mark: setMarkSchema,
  datedAt: timeSchema.nullable(),
  importedAt: timeSchema,
  digests: z.strictObject({ md5: countSchema, sha1: countSchema, sha256: countSchema }),
  bytes: countSchema,
  state: z.enum(['importing', 'ready', 'missing']),
  /** Products that are named for what it holds; 0 for none. */
  products: countSchema,
  /** Of a Bloom filter, which only says what is possible: the digests it is about and how often that is wrong. Else null. */
  possible: z.strictObject({ digest: kindSchema, keys: countSchema, errorRate: z.number() }).nullable(),
  /** The sync job that makes it from the files it pulls, named by the edition; null for an imported set. */
  syncJob: idSchema.nullable(),
});

/** What an import was asked for, to be asked for again. */
export const workAskedSchema = z.strictObject({
  /** Where the file was. */
  path: z.string(),
  /** Where the database was that a delta is for. */
  base: z.string().nullable(),
  name: z.string(),
  edition: z.string(),
  datedAt: timeSchema.nullable(),
  mark: setMarkSchema,
  /** Null where it was to be found out. */
  form: z.enum(SET_FORMS).nullable(),
});

/** What an import that did not end has kept, so that importing the same file again goes on there. */
export const leftWorkSchema = z.strictObject({
  id: z.string().max(64),
  /** The name of the file that was imported; null where that is not known. */
  file: z.string().nullable(),
  /** Null where that is not known. */
  asked: workAskedSchema.nullable(),
  /** How far the import came, in bytes of what it reads; null where that is not known. */
  read: z.strictObject({ bytes: countSchema, of: countSchema }).nullable(),
  /** Bytes on disk. */
  size: countSchema,
  /** When something was last kept. */
  keptAt: timeSchema,
  /** From then on it is removed. */
  keptUntil: timeSchema,
  /** `running`: a process works on it; `lost`: no import finds it any more, it can only be discarded. */
  state: z.enum(['running', 'kept', 'lost']),
});

export const knownSetsCalls = {
  'knownSets.list': call('All sets, by name.', nothing, z.strictObject({ rows: z.array(knownSetSchema) })),
  'knownSets.import': call(
    'Imports a list in any format, or an NSRL RDSv3 database, as a set, as a job; or applies an RDSv3 delta to the set of that name. Without an edition or a date it gets those the file names. An existing set of that name is replaced by the new edition, all or nothing.',
    z.strictObject({
      handle: z.string().max(64),
      name: z.string().min(1).max(120),
      edition: z.string().max(120),
      datedAt: timeSchema.nullable(),
      mark: setMarkSchema,
      /** What the file is; found out from its content where this is left out. */
      form: z.enum(SET_FORMS).optional(),
      /** What the keys of a Bloom filter are digests of; SHA-1 where this is left out. */
      digest: kindSchema.optional(),
      /** The database of the edition that a delta is for, which may then also change and remove rows. */
      baseHandle: z.string().max(64).optional(),
      replace: z.boolean().default(false),
    }),
    z.strictObject({ jobId: z.string() }),
  ),
  'knownSets.remove': call(
    'Removes a set; verdicts that rested on it are judged again.',
    z.strictObject({ id: idSchema }),
    nothing,
  ),
  'knownSets.leftWork': call(
    'What imports that did not end have kept, the latest first. Importing the same file again continues one.',
    nothing,
    z.strictObject({ rows: z.array(leftWorkSchema) }),
  ),
  'knownSets.continueWork': call(
    'Holds the file of an import that did not end, and the database it was for, for importing it again; null for what is not there any more.',
    z.strictObject({ id: z.string().max(64) }),
    z.strictObject({ handle: z.string().nullable(), baseHandle: z.string().nullable() }),
  ),
  'knownSets.discardWork': call(
    'Removes what an import that did not end has kept; CONFLICT while it is running.',
    z.strictObject({ id: z.string().max(64) }),
    nothing,
  ),
} as const;

export type KnownSet = z.infer<typeof knownSetSchema>;
export type WorkAsked = Readonly<z.infer<typeof workAskedSchema>>;
export type LeftWork = Readonly<z.infer<typeof leftWorkSchema>>;
