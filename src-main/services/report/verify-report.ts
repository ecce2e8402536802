import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ManifestView, Verification } from '#shared/contract/report.ts';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { olderSentence } from '../../destinations/older-files.ts';
import { beginOf, endOf } from '../../destinations/report/file-ends.ts';
import { readManifest } from '../../destinations/report/manifest.ts';
import { readSeal, type SealFound } from '../../destinations/report/seal.ts';
import { readXlsxSeal } from '../../destinations/report/xlsx/read-seal.ts';
import { readSidecar, SIDECAR_BEGIN, SIDECAR_ENDING } from '../../destinations/report/sidecar.ts';
import { hashOf, isThere, Reading, type OnRead } from './reading.ts';

/** What comparing came to; when a report with that seal was made here is looked up by the caller. */
export interface Compared extends Omit<Verification, 'madeHereAt'> {
  /** The digits of the report's own seal where it is whole; null where there is nothing to look up. */
  readonly sealDigits: string | null;
}

/** Of the end of a file that is searched for its manifest, first and at most: it names every input, of which there may be 100,000. */
const FIRST_BYTES = 1024 * 1024;
const MOST_BYTES = 256 * 1024 * 1024;
const BEGIN_BYTES = 64;

const UNSEALED: Compared = {
  outcome: 'unsealed',
  sentence:
    'This file carries no seal that Assay can read: it is no report, another program saved it again, or the manifest of a table is not beside it.',
  carried: null,
  computed: null,
  manifest: null,
  sealDigits: null,
};
/** How every zip file begins that holds something: workbooks are such files. */
const ZIP_BEGIN = 'PK\u0003\u0004';
/** A hash that anybody can work out again shows a change, and nobody's signature. */
const MEANING = 'A seal shows change, not authorship.';

/**
 * Compares a file with the seal it carries, or with the manifest beside it; which form it is shows its content, not its
 * name. Read as a stream; nothing of it is run or loaded. Says as well what a write that was cut off left beside it.
 *
 * @throws AppError UNREADABLE, CANCELLED
 */
export async function compareReport(path: string, onRead: OnRead, signal: AbortSignal): Promise<Compared> {
  const older = await olderSentence(path.endsWith(SIDECAR_ENDING) ? path.slice(0, -SIDECAR_ENDING.length) : path);
  const also = older === null ? '' : ` ${older}`;
  try {
    const compared = await compare(path, new Reading(onRead), signal);
    return { ...compared, sentence: `${compared.sentence}${also}` };
  } catch (error) {
    if (isAppError(error)) {
      throw error;
    }
    if (signal.aborted) {
      throw new AppError('CANCELLED', 'Cancelled before the file was compared.', { cause: error });
    }
    throw new AppError('UNREADABLE', `${path} could not be read (${reasonOf(error)}).${also}`, { cause: error });
  }
}

async function compare(path: string, reading: Reading, signal: AbortSignal): Promise<Compared> {
  // Opening a pipe would wait for whoever writes into it, and a device has no end.
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) {
    throw new AppError('UNREADABLE', `${path} could not be read (it is no file). Name a report.`);
  }
  reading.expect(found.isFile() ? found.size : 0);
  const begin = (await beginOf(path, BEGIN_BYTES)).toString('latin1');
  if (begin.startsWith(SIDECAR_BEGIN)) {
    return sidecarOf(path, null, reading, signal);
  }
  if (begin.startsWith(ZIP_BEGIN)) {
    const workbook = await readXlsxSeal(path, reading.onBytes, signal);
    return workbook === null ? UNSEALED : outcomeOf(workbook, workbook.manifest);
  }
  const seal = await readSeal(path, reading.onBytes, signal);
  return seal === null ? besideOf(path, reading, signal) : outcomeOf(seal, await fromEnd(path, readManifest));
}

