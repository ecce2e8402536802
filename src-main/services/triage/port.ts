import type { Verdict } from '#shared/domain/basis.ts';
import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import type { DigestSet } from '#shared/domain/hash.ts';
import type { EntryDetail } from '#shared/contract/intake.ts';
import type { ReadableDb } from '../../db/handles.ts';
import type { EntryGroup, EntryLink } from '../../intakes/intake-columns.ts';
import type { VerdictColumns } from '../../intakes/verdict-columns.ts';

/** One item as it is stored, seen from a row. When it is due follows from settings, which judging does not know. */
export interface JudgedItem extends Omit<EntryDetail['items'][number], 'nextScanAt'> {
  /** Not asked for again by itself before this; null for no such time. */
  readonly notBefore: number | null;
}

/** Entries to judge: groups in entry order, each sorted by its strongest digest, no duplicates. */
export interface EntrySource {
  readonly length: number;
  readonly groups: readonly EntryGroup[];
  /** `count` entries of a group from its `from`-th on, as one block of count x stride bytes. Valid until the next call. */
  read(group: number, from: number, count: number): Uint8Array;
}

export interface JudgeContext {
  readonly db: ReadableDb;
  /** The data directory: known sets and accelerators lie below it. */
  readonly directory: string;
  readonly policy: VerdictPolicy;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** What judging works with; all synchronous, for worker threads. */
export interface Judge {
  /**
   * Fills the columns for every entry; returns the `changes.seq` the verdicts reflect. Stops early when `cancelled()`.
   * `problems` are sentences for people about known sets that could not be read, whose answers are missing.
   */
  judge(
    context: JudgeContext,
    entries: EntrySource,
    into: VerdictColumns,
    cancelled: () => boolean,
  ): { readonly seq: number; readonly problems?: readonly string[] };
  /**
   * Brings columns that reflect `sinceSeq` up to date by looking only at digests that changed, and at those of entries
   * that expired after `since` (seconds since the epoch, when the columns were judged). Returns how many verdicts moved, or null when a full `judge` is needed (a known set or the policy changed, or the feed was pruned).
   */
  rejudge(
    context: JudgeContext,
    entries: EntrySource,
    columns: VerdictColumns,
    sinceSeq: number,
    since?: number,
  ): { readonly seq: number; readonly moved: number } | null;
  /** Everything known about one entry and a sentence that says why its verdict is what it is. */
  explain(
    context: JudgeContext,
    digests: DigestSet,
    link: EntryLink,
  ): {
    readonly verdict: Verdict;
    readonly why: string;
    readonly items: readonly JudgedItem[];
    /** `files.id` of each item's file, in the order of the items. */
    readonly itemFiles: readonly number[];
    readonly listEntries: EntryDetail['listEntries'];
    readonly sets: EntryDetail['sets'];
    readonly aliases: EntryDetail['aliases'];
    /** Sentences about known sets that could not be read: what they hold is missing here. */
    readonly problems: readonly string[];
  };
}
