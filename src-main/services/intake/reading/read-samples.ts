import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { InputFileView } from '#shared/contract/intake.ts';
import type { DigestSlots } from '../../../formats/record-sink.ts';
import type { ReadInput } from './read-list.ts';
import { reasonOf } from './reason.ts';
import type { ReadingSession } from './session.ts';
import type { Found } from './walk-folder.ts';

/** Columns samples bring along. */
export const SAMPLE_COLUMNS = ['path', 'size'] as const;
const SAMPLE_MASK = 7;
const CHUNK_BYTES = 1 << 20;

/**
 * Hashes files: MD5, SHA-1 and SHA-256 in one read of each, never opened in any other way. What is no file or cannot be
 * read is kept with its reason. Stops between chunks when cancelled; a file cut off there is not counted.
 */
export async function readSamples(
  name: string,
  found: Iterable<Found>,
  isFolder: boolean,
  session: ReadingSession,
): Promise<ReadInput> {
  const sink = session.builder.startInput(SAMPLE_COLUMNS, { computed: true, fileColumn: 'path' });
  const all = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let bytes = 0;
  let records = 0;
  let isCut = false;
  let lastDigest = '';
  let lastReason = '';
  for (const each of found) {
    isCut = session.isCancelled;
    if (isCut) {
      break;
    }
    records += 1;
    session.countRecords(1);
    if (each.kind !== 'file') {
      sink.rejectFile(each.name, each.reason, each.kind === 'no-file' ? 'without-hash' : 'rejected');
    } else {
      try {
        const hashed = await hashFile(each.path, buffer, session);
        if (hashed === null) {
          records -= 1;
          isCut = true;
          break;
        }
        bytes += hashed.size;
        all.update(hashed.slots.sha256);
        lastDigest = Buffer.from(hashed.slots.sha256).toString('hex');
        sink.hash(0, 0, hashed.slots, [each.name, String(hashed.size)]);
      } catch (error) {
        lastReason = reasonOf(error);
        sink.rejectFile(each.name, lastReason, 'rejected');
      }
    }
    await session.breathe();
  }
  const view: InputFileView = {
    name,
    bytes,
    sha256: isCut ? null : isFolder ? all.digest('hex') : lastDigest === '' ? null : lastDigest,
    format: 'samples',
    formatLabel: isFolder ? 'Files of a folder' : 'File',
    why: isFolder ? 'the files of a folder are samples' : 'its content is no list of hashes',
    encoding: 'binary',
    digestColumns: [],
    alternatives: isFolder ? [] : [{ format: 'text', label: 'Text with hashes anywhere' }],
    records,
    fault: !isFolder && lastReason !== '' ? `${name} could not be read: ${lastReason}.` : null,
  };
  const isUnreadable = records > 0 && sink.counts.hashed + sink.counts.without === 0;
  return { view, counts: sink.counts, isUnreadable };
}

/** Null when cancelled on the way. One buffer serves all files: hashing takes what it needs at once. */
async function hashFile(
  path: Buffer,
  buffer: Buffer,
  session: ReadingSession,
): Promise<{ readonly slots: DigestSlots; readonly size: number } | null> {
  const hashes = [createHash('md5'), createHash('sha1'), createHash('sha256')] as const;
  let size = 0;
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      const chunk = buffer.subarray(0, read);
      for (const hash of hashes) {
        hash.update(chunk);
      }
      size += read;
      session.countBytes(read);
      await session.breathe();
      if (session.isCancelled) {
        return null;
      }
    }
  } finally {
    closeSync(file);
  }
  const [md5, sha1, sha256] = hashes;
  return { slots: { mask: SAMPLE_MASK, md5: md5.digest(), sha1: sha1.digest(), sha256: sha256.digest() }, size };
}
