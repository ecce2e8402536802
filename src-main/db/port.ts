import type { SalvageReport } from './salvage/salvage-report.ts';
import type { ReadRegistry, WriteRegistry } from './repositories/index.ts';

type Args<F> = F extends (db: never, args: infer A) => unknown ? A : never;
type Result<F> = F extends (db: never, args: never) => infer R
  ? R extends Generator<unknown, infer T>
    ? T
    : R
  : never;

export type ReadName = keyof ReadRegistry;
export type WriteName = keyof WriteRegistry;

/** Two lanes into the one writer: a person waiting goes first, bulk work is chunked to 50 ms and steps aside. */
export type Lane = 'person' | 'bulk';

/**
 * The database as services see it: named repository functions, run in a worker thread (window shells) or in place
 * (terminal). Arguments and results are structured-cloneable. Errors arrive as AppError with their code.
 */
export interface Database {
  /** The data directory. */
  readonly directory: string;
  /** Path of the database file, for read-only handles that worker threads open themselves. */
  readonly file: string;
  read<N extends ReadName>(name: N, args: Args<ReadRegistry[N]>): Promise<Result<ReadRegistry[N]>>;
  /**
   * Runs one repository function inside BEGIN IMMEDIATE; a sliced one in several transactions, and then `signal` ends it
   * between two of them with CANCELLED, keeping what was committed.
   */
  write<N extends WriteName>(
    name: N,
    args: Args<WriteRegistry[N]>,
    lane?: Lane,
    signal?: AbortSignal,
  ): Promise<Result<WriteRegistry[N]>>;
  /**
   * Tells which kinds of data changed, whoever wrote them: own writes at once, other processes' within 500 ms
   * (data_version poll). Returns the unsubscribe.
   */
  onChange(listener: (change: { readonly seq: number; readonly kinds: readonly number[] }) => void): () => void;
  /** What was saved from a damaged database when this one was opened; null or absent when nothing was wrong. */
  readonly salvaged?: SalvageReport | null;
  close(): Promise<void>;
}
