import type { Counts, VerdictView } from '#shared/contract/common.ts';
import type { Accounting, InputFileView } from '#shared/contract/intake.ts';
import type { ReportStatement } from '#shared/contract/report.ts';
import type { SetMark } from '#shared/domain/evidence.ts';
import type { DigestKind } from '#shared/domain/hash.ts';
import type { ReportFormat } from '#shared/domain/report.ts';
import type { SourceId } from '#shared/domain/source.ts';
import type { Status } from '#shared/domain/status.ts';
import type { ExportRow, Trouble } from '../../services/intake/port.ts';

/** What one source says of a row's file. */
export interface ReportAnswer {
  readonly source: SourceId;
  readonly status: Status;
  readonly noAnswer: 'not-known' | 'could-not-ask' | null;
  readonly score: number | null;
  readonly threat: string | null;
  readonly rawCode: string | null;
  /** When it said so; null when it never answered. Seconds since the epoch. */
  readonly scannedAt: number | null;
  readonly stale: boolean;
  /** The digest of the row that led to the file the answer is about. */
  readonly matchedBy: DigestKind;
  /** What ties that file to the row; `asserted`: only the dropped list says that it is the same file. */
  readonly link: 'direct' | 'computed' | 'source' | 'team' | 'asserted';
}

/** A known set that holds a row, by its place in `ReportHead.sets`. */
export interface ReportSetHit {
  readonly set: number;
  readonly matchedBy: DigestKind;
  /** The row's digest that leads to the set, where only the dropped list says that this digest is of the row's file. */
  readonly asserted?: DigestKind;
}

/** One row with everything a reader needs who has neither Assay nor the original list. */
export interface ReportRow extends ExportRow {
  /** The verdict when the list was triaged; `verdict` is the one at the time of the report. */
  readonly triaged: VerdictView;
  readonly digestLink: 'single' | 'computed' | 'asserted';
  readonly answers: readonly ReportAnswer[];
  readonly sets: readonly ReportSetHit[];
  /** Entries of the team's hash list. */
  readonly listEntries: readonly { readonly side: 'malicious' | 'non-malicious'; readonly reason: string }[];
  readonly note: string;
  readonly tags: readonly string[];
}

/** A known set that was asked, as the report names it. */
export interface ReportSet {
  readonly name: string;
  readonly edition: string;
  readonly mark: SetMark;
  readonly datedAt: number | null;
  /** Share of false hits of a Bloom filter; null for exact sets. */
  readonly errorRate: number | null;
}

/** What a report states before its rows. Times are seconds since the epoch. */
export interface ReportHead {
  readonly format: ReportFormat;
  readonly statement: ReportStatement;
  readonly madeAt: number;
  /** Name and version of the program. */
  readonly madeBy: string;
  /** The answers are made up: the data directory works with simulated sources. */
  readonly simulated: boolean;
  readonly intake: {
    readonly id: number;
    readonly title: string;
    readonly createdAt: number;
    readonly readBy: string;
    readonly sha256: string | null;
    readonly state: string;
    readonly fault: string | null;
    readonly note: string;
    readonly embargo: boolean;
    readonly triagedAt: number;
    readonly judgedAt: number;
  };
  readonly inputs: readonly InputFileView[];
  readonly accounting: Accounting;
  /** Of the whole intake. */
  readonly counts: Counts;
  /** Which rows of the intake are in it, in words, and how many. */
  readonly selection: string;
  readonly rows: number;
  /** Verdicts of the rows that are in it. */
  readonly rowCounts: Counts;
  /** Names of the carried columns. */
  readonly columns: readonly string[];
  readonly sets: readonly ReportSet[];
  /** Records that are no rows. */
  readonly troubles: number;
  /** What the verdicts lack, in sentences. */
  readonly problems: readonly string[];
}

/** What a writer is given. Both streams are read once, the rows first, to the end or not at all. */
export interface ReportContent {
  readonly head: ReportHead;
  readonly rows: AsyncIterable<readonly ReportRow[]>;
  readonly troubles: AsyncIterable<readonly Trouble[]>;
}

/**
 * Writes one form, streamed: memory does not grow with the rows. Every text that came from outside is escaped for the
 * form. The chunks contain `SEAL_BLANK` (see seal.ts) exactly once as Assay's own text, in the last chunk: the seal takes
 * its place.
 */
export type WriteReport = (content: ReportContent) => AsyncIterable<string | Uint8Array>;
