import {
  ERR_CODEC_OUT_OF_MEMORY,
  ERR_ENCRYPTED,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_ENTRY_DATA_OUT_OF_BOUNDS,
  ERR_EOCDR_NOT_FOUND,
  ERR_INVALID_AUTHENTICATION_CODE,
  ERR_INVALID_CRC32,
  ERR_INVALID_PASSWORD,
  ERR_INVALID_UNCOMPRESSED_SIZE,
  ERR_OVERLAPPING_ENTRY,
  ERR_SPLIT_ZIP_FILE,
  ERR_UNSUPPORTED_COMPRESSION,
  ERR_UNSUPPORTED_ENCRYPTION,
} from '@zip.js/zip.js';
import { MemberFault } from '../port.ts';

const DAMAGED: Readonly<Record<string, string>> = {
  [ERR_INVALID_CRC32]: 'its checksum does not fit its content',
  [ERR_INVALID_AUTHENTICATION_CODE]: 'its authentication code does not fit its content',
  [ERR_INVALID_UNCOMPRESSED_SIZE]: 'it unpacks to another size than the archive says',
  [ERR_ENTRY_DATA_OUT_OF_BOUNDS]: 'its data would lie outside the archive',
  [ERR_OVERLAPPING_ENTRY]: 'it shares its bytes with another member',
  [ERR_UNSUPPORTED_COMPRESSION]: 'it is packed by a method that cannot be unpacked here',
  [ERR_UNSUPPORTED_ENCRYPTION]: 'it is encrypted by a method that cannot be opened here',
  [ERR_CODEC_OUT_OF_MEMORY]: 'there is not enough memory to unpack it',
};

/** What is wrong with a member, for people. Errors of the system, which carry a code, go on as they are. */
export function memberFault(error: unknown): unknown {
  if (isFinal(error)) {
    return error;
  }
  const message = messageOf(error);
  if (message === ERR_INVALID_PASSWORD || message === ERR_ENCRYPTED) {
    return new MemberFault('encrypted', 'it is encrypted and no password fits', { cause: error });
  }
  // Whatever else unpacking stumbles over comes from bytes no sound archive has.
  return new MemberFault('damaged', DAMAGED[message] ?? 'its packed data is damaged', { cause: error });
}

/** What is wrong with the list of members, for people. */
export function listFault(error: unknown): unknown {
  if (isFinal(error)) {
    return error;
  }
  const message = messageOf(error);
  if (message === ERR_ENCRYPTED_CENTRAL_DIRECTORY) {
    return new MemberFault('encrypted', 'its list of members is encrypted in a way that cannot be opened here');
  }
  if (message === ERR_SPLIT_ZIP_FILE) {
    return new MemberFault('damaged', 'it is one part of an archive that was split');
  }
  const reason =
    message === ERR_EOCDR_NOT_FOUND
      ? 'its end, which lists the members, is missing: it is cut off or damaged'
      : 'its list of members is damaged';
  return new MemberFault('damaged', reason, { cause: error });
}

/** True when the list of members is not there, as in an archive that was cut off. */
export function isListMissing(error: unknown): boolean {
  return messageOf(error) === ERR_EOCDR_NOT_FOUND;
}

/** True when what came out may be wrong because a wrong password was let pass, not because the archive is damaged. */
export function mayBePassword(fault: MemberFault): boolean {
  const message = messageOf(fault.cause);
  return !(message in DAMAGED) || message === ERR_INVALID_CRC32 || message === ERR_INVALID_UNCOMPRESSED_SIZE;
}

function isFinal(error: unknown): boolean {
  return error instanceof MemberFault || typeof (error as NodeJS.ErrnoException | null)?.code === 'string';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
