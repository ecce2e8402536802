import type {
  Accounting,
  EntryDetail,
  GridQuery,
  GridRow,
  InputFileView,
  IntakeSummary,
  Reading,
  Selection,
} from '#shared/contract/intake.ts';
import type { DigestKind, DigestSet, HexDigest } from '#shared/domain/hash.ts';
import type { Counts } from '#shared/contract/common.ts';
import type { WrittenCounts } from '../annotations/port.ts';
import type { PlanTotals } from '../triage/plan/summary.ts';
import type { JudgedItem } from '../triage/port.ts';
import type { Standing } from '../triage/standing.ts';
import type { ListOverlay } from '../triage/overlay.ts';
import type { KeptPlaces } from './host/elsewhere.ts';
import type { IntakeEffect } from './host/list-effect.ts';
import type { ReportTask } from '../report/rows/report-content.ts';
import type { ReportOutcome } from '../report/rows/write-report.ts';
import type { PackedDigests } from './host/packed-digests.ts';
import type { PauseSwitch } from './reading/pause-switch.ts';
import type { Previewed, PreviewTask } from './reading/preview/preview-source.ts';
import type { HeldEntries } from './host/received.ts';
import type { PlanSlice, PlanTask } from './host/scan-plans.ts';

/** One thing to read: a path on disk (file or folder), text in hand, or a stream such as standard input. */
export type IntakeInput =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'text'; readonly name: string; readonly text: string }
  | { readonly kind: 'stream'; readonly name: string; readonly chunks: AsyncIterable<Uint8Array> };

export interface StartIntake {
  readonly title?: string;
  readonly door: IntakeSummary['door'];
  readonly inputs: readonly IntakeInput[];
  readonly reading: Reading;
  /** Tried on encrypted archives after the usual one; used for this reading and kept nowhere. */
  readonly passwords?: readonly string[];
  /** Under embargo from its first moment. */
  readonly embargo?: boolean;
  /** Reading waits while it is switched on; sorting and judging do not. */
  readonly pause?: PauseSwitch;
}

export interface IntakeProgress {
  readonly phase: 'reading' | 'sorting' | 'judging' | 'writing';
  readonly bytesDone: number;
  /** Null when the size is not known (standard input). */
  readonly bytesTotal: number | null;
  readonly records: number;
  /** Verdict counts of what was judged so far; the first arrive within 300 ms of the start. */
  readonly counts: Counts | null;
  readonly judged: number;
}

export interface RunningIntake {
  readonly intakeId: number;
  /** Settles when the intake is ready, cancelled or failed; never rejects for a bad input, only for defects. */
  readonly finished: Promise<IntakeSummary>;
}

/** A row as exports write it: everything a reader needs without the window. */
export interface ExportRow extends Omit<GridRow, 'tags' | 'note' | 'input'> {
  readonly digests: { readonly md5?: string; readonly sha1?: string; readonly sha256?: string };
  readonly where: readonly { readonly file: string; readonly line: number }[];
  /** What people wrote on the file, in whole; absent where they wrote nothing. */
  readonly written?: { readonly note: string; readonly tags: readonly string[] };
}

export interface Trouble {
  readonly file: string;
  readonly line: number;
  readonly column: number | null;
  readonly kind: 'rejected' | 'without-hash';
  readonly reason: string;
  readonly excerpt: string;
}

/** A single hash, asked for by itself. */
export interface SingleHash {
  readonly kind: DigestKind;
  readonly hash: HexDigest;
}

/** What this machine knows about one hash: the same judging as a row of a list that holds only this hash. */
export interface HashKnowledge
  extends Pick<EntryDetail, 'verdict' | 'why' | 'listEntries' | 'sets' | 'aliases' | 'annotations'>, SingleHash {
  readonly items: readonly JudgedItem[];
  /** `files.id` of each item's file, in the order of the items. */
  readonly itemFiles: readonly number[];
  /** Sentences about known sets that could not be read: what they hold is missing here. */
  readonly problems: readonly string[];
  /** Kept intakes that hold the hash or another certain digest of its file, newest first, with the first place in each. */
  readonly seenIn: EntryDetail['elsewhere'];
}

/** Everything known about one row, but when its items are due: that follows from settings. */
export interface KnownDetail extends Omit<EntryDetail, 'items'> {
  readonly items: readonly JudgedItem[];
}

/** What a scan of one intake would ask, decided at one moment. End it, or its file stays open. */
export interface ScanPlan {
  readonly totals: PlanTotals;
  /** What to queue, in the order of the selection, some thousand hashes at a time. */
  slices(limit: number): AsyncIterable<PlanSlice>;
  end(): Promise<void>;
}

