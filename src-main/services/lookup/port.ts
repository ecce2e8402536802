import type { LookupResult } from '#shared/contract/lookup.ts';
import type { SourceId } from '#shared/domain/source.ts';

/** Single hashes: what is known, and asking about one with a person waiting. */
export interface LookupService {
  /** From this machine alone. */
  find(text: string): Promise<{
    readonly results: LookupResult[];
    readonly hashes: number;
    readonly rejected: { readonly text: string; readonly reason: string }[];
    /** Sentences about what the results lack: known sets that could not be read. */
    readonly problems: string[];
    readonly elapsedMs: number;
  }>;
  ask(
    hash: string,
    sources: readonly SourceId[],
    again: boolean,
  ): Promise<{ readonly queued: number; readonly refused: { readonly source: SourceId; readonly sentence: string }[] }>;
  /** The checked https address of the source's own page. Throws NOT_FOUND with a sentence when there is none. */
  page(hash: string, source: SourceId): Promise<string>;
}
