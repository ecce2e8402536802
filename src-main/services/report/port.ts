import type { Selection } from '#shared/contract/intake.ts';
import type { ReportStatement, Verification } from '#shared/contract/report.ts';
import type { ReportFormat } from '#shared/domain/report.ts';
import type { Placing } from '../../destinations/place-new.ts';
import type { WrittenReportRow } from '../../db/repositories/reports/index.ts';

/** What a report is wanted of, and in which form. */
export interface ReportRequest {
  readonly intakeId: number;
  readonly selection: Selection;
  readonly format: ReportFormat;
  readonly statement: ReportStatement;
  /** Whether it may take the place of what stands there by then. Without it: yes, somebody was asked. */
  readonly placing?: Placing;
}

/** How far the writing of a report is. */
export interface ReportProgress {
  /** `printing`: every row is in the page, which is made a PDF in one piece; only that it goes on is known. */
  readonly phase: 'writing' | 'printing';
  /** Rows. */
  readonly done: number;
  /** Null while it is printed. */
  readonly total: number | null;
}

/** A report that lies on disk. */
export interface WrittenReport {
  readonly path: string;
  /** The manifest beside it, for a form that cannot carry one. */
  readonly manifestPath: string | null;
  readonly rows: number;
  readonly bytes: number;
  /** The digits of its seal. */
  readonly seal: string;
}

/** How a report would look; nothing of it is written. */
export interface ReportPreview {
  readonly rows: number;
  readonly kind: 'html' | 'text';
  readonly content: string;
  readonly notes: readonly string[];
  readonly suggestedName: string;
}

/** Reports of intakes: made, shown before they are made, listed, and verified. */
export interface ReportService {
  /** Every form; one that cannot be made here says why. */
  formats(): readonly { readonly format: ReportFormat; readonly unavailable: string | null }[];
  /** How the report will begin; nothing is written. */
  preview(request: ReportRequest, signal: AbortSignal): Promise<ReportPreview>;
  /** A name for the file, safe on every system. */
  nameFor(request: Pick<ReportRequest, 'intakeId' | 'format'>): Promise<string>;
  /** Writes a report, whole or not at all, and notes its seal. Cancel leaves nothing. */
  write(
    request: ReportRequest,
    path: string,
    onProgress: (progress: ReportProgress) => void,
    signal: AbortSignal,
  ): Promise<WrittenReport>;
  /**
   * Whether a file is a report that is still as it was made. `onRead` is told how many bytes of how many were read.
   * UNREADABLE when it cannot be read, CANCELLED when it was given up.
   */
  verify(path: string, onRead: (done: number, total: number) => void, signal: AbortSignal): Promise<Verification>;
  /** Reports made of an intake, newest first, at most 100. */
  list(intakeId: number): Promise<readonly WrittenReportRow[]>;
}