/** Reading lists into intakes, and everything shown of them. */
export interface IntakeService {
  /** Reads the inputs into one new intake. Cancel keeps what was read so far as an intake in state `cancelled`. */
  start(
    request: StartIntake,
    onProgress: (progress: IntakeProgress) => void,
    signal: AbortSignal,
  ): Promise<RunningIntake>;
  list(page: { offset: number; limit: number }): Promise<{ total: number; rows: IntakeSummary[] }>;
  /** Judges again first when the data directory changed since. */
  get(intakeId: number): Promise<{ intake: IntakeSummary; inputs: InputFileView[]; emptyColumns?: number[] }>;
  rows(
    intakeId: number,
    query: GridQuery,
    page: { offset: number; limit: number },
  ): Promise<{ total: number; judgedSeq: number; orderId: number; rows: GridRow[] }>;
  detail(intakeId: number, entry: number): Promise<KnownDetail>;
  hashes(
    intakeId: number,
    selection: Selection,
    as: 'list' | 'tsv' | 'defanged',
  ): Promise<{ text: string; rows: number; truncated: boolean }>;
  /**
   * The digest sets of entries, for the hash list: what is certainly one file. Of digests that only the dropped list ties
   * together, the strongest alone.
   */
  digestsOf(intakeId: number, entries: readonly number[]): Promise<{ md5?: string; sha1?: string; sha256?: string }[]>;
  /** The digest sets of selected rows, as `digestsOf` gives them. INVALID_ARGUMENT for more than `most` rows. */
  certainSets(intakeId: number, selection: Selection, most: number): Promise<DigestSet[]>;
  /** Tags on rows of an intake, the most used first, and how many rows have a note. */
  writtenCounts(intakeId: number): Promise<WrittenCounts>;
  troubles(intakeId: number, page: { offset: number; limit: number }): Promise<{ total: number; rows: Trouble[] }>;
  setNote(intakeId: number, note: string): Promise<void>;
  /**
   * Once it resolves no door asks about a hash of the intake any more, in no process, whichever list it comes from. Of an
   * intake that is still being read this holds from the moment it is ready.
   */
  setEmbargo(intakeId: number, embargo: boolean): Promise<void>;
  forget(intakeId: number): Promise<void>;
  /** Paths the intake was read from, to read it again; empty for pasted text and standard input. */
  origin(intakeId: number): Promise<readonly string[]>;
  /**
   * Writes a report of the selected rows as they are now to `path`, whole or not at all, and a manifest beside it where the
   * form cannot carry one. What is shown meanwhile does not wait for it.
   */
  report(
    task: ReportTask,
    path: string,
    onRows: (done: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<ReportOutcome>;
  /** What a report begins with, or a page that shows it; nothing is written. */
  reportPreview(
    task: ReportTask,
    signal: AbortSignal,
  ): Promise<{ readonly head: ReportOutcome['head']; readonly kind: 'html' | 'text'; readonly content: string }>;
  /** How a file or text would be read, found out within seconds and off this thread where there are others; keeps nothing. */
  preview(task: PreviewTask, signal: AbortSignal): Promise<Previewed>;
  /** The selected rows in batches, for the terminal. */
  batches(intakeId: number, selection: Selection, signal: AbortSignal): AsyncIterable<readonly ExportRow[]>;
  /** Judges kept, open intakes against changes; returns those whose verdicts moved. Called when the change feed says so. */
  rejudgeOpen(): Promise<readonly number[]>;
  /** What is known about single hashes, in their order; at most some hundred. */
  explain(hashes: readonly SingleHash[]): Promise<HashKnowledge[]>;
  /**
   * How files stand on this machine, in their order: their verdict, and who says that they are harmless. At most some
   * thousand at a time. `problems` name known sets that could not be read.
   */
  standing(
    files: readonly (readonly SingleHash[])[],
  ): Promise<{ readonly standings: readonly Standing[]; readonly problems: readonly string[] }>;
  /** Decides for every selected hash and source whether it would be asked. Sends and queues nothing. */
  planScan(intakeId: number, selection: Selection, task: Omit<PlanTask, 'isEmbargoed'>): Promise<ScanPlan>;
  /** Told of every intake this process has read, judged and can show. */
  onReady(listener: (intakeId: number) => void): () => void;
  /** All digests of an intake, packed by kind, some thousand entries at a time. NOT_FOUND when its files are missing. */
  packedDigests(intakeId: number): AsyncIterable<readonly PackedDigests[]>;
  /** Which entries of a stretch of an intake another one holds, by their strongest digest; plain files, nothing is judged. */
  heldEntries(intakeId: number, other: number, from: number, limit: number): Promise<HeldEntries>;
  /** For each digest the entry of an intake that holds it; null where none does. */
  entriesOf(intakeId: number, digests: readonly Uint8Array[]): Promise<(number | null)[]>;
  /** For each digest set, how many kept intakes hold one of its digests. */
  seenIn(sets: readonly DigestSet[]): Promise<number[]>;
  /** For each digest set, the kept intakes that hold one of its digests: the `most` newest by name, and how many there are. */
  placesOf(sets: readonly DigestSet[], most: number): Promise<readonly KeptPlaces[]>;
  /**
   * What a planned change of the hash list would do to the verdicts of all kept intakes, those with most rows first. Judges
   * every touched row as it is and as it would be; writes nothing. INVALID_ARGUMENT when it touches too many digests.
   */
  listEffect(overlay: ListOverlay, signal: AbortSignal): Promise<readonly IntakeEffect[]>;
  dispose(): Promise<void>;
}

export type { Accounting };
