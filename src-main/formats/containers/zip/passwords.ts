import type { FileEntry } from '@zip.js/zip.js';
import { bounded, Meter } from '../bounds.ts';
import { MemberFault } from '../port.ts';
import { mayBePassword } from './faults.ts';
import { unpack } from './unpack.ts';

/** The passwords of one archive. */
export class Passwords {
  #candidates: readonly string[];

  constructor(candidates: readonly string[]) {
    this.#candidates = [...new Set(candidates)];
  }

  /**
   * The password that opens a member; null when none does. The format's own check lets one wrong ZipCrypto password in 256
   * pass, so a password counts when the whole member unpacks with it and its checksum fits. Throws a `MemberFault` when the
   * member is larger than the bounds allow, or when one password seems right and the content is damaged.
   */
  async fitting(entry: FileEntry, signal: AbortSignal): Promise<string | null> {
    let damage: MemberFault | null = null;
    for (const password of this.#candidates) {
      const fault = await tryOut(entry, password, signal);
      if (fault === null) {
        // Most archives have one password for all members.
        this.#candidates = [password, ...this.#candidates.filter((each) => each !== password)];
        return password;
      }
      damage ??= fault.why === 'damaged' ? fault : null;
    }
    if (damage !== null) {
      throw entry.zipCrypto && mayBePassword(damage)
        ? new MemberFault('encrypted', 'it is encrypted and no password fits, or its data is damaged')
        : damage;
    }
    return null;
  }
}

/** Null when the member unpacks to its end, checked. */
async function tryOut(entry: FileEntry, password: string, signal: AbortSignal): Promise<MemberFault | null> {
  const meter = new Meter(entry.compressedSize);
  try {
    for await (const chunk of bounded(unpack(entry, password, signal), meter)) {
      void chunk;
    }
    return null;
  } catch (error) {
    if (error instanceof MemberFault && error.why !== 'limit') {
      return error;
    }
    throw error;
  }
}