function outcomeOf({ carried, computed }: SealFound, manifest: ManifestView | null): Compared {
  const isSame = carried === computed;
  if (isSame && manifest === null) {
    return { ...UNSEALED, sentence: 'This file carries a seal and no manifest: it is no report of Assay.' };
  }
  const sentence = isSame
    ? `The report is as it was made: its contents give the hash it carries. ${MEANING}`
    : 'The report was changed after it was made: its contents do not give the hash it carries.';
  return {
    outcome: isSame ? 'matches' : 'changed',
    sentence,
    carried,
    computed,
    manifest,
    // Also of a changed report: it says which one was changed.
    sealDigits: carried,
  };
}

/** A file without a seal may have its manifest beside it. */
async function besideOf(path: string, reading: Reading, signal: AbortSignal): Promise<Compared> {
  const beside = `${path}${SIDECAR_ENDING}`;
  if (!(await isThere(beside))) {
    return UNSEALED;
  }
  reading.expect((await stat(beside)).size);
  return sidecarOf(beside, path, reading, signal);
}

/** Compares a manifest with its own seal and the report it lies beside, `report` or else the file it names. */
async function sidecarOf(
  path: string,
  report: string | null,
  reading: Reading,
  signal: AbortSignal,
): Promise<Compared> {
  const seal = await readSeal(path, reading.onBytes, signal);
  const sidecar = await fromEnd(path, readSidecar);
  if (seal === null || (sidecar === null && seal.carried === seal.computed)) {
    return { ...UNSEALED, sentence: `The manifest ${basename(path)} carries no seal of Assay, or is cut off.` };
  }
  const manifest = sidecar?.manifest ?? null;
  if (sidecar === null || seal.carried !== seal.computed) {
    const sentence = `The manifest ${basename(path)} was changed after it was made: its contents do not give the hash it carries.`;
    return { outcome: 'changed', sentence, ...seal, manifest, sealDigits: seal.carried };
  }
  // Only beside the manifest: a manifest from elsewhere must not name other files of this machine.
  const content = report ?? (await contentBeside(path, sidecar.file));
  if (report === null && (await isThere(content))) {
    reading.expect((await stat(content)).size);
  }
  const digits = await hashOf(content, reading.onBytes, signal);
  if (digits === null) {
    const sentence = `The manifest is as it was made, but ${basename(content)} is not beside it. Put both into one folder and verify again.`;
    return { outcome: 'unsealed', sentence, ...seal, manifest, sealDigits: seal.carried };
  }
  if (digits !== sidecar.sha256) {
    const sentence = `${basename(content)} was changed after it was made: its contents do not give the hash in its manifest.`;
    return {
      outcome: 'changed',
      sentence,
      carried: sidecar.sha256,
      computed: digits,
      manifest,
      sealDigits: seal.carried,
    };
  }
  const sentence = `${basename(content)} and its manifest are as they were made: their contents give the hashes they carry. ${MEANING}`;
  return { outcome: 'matches', sentence, ...seal, manifest, sealDigits: seal.carried };
}

/** The report a manifest lies beside: both may have been given another name together, or the report keeps the one it was made under. */
async function contentBeside(manifest: string, named: string): Promise<string> {
  const own = manifest.endsWith(SIDECAR_ENDING) ? manifest.slice(0, -SIDECAR_ENDING.length) : '';
  return own !== '' && (await isThere(own)) ? own : join(dirname(manifest), basename(named));
}

/** What is read from the end of a file, of which more and more is taken; null when there is no such thing. */
async function fromEnd<T>(path: string, read: (text: string) => T | null): Promise<T | null> {
  const { size } = await stat(path);
  for (let most = FIRST_BYTES; ; most *= 16) {
    const found = read((await endOf(path, most)).toString('utf8'));
    if (found !== null || most >= size || most >= MOST_BYTES) {
      return found;
    }
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'access is denied',
    EPERM: 'access is denied',
    ENOTDIR: 'a part of the path is a file',
    ENAMETOOLONG: 'its name is too long',
    ELOOP: 'links lead in a circle',
    EIO: 'the disk failed',
  };
  return code === undefined ? 'unknown reason' : (words[code] ?? code);
}
