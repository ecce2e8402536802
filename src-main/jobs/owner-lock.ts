import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tryLockExclusive, tryLockShared } from '../db/process-lock.ts';

/** Who the outbound owner of a data directory says it is. */
export interface OwnerInfo {
  readonly pid: number;
  readonly shell: string;
  /** When it became the owner, seconds since the epoch. */
  readonly since: number;
}

/** Held by the one process that may schedule, sync and deliver. */
export interface Ownership {
  release(): void;
}

const LOCK_FILE = 'owner.lock';
const INFO_FILE = 'owner.json';
/** How often a process that is not the owner tries to become it, in milliseconds: a killed owner is replaced in 2 s. */
const TAKEOVER_MS = 1_000;

/**
 * Makes this process the outbound owner of the directory, or returns null while another one is. The lock is the
 * operating system's: it is free as soon as the owner ends, however it ends.
 */
export function tryBecomeOwner(directory: string, info: OwnerInfo): Ownership | null {
  const lock = tryLockExclusive(join(directory, LOCK_FILE));
  if (lock === null) {
    return null;
  }
  // Beside the lock, not in it: opening the lock file by other means would free the lock.
  const path = join(directory, INFO_FILE);
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, JSON.stringify(info), { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    // Others may have more luck than a process that cannot say who it is.
    lock.release();
    throw error;
  }
  return {
    release: () => {
      rmSync(path, { force: true });
      lock.release();
    },
  };
}

/** The present owner, or null when there is none. What is written down counts only while the lock is held. */
export function whoIsOwner(directory: string): OwnerInfo | null {
  const free = tryLockShared(join(directory, LOCK_FILE));
  if (free !== null) {
    free.release();
    return null;
  }
  try {
    return JSON.parse(readFileSync(join(directory, INFO_FILE), 'utf8')) as OwnerInfo;
  } catch {
    // The lock was taken a moment ago and nothing is written yet.
    return null;
  }
}

/**
 * Waits to become the owner; calls `onOwner` once when it does. An attempt that fails, as on a full disk, is told to
 * `onFault`, the same fault once, and made again. The returned function gives up waiting or ownership.
 */
export function seekOwnership(
  directory: string,
  describe: () => OwnerInfo,
  onOwner: (ownership: Ownership) => void,
  onFault: (error: unknown) => void,
): () => void {
  let ownership: Ownership | null = null;
  let told = '';
  const attempt = (): void => {
    try {
      ownership = tryBecomeOwner(directory, describe());
    } catch (error) {
      const fault = String(error);
      if (fault !== told) {
        told = fault;
        onFault(error);
      }
      return;
    }
    if (ownership !== null) {
      clearInterval(timer);
      onOwner(ownership);
    }
  };
  const timer = setInterval(attempt, TAKEOVER_MS).unref();
  attempt();
  return () => {
    clearInterval(timer);
    ownership?.release();
    ownership = null;
  };
}
