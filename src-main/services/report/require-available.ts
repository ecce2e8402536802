import { REPORT_FORMAT, tooManyRows, type ReportFormat } from '#shared/domain/report.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ReportService } from './port.ts';

/** Refuses a form that cannot be made here, with the reason, before anything is asked or written. @throws AppError UNSUPPORTED */
export function requireAvailable(reports: Pick<ReportService, 'formats'>, format: ReportFormat): void {
  const unavailable = reports.formats().find((one) => one.format === format)?.unavailable ?? null;
  if (unavailable !== null) {
    throw new AppError('UNSUPPORTED', `${REPORT_FORMAT[format].label}: ${unavailable}`);
  }
}

/** Refuses a form for more rows than it holds. @throws AppError INVALID_ARGUMENT */
export function requireFits(format: ReportFormat, rows: number): void {
  const reason = tooManyRows(format, rows);
  if (reason !== null) {
    throw new AppError('INVALID_ARGUMENT', reason);
  }
}
