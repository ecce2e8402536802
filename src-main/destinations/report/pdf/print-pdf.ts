import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { Printer } from '../../../platform/printer.ts';
import { isRunning } from '../../../platform/process-mark.ts';
import { endOf } from '../file-ends.ts';

/** Rows up to which a PDF has tags for screen readers: for more they take longer than the printing itself. */
export const PDF_TAGGED_ROWS = 5_000;

const FOLDER = 'print-';
/** ISO 32000-2, 7.5.5: the last lines of a document are `startxref`, where its table stands, and `%%EOF`. */
const ENDING = /startxref\s+(\d+)\s+%%EOF\s*$/;
const TAIL_BYTES = 1024;

/**
 * A private folder below the data directory for what is printed, removed whatever happens. What an ended process left
 * there goes as well.
 */
export async function withPrintFolder<T>(directory: string, work: (folder: string) => Promise<T>): Promise<T> {
  await removeLeft(directory);
  const folder = await mkdtemp(join(directory, `${FOLDER}${process.pid}-`));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Prints an HTML report of `rows`, and passes the PDF on with its manifest (one line, with the place of the seal) as a comment after
 * the end of the document; then the lines that end it once more, so that readers find them where they look. The PDF lies
 * in `folder` meanwhile, which the caller removes.
 */
export async function* printPdf(
  htmlPath: string,
  rows: number,
  manifest: string,
  printer: Printer,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const pdfPath = join(folder, 'report.pdf');
  await printer.print(htmlPath, pdfPath, { tagged: rows <= PDF_TAGGED_ROWS }, signal);
  const table = await tableOffset(pdfPath);
  for await (const chunk of createReadStream(pdfPath) as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    yield chunk;
  }
  yield Buffer.from(`\n% ${manifest}\nstartxref\n${table}\n%%EOF\n`, 'latin1');
}

async function tableOffset(path: string): Promise<string> {
  const offset = ENDING.exec((await endOf(path, TAIL_BYTES)).toString('latin1'))?.[1];
  if (offset === undefined) {
    throw new AppError('UNSUPPORTED', 'The browser printed no whole PDF. HTML can be written instead.');
  }
  return offset;
}

async function removeLeft(directory: string): Promise<void> {
  const left = (await readdir(directory)).filter((name) => name.startsWith(FOLDER) && !isRunning(markOf(name)));
  await Promise.all(left.map((name) => rm(join(directory, name), { recursive: true, force: true })));
}

/** A folder's name holds the number of its process and no more: a colon has no place in names on Windows. */
function markOf(name: string): string {
  return `${Number.parseInt(name.slice(FOLDER.length), 10)}:`;
}
