import type { CacheStats } from '#shared/contract/app.ts';

export interface ItemImportResult {
  readonly lines: number;
  readonly imported: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** New items that were left out: the database is at its maximum size and nothing may go. */
  readonly notMade: number;
  readonly firstProblems: readonly { readonly line: number; readonly reason: string }[];
}

/** The cache as a whole: what is in it, moving it, and whether it is sound. */
export interface CacheService {
  stats(): Promise<CacheStats>;
  /** Reads reputation items from JSONL (see README), in transactions of at most 50 ms; bad lines are counted and named. */
  importItems(
    chunks: AsyncIterable<Uint8Array>,
    onLines: (done: number) => void,
    signal: AbortSignal,
  ): Promise<ItemImportResult>;
  /** All items as JSONL lines that `importItems` reads back. */
  exportItems(): AsyncIterable<string>;
  /** Database, intakes and known sets as of one moment, into a new folder that must not exist. */
  backup(
    target: string,
    onProgress: (done: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: number; readonly files: number }>;
  /** Checks a backup and puts it in place of the data directory's content; what was there is kept beside it. */
  restore(source: string): Promise<{ readonly keptAt: string | null }>;
  /** Every page, row and packed file. */
  verify(onProgress: (step: string) => void): Promise<{ readonly ok: boolean; readonly problems: readonly string[] }>;
}
