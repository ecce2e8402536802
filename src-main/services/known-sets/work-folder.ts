import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { workAskedSchema } from '#shared/contract/known-sets.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { tryLockExclusive } from '../../db/process-lock.ts';
import { isRunning, processMark } from '../../platform/process-mark.ts';

/** Unfinished work that nobody came back to for this long is removed. */
export const KEPT_MS = 7 * 86_400_000;
export const PREFIX = 'work-';
/** What folders are called while they are removed. */
const GONE = 'gone-';
/** What the file beside the sets ends in that is held while a folder is taken or given up: it takes milliseconds. */
const LOCK_ENDING = '.lock';
const LOCK_WAIT_MS = 5_000;
const STATE = 'state.json';
const OWNER = 'owner';
const SOURCE = 'source.json';

const sourceSchema = z.object({
  name: z.string(),
  bytes: z.int().nonnegative(),
  read: z.int().nonnegative(),
  asked: workAskedSchema.optional(),
});

/** What is read, for whoever looks at the folder: the file's name, its size, how much of it is kept, and what was asked for. */
export type WorkSource = Readonly<z.infer<typeof sourceSchema>>;

/**
 * A folder beside the sets where a long import keeps what it has read, so that the same import goes on there after a crash.
 * Only one process works in it at a time.
 */
export class WorkFolder {
  readonly path: string;

  /** Whether it lies where the same work looks for it. */
  readonly #isNamed: boolean;

  readonly #source: Omit<WorkSource, 'read'>;

  private constructor(path: string, isNamed: boolean, source: Omit<WorkSource, 'read'>) {
    this.path = path;
    this.#isNamed = isNamed;
    this.#source = source;
  }

  /**
   * The folder for work of this name below `sets`; a fresh one when another process is busy in it. What is read only
   * describes it.
   *
   * @throws AppError CONFLICT where other processes did not let go of the folders for some seconds
   */
  static take(sets: string, name: string, source: Omit<WorkSource, 'read'>): WorkFolder {
    const path = join(sets, `${PREFIX}${createHash('sha256').update(name).digest('hex').slice(0, 24)}`);
    mkdirSync(sets, { recursive: true, mode: 0o700 });
    const taken = alone(sets, () => {
      const isNamed = !isBusy(path);
      const at = isNamed ? path : join(sets, `${PREFIX}${randomUUID()}`);
      claim(at, source);
      return new WorkFolder(at, isNamed, source);
    });
    if (taken === undefined) {
      throw new AppError(
        'CONFLICT',
        `Another program does not let go of ${sets}${LOCK_ENDING}. Nothing was imported. Try again later.`,
      );
    }
    return taken;
  }

  /** What `save` kept last, or null. */
  state(): unknown {
    try {
      return JSON.parse(readFileSync(join(this.path, STATE), 'utf8'));
    } catch {
      // None yet, or one that was cut off while it was first written: work begins anew.
      return null;
    }
  }

  /** Keeps a state, whole or not at all; `read` bytes of the source are in it. */
  save(state: unknown, read: number): void {
    writeWhole(join(this.path, STATE), JSON.stringify(state));
    writeWhole(join(this.path, SOURCE), JSON.stringify({ ...this.#source, read } satisfies WorkSource));
  }

  /** Forgets the state that was kept. */
  forget(): void {
    rmSync(join(this.path, STATE), { force: true });
  }

  /** Leaves the folder for whoever imports the same again, in this process or another; false, and it is gone, if they could not find it. */
  leave(): boolean {
    if (!this.#isNamed) {
      this.remove();
      return false;
    }
    rmSync(join(this.path, OWNER), { force: true });
    return true;
  }

  remove(): void {
    removeWhole(this.path);
  }

  /**
   * Removes folders below `sets` that nobody works in and nobody came back to, and what a removal that was cut off left.
   * `now` in milliseconds.
   */
  static removeStale(sets: string, now: number): void {
    for (const name of readdirSync(sets)) {
      const path = join(sets, name);
      const isStale = (): boolean => !isBusy(path) && now - lastUse(path) > KEPT_MS;
      if (name.startsWith(GONE)) {
        rmSync(path, { recursive: true, force: true });
      } else if (name.startsWith(PREFIX) && isStale()) {
        removeIf(path, isStale);
      }
    }
  }
}

/**
 * Removes a folder of work for which `isFree` holds while nobody can take it. False where it does not, or where other
 * processes did not let go of the folders for some seconds.
 */
export function removeIf(path: string, isFree: () => boolean): boolean {
  const gone = alone(dirname(path), () => (isFree() ? moveAway(path) : null)) ?? null;
  if (gone !== null) {
    rmSync(gone, { recursive: true, force: true });
  }
  return gone !== null;
}

/** Does what must not be done by two at a time; undefined where others did not let go for some seconds. */
function alone<T>(sets: string, work: () => T): T | undefined {
  const lock = tryLockExclusive(`${resolve(sets)}${LOCK_ENDING}`, LOCK_WAIT_MS);
  if (lock === null) {
    return undefined;
  }
  try {
    return work();
  } finally {
    lock.release();
  }
}

/** Makes a folder this process's, or makes one; on a full disk all stays as it was. */
function claim(path: string, source: Omit<WorkSource, 'read'>): void {
  const isNew = !existsSync(path);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    writeWhole(join(path, OWNER), processMark());
    // Beside a state, how much of the file that was; without one nothing of it is kept.
    const read = existsSync(join(path, STATE)) ? (sourceOf(path)?.read ?? 0) : 0;
    writeWhole(join(path, SOURCE), JSON.stringify({ ...source, read } satisfies WorkSource));
  } catch (error) {
    rmSync(isNew ? path : join(path, OWNER), { recursive: true, force: true });
    throw error;
  }
}

/** A folder that is removed file by file must not be found meanwhile. */
function removeWhole(path: string): void {
  rmSync(moveAway(path) ?? path, { recursive: true, force: true });
}

/** Where it lies now; null where it cannot be moved, as one that is gone. */
function moveAway(path: string): string | null {
  const gone = join(dirname(path), `${GONE}${randomUUID()}`);
  try {
    renameSync(path, gone);
    return gone;
  } catch {
    // Gone, or one of its files is open on a system that then moves nothing.
    return null;
  }
}

/** What a folder of work is about, or null for one that does not say. */
export function sourceOf(path: string): WorkSource | null {
  try {
    return sourceSchema.parse(JSON.parse(readFileSync(join(path, SOURCE), 'utf8')));
  } catch {
    // Made by a version that did not write it, or gone meanwhile.
    return null;
  }
}

/** Whether a living process works in a folder. */
export function isBusy(path: string): boolean {
  try {
    const owner = readFileSync(join(path, OWNER), 'utf8');
    // This process works on other threads too: its own mark is as good as anybody's.
    return isRunning(owner);
  } catch {
    // No owner: nobody is at work.
    return false;
  }
}

/** When something was last kept in a folder, in milliseconds; 0 for one that is gone. */
export function lastUse(path: string): number {
  const state = join(path, STATE);
  return statSync(existsSync(state) ? state : path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function writeWhole(path: string, text: string): void {
  const temporary = join(dirname(path), `${randomUUID()}.tmp`);
  try {
    const file = openSync(temporary, 'w', 0o600);
    try {
      // To the last byte: a single write may stop where the disk is full.
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
