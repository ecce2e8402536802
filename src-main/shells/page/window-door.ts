import { randomUUID } from 'node:crypto';
import { watch } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What a second start tells the window that is already open. */
const messageSchema = z.strictObject({ files: z.array(z.string().max(32_768)).max(10_000) });

/** Age at which an unread message counts as left behind, in milliseconds. */
const STALE_MS = 15_000;

export interface WindowDoor {
  close(): Promise<void>;
}

export interface WindowDoorParts {
  readonly directory: string;
  /** Takes a lock that the system frees when this process ends, or returns null when another process has it. */
  readonly tryLock: (file: string) => { release(): void } | null;
  readonly files: readonly string[];
  /** Told what later starts say. */
  readonly onMessage: (files: readonly string[]) => void;
  /** Longest wait for the open window to take a message, in milliseconds. */
  readonly patienceMs?: number;
}

/** `first`: this process has the window. `told`: another has it and took the files. `silent`: another has it, no answer. */
export type DoorOutcome =
  | { readonly kind: 'first'; readonly door: WindowDoor }
  | { readonly kind: 'told' }
  | { readonly kind: 'silent' };

/**
 * One window per data directory, in whichever shell. The first start holds a lock; later ones leave a message in a
 * folder only this account can read, and the first takes it: no port, no socket.
 */
export async function openWindowDoor(parts: WindowDoorParts): Promise<DoorOutcome> {
  const box = join(parts.directory, 'window');
  await mkdir(box, { recursive: true, mode: 0o700 });
  const lock = parts.tryLock(join(parts.directory, 'window.lock'));
  if (lock === null) {
    return { kind: (await tell(box, parts)) ? 'told' : 'silent' };
  }
  return { kind: 'first', door: listen(box, lock, parts.onMessage) };
}

async function tell(box: string, { files, patienceMs = 5_000 }: WindowDoorParts): Promise<boolean> {
  const name = `${randomUUID()}.json`;
  const path = join(box, name);
  await writeFile(`${path}.new`, JSON.stringify({ files }), { mode: 0o600 });
  await rename(`${path}.new`, path);
  const until = Date.now() + patienceMs;
  while (Date.now() < until) {
    if (!(await exists(path))) {
      return true;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  await rm(path, { force: true });
  return false;
}

function listen(box: string, lock: { release(): void }, onMessage: (files: readonly string[]) => void): WindowDoor {
  let reading = Promise.resolve();
  const look = (): void => {
    reading = reading.then(() => takeAll(box, onMessage)).catch(() => undefined);
  };
  const watcher = watch(box, { persistent: false }, look);
  watcher.on('error', () => undefined);
  // A watcher may miss changes on some file systems; a look once a second costs nothing.
  const timer = setInterval(look, 1_000).unref();
  look();
  return {
    async close() {
      watcher.close();
      clearInterval(timer);
      await reading;
      lock.release();
    },
  };
}

async function takeAll(box: string, onMessage: (files: readonly string[]) => void): Promise<void> {
  for (const name of await readdir(box)) {
    const path = join(box, name);
    const writtenAt = await stat(path).then(
      (found) => found.mtimeMs,
      () => 0,
    );
    // Older ones were left by a start that ended before it was answered; nobody waits for them.
    const isStale = writtenAt < Date.now() - STALE_MS;
    if (name.endsWith('.json') || isStale) {
      const text = await readFile(path, 'utf8').catch(() => '');
      await rm(path, { force: true });
      const message = messageSchema.safeParse(parsed(text));
      if (message.success && !isStale) {
        onMessage(message.data.files);
      }
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
