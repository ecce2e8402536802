import type { ReportFormat } from '#shared/domain/report.ts';
import type { ReportContent, WriteReport } from './port.ts';
import { sealed } from './seal.ts';

/**
 * Writes one form and tells its seal once the last chunk was taken. A form that tells none cannot carry a manifest: it gets
 * one beside it.
 */
export type SealedWriter = (
  content: ReportContent,
  onSeal: (digits: string) => void,
) => AsyncIterable<string | Uint8Array>;

/** The forms that are written from rows alone, loaded when first used. */
export const REPORT_WRITERS: Partial<Readonly<Record<ReportFormat, () => Promise<SealedWriter>>>> = {
  html: async () => sealing((await import('./html/write-html.ts')).writeHtml),
  // The page that is printed: its seal goes into the PDF.
  pdf: async () => (await import('./html/write-html.ts')).writeHtml,
  csv: async () => (await import('./csv/write-csv.ts')).writeCsv,
  jsonl: async () => sealing((await import('./jsonl/write-jsonl.ts')).writeJsonl),
  xlsx: async () => (await import('./xlsx/write-xlsx.ts')).writeXlsx,
  stix: async () => sealing((await import('./stix/write-stix.ts')).writeStix),
  misp: async () => sealing((await import('./misp/write-misp.ts')).writeMisp),
};

function sealing(write: WriteReport): SealedWriter {
  return (content, onSeal) => sealed(write(content), onSeal);
}
