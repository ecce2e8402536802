import type { Counts } from '#shared/contract/common.ts';
import type { Reading, Selection } from '#shared/contract/intake.ts';
import type { ReportTask } from '../../report/rows/report-content.ts';
import type { IntakeHost } from '../host/intake-host.ts';
import type { Judgement } from '../host/open-intake.ts';
import type { ExportRow, IntakeInput } from '../port.ts';
import type { PauseSwitch } from '../reading/pause-switch.ts';
import type { ReadIntake } from '../reading/pipeline.ts';
import type { Previewed, PreviewTask } from '../reading/preview/preview-source.ts';

export interface ReadTask {
  readonly intakeId: number;
  readonly inputs: readonly IntakeInput[];
  readonly reading: Reading;
  readonly passwords: readonly string[];
  readonly pause?: PauseSwitch;
}

export interface ReadProgress {
  readonly phase: 'reading' | 'sorting';
  readonly bytesDone: number;
  readonly bytesTotal: number | null;
  readonly records: number;
  /** Of the first look, when there was one. */
  readonly counts: Counts | null;
  readonly judged: number;
}

/** What reading came to, small enough to cross a thread. */
export type ReadReport = Omit<ReadIntake, 'built'> & {
  readonly columns: readonly string[];
  /** Entries whose digests Assay computed itself. */
  readonly computed: number;
};

/** Reading of one intake, then its first judging on the same thread. */
export interface RunningRead {
  /** The intake's files are in place when this resolves. */
  readonly read: Promise<ReadReport>;
  judge(): Promise<Judgement>;
  /** Gives the thread back. */
  end(): void;
}

/** Host methods another thread can be asked for: plain data in and out, nothing that runs for long. */
export type HostCall =
  | 'inputs'
  | 'rows'
  | 'detail'
  | 'hashes'
  | 'digestsOf'
  | 'certainSets'
  | 'writtenCounts'
  | 'computedSets'
  | 'troubles'
  | 'countHolding'
  | 'heldEntries'
  | 'entriesOf'
  | 'explain'
  | 'standing'
  | 'placesOf'
  | 'listEffect'
  | 'judgement'
  | 'passOver'
  | 'rejudgeOpen'
  | 'planScan'
  | 'planSlice'
  | 'endPlan'
  | 'packedDigests'
  | 'lastDigests'
  | 'exportRows'
  | 'release';

/** A thread that works on one intake alone, so that what is shown does not wait behind it. */
export interface BorrowedThread {
  call: IntakeRunner['call'];
  /** Gives the thread back; what it held of the intake is let go. */
  end(): Promise<void>;
}

/** Where the work is done: on the calling thread or behind worker threads. */
export interface IntakeRunner {
  read(task: ReadTask, onProgress: (progress: ReadProgress) => void, signal: AbortSignal): RunningRead;
  call<N extends HostCall>(name: N, ...args: Parameters<IntakeHost[N]>): Promise<ReturnType<IntakeHost[N]>>;
  /** Writes a report on a thread of its own where there are threads. */
  report(
    task: ReportTask,
    path: string,
    onRows: (done: number, total: number) => void,
    signal: AbortSignal,
  ): ReturnType<IntakeHost['report']>;
  reportPreview(task: ReportTask, signal: AbortSignal): ReturnType<IntakeHost['reportPreview']>;
  /** How an input would be read. Ended by `signal`, it says that nobody waits. */
  preview(task: PreviewTask, signal: AbortSignal): Promise<Previewed>;
  batches(intakeId: number, selection: Selection, signal: AbortSignal): AsyncIterable<readonly ExportRow[]>;
  /** For long work on an intake: plans of a million rows. */
  borrow(intakeId: number): BorrowedThread;
  dispose(): Promise<void>;
}
