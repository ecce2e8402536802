import { z } from 'zod';
import { DIGEST_BIT, DIGEST_BYTES, DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import type { DigestSlots, RecordSink } from '../../formats/record-sink.ts';
import type { PackedWriter } from '../../intakes/packed-writer.ts';
import type { RunOptions } from '../../intakes/keys/key-runs.ts';
import { type CountByKind, KeyStore, type OnSorted } from './key-store.ts';

/** Version of the sections of a known-set file: `md5`, `sha1`, `sha256`, each sorted distinct digests, and their indexes. */
export const KNOWN_SET_VERSION = 1;

const FIRST_PROBLEMS = 20;

export interface SetProblem {
  readonly line: number;
  readonly reason: string;
  readonly excerpt: string;
}

/** A problem as it is kept between two parts of an import. */
export const problemSchema = z.strictObject({ line: z.int(), reason: z.string(), excerpt: z.string() });
const countSchema = z.int().nonnegative();
/** What a builder goes on from. */
export const builderStateSchema = z.strictObject({
  lengths: z.strictObject({ md5: countSchema, sha1: countSchema, sha256: countSchema }),
  digests: countSchema,
  hashed: countSchema,
  withoutHash: countSchema,
  rejected: countSchema,
  firstProblems: z.array(problemSchema),
});
export type BuilderState = z.infer<typeof builderStateSchema>;

/** Gathers the digests of a set by kind; what is more than fits into memory waits in files named after `work`. */
export class SetBuilder implements RecordSink {
  readonly firstProblems: SetProblem[] = [];
  /** Digests seen, each occurrence counted. */
  digests = 0;
  /** Records with at least one digest. */
  hashed = 0;
  withoutHash = 0;
  rejected = 0;
  /** Where and why reading stopped. */
  damage: string | null = null;
  readonly #store: KeyStore;

  constructor(work: string, options: RunOptions = {}, store = KeyStore.create(work, false, options)) {
    this.#store = store;
  }

  /** Goes on where `state` was taken. Throws UNREADABLE when what waits in files is not whole. */
  static resume(work: string, state: BuilderState, options: RunOptions = {}): SetBuilder {
    const builder = new SetBuilder(work, options, KeyStore.resume(work, false, state.lengths, options));
    const { digests, hashed, withoutHash, rejected, firstProblems } = state;
    Object.assign(builder, { digests, hashed, withoutHash, rejected });
    builder.firstProblems.push(...firstProblems);
    return builder;
  }

  /** Whether so many digests more of one kind would use up the memory. */
  isFullWith(more: number): boolean {
    return this.#store.isFullWith(more);
  }

  /** Makes durable what was taken. */
  flush(): CountByKind {
    return this.#store.flush();
  }

  /** What `resume` needs, right behind the `flush` that answered these lengths. */
  state(lengths: CountByKind): BuilderState {
    const { digests, hashed, withoutHash, rejected, firstProblems } = this;
    return { lengths, digests, hashed, withoutHash, rejected, firstProblems: [...firstProblems] };
  }

  hash(_line: number, _column: number, slots: DigestSlots): void {
    this.hashed += 1;
    this.#takeAll(slots);
  }

  another(_line: number, _column: number, slots: DigestSlots): void {
    this.#takeAll(slots);
  }

  /** Takes digests of one kind, one after the other without gaps. */
  take(kind: DigestKind, packed: Uint8Array): void {
    const width = DIGEST_BYTES[kind];
    const count = Math.floor(packed.length / width);
    for (let digest = 0; digest < count; digest += 1) {
      this.#append(kind, packed, digest * width);
    }
    this.digests += count;
  }

  without(line: number, reason: string, excerpt: string): void {
    this.withoutHash += 1;
    this.#note({ line, reason, excerpt });
  }

  reject(line: number, _column: number, reason: string, excerpt: string): void {
    this.rejected += 1;
    this.#note({ line, reason, excerpt });
  }

  notDigest(): void {
    // A set is of digests only; what else its file holds is of no use here.
  }

  otherLines(): void {
    // Blank lines and comments are no records.
  }

  fault(message: string): void {
    this.damage = message;
  }

  /** Sorts one kind and writes its sections. Returns the number of distinct digests. */
  writeSection(kind: DigestKind, writer: PackedWriter, onSorted: OnSorted): number {
    return this.#store.writeSection(kind, writer, () => 0, onSorted);
  }

  /** Gives up memory and leaves what waits in files, to be resumed. */
  close(): void {
    this.#store.close();
  }

  /** Removes what waits in files. */
  discard(): void {
    this.#store.discard();
  }

  #takeAll(slots: DigestSlots): void {
    for (const kind of DIGEST_KINDS) {
      if ((slots.mask & DIGEST_BIT[kind]) !== 0) {
        this.digests += 1;
        this.#append(kind, slots[kind], 0);
      }
    }
  }

  #append(kind: DigestKind, digest: Uint8Array, at: number): void {
    this.#store.append(kind, digest, at, 0);
    if (this.#store.isFull) {
      this.#store.flush();
    }
  }

  #note(problem: SetProblem): void {
    if (this.firstProblems.length < FIRST_PROBLEMS) {
      this.firstProblems.push(problem);
    }
  }
}
