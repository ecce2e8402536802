import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { type Cost, COST, seal, unseal } from './sealed.ts';

export const SECRETS_FILE = 'secrets.enc';
export const SHORTEST_PASSPHRASE = 12;

/** A writer that is older than this died. */
const STALE_LOCK_MS = 30_000;
const LOCK_TRIES = 100;
const LOCK_PAUSE_MS = 100;

export interface KeptSecret {
  readonly value: string;
  /** Seconds since the epoch. */
  readonly setAt: number;
}

type Contents = Readonly<Record<string, KeptSecret>>;

/** `secrets.enc` in the data directory: every secret of it, locked with one passphrase. */
export interface PassphraseFile {
  exists(): Promise<boolean>;
  /** Whether this process holds the passphrase. */
  isUnlocked(): boolean;
  /** Opens the file, or makes an empty one. INVALID_ARGUMENT when the passphrase is wrong or too short. */
  openOrMake(passphrase: string): Promise<void>;
  /** INVALID_ARGUMENT when the passphrase is wrong, NOT_FOUND without a file, UNREADABLE when it is damaged. */
  unlock(passphrase: string): Promise<void>;
  /** All secrets as the file holds them now, whoever wrote it. Needs the passphrase. */
  read(): Promise<Contents>;
  /** Changes one secret, or removes it with null. Other processes' changes are kept. */
  change(name: string, secret: KeptSecret | null): Promise<void>;
  /** Forgets the passphrase. */
  forget(): void;
}

/** `cost` is what new contents are sealed with. */
export function createPassphraseFile(directory: string, cost: Cost = COST): PassphraseFile {
  const path = join(directory, SECRETS_FILE);
  let passphrase: string | null = null;
  let known: { readonly stamp: string; readonly contents: Contents } | null = null;

  async function load(): Promise<Contents> {
    const stamp = await stampOf(path);
    if (stamp === null) {
      throw new AppError('NOT_FOUND', `There is no file with keys at ${path}. Choose the passphrase file again.`);
    }
    if (known?.stamp !== stamp) {
      known = { stamp, contents: await contentsOf(path, heldPassphrase()).catch(forgetWrong) };
    }
    return known.contents;
  }
  /** Another process made the file anew with another passphrase. */
  function forgetWrong(error: unknown): never {
    if (error instanceof AppError && error.code === 'INVALID_ARGUMENT') {
      passphrase = null;
      throw new AppError('UNREADABLE', LOCKED);
    }
    throw error;
  }
  function heldPassphrase(): string {
    if (passphrase === null) {
      throw new AppError('UNREADABLE', LOCKED);
    }
    return passphrase;
  }
  async function keep(contents: Contents, held: string): Promise<void> {
    const sealed = await seal(Buffer.from(JSON.stringify(contents), 'utf8'), held, cost);
    known = { stamp: await replace(path, sealed), contents };
  }
  async function unlock(candidate: string): Promise<void> {
    const stamp = await stampOf(path);
    if (stamp === null) {
      throw new AppError('NOT_FOUND', `There is no file with keys at ${path}. Choose the passphrase file first.`);
    }
    known = { stamp, contents: await contentsOf(path, candidate) };
    passphrase = candidate;
  }

  return {
    exists: async () => (await stampOf(path)) !== null,
    isUnlocked: () => passphrase !== null,
    unlock,
    async openOrMake(candidate) {
      if ((await stampOf(path)) !== null) {
        await unlock(candidate);
        return;
      }
      if (candidate.length < SHORTEST_PASSPHRASE) {
        throw new AppError(
          'INVALID_ARGUMENT',
          `The passphrase needs at least ${SHORTEST_PASSPHRASE} characters. No file was made.`,
        );
      }
      await alone(path, () => keep({}, candidate));
      passphrase = candidate;
    },
    read: load,
    async change(name, secret) {
      const held = heldPassphrase();
      await alone(path, async () => {
        const { [name]: _, ...others } = await load();
        await keep(secret === null ? others : { ...others, [name]: secret }, held);
      });
    },
    forget() {
      passphrase = null;
      known = null;
    },
  };
}

export const LOCKED =
  'The keys are in a file locked with a passphrase. Unlock it, or give the passphrase as ASSAY_PASSPHRASE.';

async function contentsOf(path: string, passphrase: string): Promise<Contents> {
  const opened = await unseal(await bytesOf(path), passphrase);
  switch (opened.kind) {
    case 'opened':
      return JSON.parse(Buffer.from(opened.plain).toString('utf8')) as Contents;
    case 'wrong-passphrase':
      throw new AppError('INVALID_ARGUMENT', 'The passphrase does not open the file with the keys.');
    case 'unknown-version':
      throw new AppError('UNREADABLE', `${path} was written by a later version of Assay. Nothing was changed.`);
    default:
      throw new AppError(
        'UNREADABLE',
        `${path} is damaged. Restore it from a copy, or remove it and set the keys again.`,
      );
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new AppError('UNREADABLE', `The file with the keys, ${path}, could not be read.`, { cause: error });
  }
}

/** Tells one state of the file from another: every write makes a new file. */
async function stampOf(path: string): Promise<string | null> {
  try {
    const { ino, mtimeNs, size } = await stat(path, { bigint: true });
    return `${ino}:${mtimeNs}:${size}`;
  } catch {
    // Not there, or not to be reached: reading it says which.
    return null;
  }
}

/** Returns the stamp of what is there now. */
async function replace(path: string, sealed: Uint8Array): Promise<string> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(sealed);
      await file.sync();
    } finally {
      await file.close();
    }
    const stamp = (await stampOf(temporary)) ?? '';
    await rename(temporary, path);
    return stamp;
  } catch (error) {
    await rm(temporary, { force: true });
    throw new AppError('NOT_WRITABLE', `${path} could not be written. The keys in it are as they were.`, {
      cause: error,
    });
  }
}

/** Runs `work` while no other process changes the file. */
async function alone(path: string, work: () => Promise<void>): Promise<void> {
  const lock = `${path}.lock`;
  for (let tries = 0; !(await taken(lock)); tries += 1) {
    if (tries >= LOCK_TRIES) {
      throw new AppError('NOT_WRITABLE', `${path} is being changed by another process. Try again.`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new AppError('NOT_WRITABLE', `${lock} could not be made. The keys are as they were.`, { cause: error });
    }
    const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > STALE_LOCK_MS) {
      await rm(lock, { force: true });
    }
    return false;
  }
}
