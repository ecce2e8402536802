import { DIGEST_BIT, DIGEST_BYTES, DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import type { DigestSlots, RecordSink } from '../../formats/record-sink.ts';
import { DigestColumn } from '../../intakes/digest-column.ts';
import type { PackedWriter } from '../../intakes/packed-writer.ts';
import { distinctBlocks, sortDigests } from '../../intakes/sort-digests.ts';

/** Version of the sections of a known-set file: `md5`, `sha1`, `sha256`, each sorted distinct digests. */
export const KNOWN_SET_VERSION = 1;

const FIRST_PROBLEMS = 20;

export interface SetProblem {
  readonly line: number;
  readonly reason: string;
  readonly excerpt: string;
}

/** Gathers the digests of a set by kind: 16 to 32 bytes each, and 16 more per digest of a kind while it is sorted. */
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
  readonly #columns: Readonly<Record<DigestKind, DigestColumn>> = {
    md5: new DigestColumn(DIGEST_BYTES.md5),
    sha1: new DigestColumn(DIGEST_BYTES.sha1),
    sha256: new DigestColumn(DIGEST_BYTES.sha256),
  };

  hash(_line: number, _column: number, slots: DigestSlots): void {
    this.hashed += 1;
    for (const kind of DIGEST_KINDS) {
      if ((slots.mask & DIGEST_BIT[kind]) !== 0) {
        this.digests += 1;
        this.#columns[kind].append(slots[kind]);
      }
    }
  }

  /** Takes digests of one kind, one after the other without gaps. */
  take(kind: DigestKind, packed: Uint8Array): void {
    const width = DIGEST_BYTES[kind];
    const count = Math.floor(packed.length / width);
    for (let digest = 0; digest < count; digest += 1) {
      this.#columns[kind].append(packed.subarray(digest * width, (digest + 1) * width));
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

  /** Sorts one kind, writes its section and gives its memory back. Returns the number of distinct digests. */
  writeSection(kind: DigestKind, writer: PackedWriter): number {
    const column = this.#columns[kind];
    writer.begin(kind, 'bytes');
    const sorted = sortDigests(column);
    for (const block of distinctBlocks(column, sorted)) {
      writer.write(block);
    }
    writer.end();
    column.clear();
    return sorted.distinct;
  }

  #note(problem: SetProblem): void {
    if (this.firstProblems.length < FIRST_PROBLEMS) {
      this.firstProblems.push(problem);
    }
  }
}
