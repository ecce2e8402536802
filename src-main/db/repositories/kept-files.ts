import type { ReadableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';

/** The packed files that rows of this moment name. */
export interface KeptFiles {
  /** Intakes that have been read; each has a folder of its number. */
  readonly intakes: readonly number[];
  /** Intakes that may have a folder all the same: failed ones keep what says why, running ones are at work. */
  readonly otherIntakes: readonly number[];
  /** Paths of known sets, relative to the data directory. */
  readonly knownSets: readonly string[];
}

export function keptFiles(db: ReadableDb): KeptFiles {
  return {
    intakes: prepared<{ id: number }>(db, "SELECT id FROM intakes WHERE state IN ('ready', 'cancelled') ORDER BY id")
      .all()
      .map((row) => row.id),
    otherIntakes: prepared<{ id: number }>(db, "SELECT id FROM intakes WHERE state IN ('reading', 'failed')")
      .all()
      .map((row) => row.id),
    knownSets: prepared<{ path: string }>(db, "SELECT path FROM known_sets WHERE state = 'ready' ORDER BY id")
      .all()
      .map((row) => row.path),
  };
}

export const keptFilesReads = { keptFiles } as const;
