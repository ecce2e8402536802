import type { SetForm } from '#shared/domain/known-sets/set-forms.ts';
import type { KnownSet, LeftWork } from '#shared/contract/known-sets.ts';
import type { SetMark } from '#shared/domain/evidence.ts';
import type { BuildHooks } from './build-set.ts';
import type { WorkFiles } from './left-work.ts';
import type { DigestKind } from '#shared/domain/hash.ts';

export interface KnownSetImport {
  readonly name: string;
  readonly edition: string;
  readonly datedAt: number | null;
  readonly mark: SetMark;
  /** What the file is; found out from its content where this is left out. */
  readonly form?: SetForm | undefined;
  /** What the keys of a Bloom filter are digests of; SHA-1 where this is left out. */
  readonly digest?: DigestKind | undefined;
  /** The database of the edition that a delta is for; without it rows of FILE can only be added. */
  readonly baseDatabase?: string | undefined;
  /** Take the place of the set of that name; without it an existing name is a CONFLICT. */
  readonly replace: boolean;
  /** The file is gone afterwards: an interrupted import keeps nothing of it. */
  readonly once?: boolean;
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

/** A set that Assay makes itself, from the files a sync job pulled. */
export interface MadeSet {
  readonly name: string;
  readonly edition: string;
  readonly mark: SetMark;
  /** Seconds since the epoch; kept from before where the digests are the same. */
  readonly datedAt: number;
  /** SHA-256 of what the digests were taken from, in hex: equal ones are equal sets. */
  readonly content: string;
  /** By kind, one after the other without gaps; doubles are fine. */
  readonly digests: Readonly<Record<DigestKind, Uint8Array>>;
}

/** Offline sets of digests, kept as packed files beside the database. */
export interface KnownSetsService {
  list(): Promise<KnownSet[]>;
  /** Streams the file into a packed set; the old edition stays in force until the new one is whole. */
  import(
    path: string,
    set: KnownSetImport,
    onProgress: BuildHooks['onProgress'],
    signal: AbortSignal,
  ): Promise<KnownSetResult>;
  /** CONFLICT for a set that a sync job made and would make again. */
  remove(id: number): Promise<void>;
  /** What imports that did not end have kept, the latest first; those that are running among them. */
  leftWork(): Promise<LeftWork[]>;
  /** Where the file of one of them is, and the database it was for, as far as they are there. Errors as below. */
  filesOfWork(id: string): Promise<WorkFiles>;
  /** Removes what one of them kept. NOT_FOUND where it is gone, CONFLICT while a process works on it. */
  discardWork(id: string): Promise<void>;
  /**
   * Makes the sets of a sync job exactly these, all at once; what is as it was stays untouched. Answers whether anything
   * changed. Sets of other jobs, and imported ones, may have the same names.
   */
  putMade(jobId: number, sets: readonly MadeSet[], signal: AbortSignal): Promise<boolean>;
}
