import { createHash, randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';
import { isAppError } from '#shared/errors/app-error.ts';
import type { ReadingPlace } from '../../formats/read-records.ts';
import type { RunOptions } from '../../intakes/keys/key-runs.ts';
import type { BuildRequest } from './build-set.ts';
import { cancelledKept } from './refusals.ts';
import { builderStateSchema, SetBuilder } from './set-builder.ts';
import type { ReadPart } from './source-file.ts';
import { WorkFolder, type WorkSource } from './work-folder.ts';

/** How an import began, where that is worth telling. */
export type Begun =
  | { readonly kind: 'resumed'; readonly at: number; readonly total: number }
  /** Another import of this file was interrupted, but the file is not what it was. */
  | { readonly kind: 'changed' };

/** Of smaller files nothing is kept: they are read again in less than a second. */
export const FEWEST_BYTES = 8 << 20;
/** Digests of one kind that a piece of a list may hold. */
const MOST_IN_PIECE = 1 << 15;

const wholeSchema = z.int().nonnegative();
const identitySchema = z.strictObject({ size: wholeSchema, modified: z.number(), inode: z.number() });
type Identity = z.infer<typeof identitySchema>;
const stateSchema = z.strictObject({
  identity: identitySchema,
  read: z.strictObject({ bytes: wholeSchema, sha256: z.string() }),
  place: z.strictObject({
    offset: wholeSchema,
    lines: wholeSchema,
    counted: z.strictObject({ lines: wholeSchema, records: wholeSchema }),
  }),
  builder: builderStateSchema,
});
type State = z.infer<typeof stateSchema>;

/**
 * What is kept of the reading of a list, so that the import of the same file goes on after a cancel or a crash. Nothing is
 * kept of small files and of those that are gone afterwards.
 */
export class ListWork {
  readonly #folder: WorkFolder | null;
  readonly #work: string;
  readonly #identity: Identity;
  readonly #options: RunOptions;
  #state: State | null = null;
  #isChanged = false;
  #hasKept = false;
  #builder: SetBuilder | null = null;

  constructor(request: BuildRequest) {
    this.#identity = identityOf(request.source);
    this.#options = request.runRecords === undefined ? {} : { runRecords: request.runRecords };
    const isKept = this.#identity.size >= (request.keptFrom ?? FEWEST_BYTES) && request.once !== true;
    const described = describedFor(request, this.#identity.size);
    this.#folder = isKept ? WorkFolder.take(dirname(request.target), nameOf(request.source), described) : null;
    this.#work = this.#folder === null ? `${request.target}.${randomUUID()}` : `${this.#folder.path}/keys`;
    this.#load();
  }

  /** Where the digests go. A new one after `forget`, else always the same. */
  get builder(): SetBuilder {
    return (this.#builder ??= this.#resumed() ?? new SetBuilder(this.#work, this.#options));
  }

  /** Where to go on; null for the beginning. Settled once the builder was asked for. */
  get from(): { readonly read: ReadPart; readonly place: ReadingPlace } | null {
    return this.#state;
  }

  get begun(): Begun | null {
    if (this.#state !== null) {
      return { kind: 'resumed', at: this.#state.read.bytes, total: this.#identity.size };
    }
    return this.#isChanged ? { kind: 'changed' } : null;
  }

  /** Whether the memory is about to be used up: time for `keep`. */
  get isDue(): boolean {
    return this.#folder !== null && this.builder.isFullWith(MOST_IN_PIECE);
  }

  /** Makes what was read durable. The next import begins here; how this one began stays. */
  keep(place: ReadingPlace, read: ReadPart): void {
    const { builder } = this;
    const lengths = builder.flush();
    const state = { identity: this.#identity, read, place, builder: builder.state(lengths) } satisfies State;
    this.#folder?.save(state, read.bytes);
    this.#hasKept = true;
  }

  /** The file is another one than it was: nothing that was kept of it counts. */
  forget(): void {
    this.#builder?.discard();
    this.#builder = null;
    this.#state = null;
    this.#hasKept = false;
    this.#isChanged = true;
  }

  /** The set is made. */
  done(): void {
    this.#builder?.discard();
    this.#folder?.remove();
  }

  /** Cleans up behind an import that came to nothing; returns the error to tell. A cancelled one leaves what it kept. */
  failed(error: unknown): unknown {
    const isLeft = this.#hasKept && isAppError(error) && error.code === 'CANCELLED';
    if (!isLeft) {
      this.done();
      return error;
    }
    this.#builder?.close();
    return this.#folder?.leave() === true ? cancelledKept() : error;
  }

  #load(): void {
    const state = stateSchema.safeParse(this.#folder?.state());
    if (!state.success) {
      return;
    }
    const { size, modified, inode } = state.data.identity;
    const now = this.#identity;
    this.#isChanged = size !== now.size || modified !== now.modified || inode !== now.inode;
    this.#state = this.#isChanged ? null : state.data;
    this.#hasKept = !this.#isChanged;
  }

  #resumed(): SetBuilder | null {
    if (this.#state === null) {
      return null;
    }
    try {
      return SetBuilder.resume(this.#work, this.#state.builder, this.#options);
    } catch {
      // What was kept is not whole: it is read again.
      this.#state = null;
      this.#hasKept = false;
      return null;
    }
  }
}

/** What a folder of work says of the import that works in it, which reads so many bytes. */
export function describedFor(request: BuildRequest, bytes: number): Omit<WorkSource, 'read'> {
  const { source, baseDatabase, name, edition, datedAt, mark, form } = request;
  const base = baseDatabase === undefined ? null : resolve(baseDatabase);
  const asked = { path: resolve(source), base, name, edition, datedAt, mark, form: form === 'auto' ? null : form };
  return { name: basename(source), bytes, asked };
}

/** One that cannot be looked at cannot be read either, which reading tells in a sentence. */
function identityOf(source: string): Identity {
  try {
    const { size, mtimeMs, ino } = statSync(source);
    return { size, modified: mtimeMs, inode: ino };
  } catch {
    return { size: 0, modified: 0, inode: 0 };
  }
}

function nameOf(source: string): string {
  return createHash('sha256')
    .update(`list 1 ${resolve(source)}`)
    .digest('hex');
}
