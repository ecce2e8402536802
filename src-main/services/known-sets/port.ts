import type { KnownSet } from '#shared/contract/known-sets.ts';
import type { SetMark } from '#shared/domain/evidence.ts';

export interface KnownSetImport {
  readonly name: string;
  readonly edition: string;
  readonly datedAt: number | null;
  readonly mark: SetMark;
  /** Take the place of the set of that name; without it an existing name is a CONFLICT. */
  readonly replace: boolean;
}

export interface KnownSetResult {
  readonly set: KnownSet;
  /** records + furtherDigests = the set's digests + duplicates + withoutHash + rejected. */
  readonly records: number;
  /** Digests beyond the first of records that hold several. */
  readonly furtherDigests: number;
  readonly duplicates: number;
  readonly withoutHash: number;
  readonly rejected: number;
  readonly firstProblems: readonly { readonly line: number; readonly reason: string; readonly excerpt: string }[];
}

/** Offline sets of digests, kept as packed files beside the database. */
export interface KnownSetsService {
  list(): Promise<KnownSet[]>;
  /** Streams the file into a packed set; the old edition stays in force until the new one is whole. */
  import(
    path: string,
    set: KnownSetImport,
    onProgress: (bytesDone: number, bytesTotal: number, digests: number) => void,
    signal: AbortSignal,
  ): Promise<KnownSetResult>;
  remove(id: number): Promise<void>;
}
