import type { ReportFormat } from '#shared/domain/report.ts';
import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';

/** A report that was made. Times are seconds since the epoch. */
export interface WrittenReportRow {
  readonly id: number;
  readonly intakeId: number;
  readonly format: ReportFormat;
  readonly title: string;
  /** Where it was written to; it may have been moved since. */
  readonly path: string;
  readonly madeAt: number;
  /** Name and version of the program. */
  readonly madeBy: string;
  readonly rows: number;
  readonly bytes: number;
}

const COLUMNS = `id, intake_id AS intakeId, format, title, path, made_at AS madeAt, made_by AS madeBy, rows, bytes`;
const OF_INTAKE = `SELECT ${COLUMNS} FROM written_reports WHERE intake_id = +? ORDER BY id DESC LIMIT ?`;
const BY_SEAL = 'SELECT made_at FROM written_reports WHERE seal = +? ORDER BY id DESC LIMIT 1';

export const reportsReads = {
  /** Reports made of an intake, newest first. */
  writtenReports: (
    db: ReadableDb,
    args: { readonly intakeId: number; readonly limit: number },
  ): readonly WrittenReportRow[] => prepared<WrittenReportRow>(db, OF_INTAKE).all(args.intakeId, args.limit),

  /** When a report with this seal was made here last; null when none was. */
  reportSealedAt: (db: ReadableDb, args: { readonly seal: Uint8Array }): number | null =>
    prepared<number>(db, BY_SEAL).pluck(true).get(args.seal) ?? null,
} as const;

export const reportsWrites = {
  /** Notes a report that was made; returns its number. Forgetting its intake leaves it. */
  noteReport: (db: WritableDb, args: Omit<WrittenReportRow, 'id'> & { readonly seal: Uint8Array }): number =>
    Number(
      prepared(
        db,
        `INSERT INTO written_reports (intake_id, format, title, path, made_at, made_by, rows, bytes, seal)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        args.intakeId,
        args.format,
        args.title,
        args.path,
        args.madeAt,
        args.madeBy,
        args.rows,
        args.bytes,
        args.seal,
      ).lastInsertRowid,
    ),
} as const;
