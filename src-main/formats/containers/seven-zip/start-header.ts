import { crc32 } from 'node:zlib';
import { grouped } from '#shared/domain/grouped.ts';
import { MemberFault, type ByteSource } from '../port.ts';

const START_BYTES = 32;
const SIGNATURE = '377abcaf271c';
/** The list of members, packed: the longest within the bounds takes a fraction of this even unpacked. */
const MOST_LIST_BYTES = 256n * 1024n * 1024n;

/**
 * Looks at the first bytes, which say where the list of members lies, at the very end. Throws a `MemberFault` that says what
 * is wrong when no list can lie there: most damaged archives are ones that were cut off.
 * Wire format: SignatureHeader in 7zFormat.txt of the 7-Zip source.
 */
export async function checkStartHeader(source: ByteSource): Promise<void> {
  const head = Buffer.from(await source.read(0, START_BYTES));
  if (head.length < START_BYTES) {
    throw new MemberFault('damaged', 'it is cut off in its first bytes');
  }
  if (head.toString('hex', 0, 6) !== SIGNATURE) {
    throw new MemberFault('damaged', 'it does not begin like a 7z archive');
  }
  if (crc32(head.subarray(12)) !== head.readUInt32LE(8)) {
    throw new MemberFault('damaged', 'its first bytes, which say where its list of members lies, are damaged');
  }
  const size = head.readBigUInt64LE(20);
  const missing = BigInt(START_BYTES) + head.readBigUInt64LE(12) + size - BigInt(source.size);
  if (missing > 0n) {
    throw new MemberFault(
      'damaged',
      `its last ${grouped(Number(missing))} bytes are missing, which list the members: ` +
        'it is cut off, or the first part of an archive that was split',
    );
  }
  if (size > MOST_LIST_BYTES) {
    throw new MemberFault('limit', 'its list of members is too long');
  }
}
