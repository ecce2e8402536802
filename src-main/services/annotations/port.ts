import type { Annotated } from '#shared/contract/annotations.ts';
import type { TagCount } from '#shared/domain/annotation.ts';
import type { DigestSet } from '#shared/domain/hash.ts';
import type { AnnotationRow } from '../../db/repositories/annotations/rows.ts';
import type { FileAnnotation } from '../../db/repositories/annotations/reads.ts';

/** What to write on files. Absent: as it is. */
export interface AnnotationChange {
  readonly note?: string | undefined;
  /** The note as the writer saw it. */
  readonly noteBefore?: string | undefined;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  /** Takes every tag away first. */
  readonly clearTags?: boolean;
}

/** What a step came to, in files. */
export interface AnnotationResult {
  /** Names the step for undo; null when nothing was written. */
  readonly changeId: number | null;
  readonly changed: number;
  readonly unchanged: number;
  readonly full: number;
  readonly replaced: number;
  readonly cancelled: boolean;
}

/** What is written on several files, taken together. */
export interface AnnotationSummary {
  readonly files: number;
  /** The note when all have the same; null when they differ. */
  readonly note: string | null;
  readonly noted: number;
  readonly tags: TagCount[];
}

/** What is written, of all files or of the rows of an intake. */
export interface WrittenCounts {
  readonly tags: TagCount[];
  /** Files, or rows, with a note. */
  readonly noted: number;
}

/** Notes and tags that people write on files. */
export interface AnnotationService {
  /** The digests that certainly are each of the target's files. INVALID_ARGUMENT above 10,000 files. */
  files(target: Annotated): Promise<readonly DigestSet[]>;
  /** What is written on files, in their order. */
  of(files: readonly DigestSet[]): Promise<readonly FileAnnotation[]>;
  summary(files: readonly DigestSet[]): Promise<AnnotationSummary>;
  /**
   * Writes on files in one step. Ended by `signal`, what was written stays, and undo takes it back. `onFiles` is told of
   * files done.
   */
  write(
    files: readonly DigestSet[],
    change: AnnotationChange,
    onFiles: (done: number) => void,
    signal: AbortSignal,
  ): Promise<AnnotationResult>;
  /** Takes a step back. NOT_FOUND when it is not kept any more or was taken back. */
  undo(changeId: number): Promise<{ readonly restored: number; readonly kept: number }>;
  /** Tags in use, the most used first. */
  tags(intakeId: number | null): Promise<WrittenCounts>;
  /** Everything that is written, a batch at a time; with a tag only what carries it. */
  all(tag: string | null): AsyncIterable<readonly AnnotationRow[]>;
}
