import { nameInParts } from './classify-name.ts';

/**
 * How the application cache of Windows (Amcache) writes the SHA-1 of a file: `0000` in front. `ProgramId` looks alike and is
 * none, so that only the name of the column or key tells.
 */
const FILE_ID = /^0000(?=[0-9a-fA-F]{40}$)/;

/** True for `FileId`, `file_id` and the like. */
export function isFileIdName(name: string): boolean {
  return name.length <= 200 && nameInParts(name) === 'file-id';
}

/** The SHA-1 of a whole `FileId`, or null for any other text. */
export function sha1OfFileId(text: string): string | null {
  return text.length === 44 && FILE_ID.test(text) ? text.slice(4) : null;
}
