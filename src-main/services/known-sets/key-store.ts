import { DIGEST_BYTES, DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import { distinctKeys, type JoinRefs, type KeyBlock } from '../../intakes/keys/distinct-keys.ts';
import { KeyRuns, type RunOptions } from '../../intakes/keys/key-runs.ts';
import { SideFile } from '../../intakes/keys/side-file.ts';
import { writeKeys } from '../../intakes/keys/write-keys.ts';
import type { PackedWriter } from '../../intakes/packed-writer.ts';

export type CountByKind = Readonly<Record<DigestKind, number>>;

/** Looks whether work goes on, and tells how far sorting is. */
export type OnSorted = (done: number, total: number) => void;

/**
 * The digests of a set by kind on their way to being sorted, each with what it refers to or with nothing. What is more than
 * fits into memory waits in files named after `work`.
 */
export class KeyStore {
  readonly hasRefs: boolean;
  readonly #work: string;
  readonly #runs: Readonly<Record<DigestKind, KeyRuns>>;

  private constructor(
    work: string,
    hasRefs: boolean,
    open: (path: string, stride: number, kind: DigestKind) => KeyRuns,
  ) {
    this.hasRefs = hasRefs;
    this.#work = work;
    const runsOf = (kind: DigestKind): KeyRuns =>
      open(`${work}.${kind}.tmp`, DIGEST_BYTES[kind] + (hasRefs ? 4 : 0), kind);
    this.#runs = { md5: runsOf('md5'), sha1: runsOf('sha1'), sha256: runsOf('sha256') };
  }

  static create(work: string, hasRefs: boolean, options: RunOptions = {}): KeyStore {
    return new KeyStore(
      work,
      hasRefs,
      (path, stride, kind) => new KeyRuns(path, { key: DIGEST_BYTES[kind], stride }, options),
    );
  }

  /** Goes on where `flush` answered these lengths. Throws UNREADABLE when that is not possible. */
  static resume(work: string, hasRefs: boolean, lengths: CountByKind, options: RunOptions = {}): KeyStore {
    return new KeyStore(work, hasRefs, (path, stride, kind) =>
      lengths[kind] === 0
        ? new KeyRuns(path, { key: DIGEST_BYTES[kind], stride }, options)
        : KeyRuns.resume(path, { key: DIGEST_BYTES[kind], stride }, lengths[kind], options),
    );
  }

  /** Digests taken. */
  get count(): number {
    return DIGEST_KINDS.reduce((sum, kind) => sum + this.#runs[kind].count, 0);
  }

  /** Whether the memory is used up: call `flush`. */
  get isFull(): boolean {
    return this.#runs.md5.isFull || this.#runs.sha1.isFull || this.#runs.sha256.isFull;
  }

  /** Whether so many digests more of one kind would use up the memory. */
  isFullWith(more: number): boolean {
    return DIGEST_KINDS.some((kind) => this.#runs[kind].isFullWith(more));
  }

  append(kind: DigestKind, digest: Uint8Array, at: number, ref: number): void {
    this.#runs[kind].append(digest, at, ref);
  }

  /** The same for a digest that lies at a multiple of 4 bytes, from word `at` on. */
  appendWords(kind: DigestKind, digest: Uint32Array, at: number, ref: number): void {
    this.#runs[kind].appendWords(digest, at, ref);
  }

  /** Makes durable what was taken; the lengths name it. */
  flush(): CountByKind {
    for (const kind of DIGEST_KINDS) {
      this.#runs[kind].flush();
    }
    return { md5: this.#runs.md5.length, sha1: this.#runs.sha1.length, sha256: this.#runs.sha256.length };
  }

  /**
   * Sorts one kind and writes its sections; `among` may change the blocks on their way. Gives back the memory that held the
   * digests; files stay until `discard`, so that a store can be resumed. Returns the number of distinct ones.
   */
  writeSection(
    kind: DigestKind,
    writer: PackedWriter,
    join: JoinRefs,
    onSorted: OnSorted,
    among: (blocks: Iterable<KeyBlock>) => Iterable<KeyBlock> = (blocks) => blocks,
  ): number {
    const runs = this.#runs[kind];
    const refs = this.hasRefs ? new SideFile(`${this.#work}.${kind}.refs.tmp`) : null;
    try {
      const total = runs.count;
      const blocks = distinctKeys(runs, join, (done) => onSorted(done, total));
      const distinct = writeKeys(writer, kind, DIGEST_BYTES[kind], among(blocks), refs);
      runs.close();
      return distinct;
    } finally {
      refs?.discard();
    }
  }

  /** Gives up memory and leaves what waits in files, to be resumed. */
  close(): void {
    for (const kind of DIGEST_KINDS) {
      this.#runs[kind].close();
    }
  }

  /** Removes what waits in files. */
  discard(): void {
    for (const kind of DIGEST_KINDS) {
      this.#runs[kind].discard();
    }
  }
}
