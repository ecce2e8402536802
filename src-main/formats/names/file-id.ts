import { nameInParts } from './classify-name.ts';
import { labelBefore } from './label-before.ts';

/**
 * How the application cache of Windows (Amcache) writes the SHA-1 of a file: `0000` in front. `ProgramId` looks alike and is
 * none, so that only the name of the column or key tells.
 */
const FILE_ID = /^0000(?=[0-9a-fA-F]{40}$)/;

/** True for `FileId`, `file_id` and the like. */
export function isFileIdName(name: string): boolean {
  return name.length <= 200 && nameInParts(name) === 'file-id';
}

/** Digits in front of the SHA-1 of a `FileId`. */
export const FILE_ID_MARK = 4;
/** Digits of a whole one. */
export const FILE_ID_DIGITS = 44;

/** True where `before` labels the run of digits behind it as a `FileId` and it has the form of one. */
export function announcesFileId(before: string, run: string): boolean {
  return sha1OfFileId(run) !== null && isFileIdName(labelBefore(before));
}

/** The SHA-1 of a whole `FileId`, or null for any other text. */
export function sha1OfFileId(text: string): string | null {
  return text.length === FILE_ID_DIGITS && FILE_ID.test(text) ? text.slice(FILE_ID_MARK) : null;
}
