import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecrets, type SecretsParts } from '#main/platform/secrets/secrets.ts';
import type { Keychain } from '#main/platform/secrets/keychain.ts';
import type { Secrets } from '#main/platform/secrets/port.ts';
import { AppError } from '#shared/errors/app-error.ts';

const opened: Secrets[] = [];
const folders: string[] = [];

/** Ends every store and removes every folder that was made. */
export async function cleanUp(): Promise<void> {
  await Promise.all(opened.splice(0).map((secrets) => secrets.dispose()));
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-secrets-'));
  folders.push(folder);
  return folder;
}

export interface Opened {
  readonly secrets: Secrets;
  /** What the settings name by now. */
  readonly place: () => 'keychain' | 'file';
}

/** The store of a folder as a process has one. */
export function openSecrets(
  directory: string,
  place: 'keychain' | 'file' = 'keychain',
  more: Partial<SecretsParts> = {},
): Opened {
  let chosen = place;
  const secrets = createSecrets({
    directory,
    env: {},
    // The least that is accepted: these tests are about other things.
    cost: { log2N: 15, r: 8, p: 1 },
    chosen: () => Promise.resolve(chosen),
    choose: (next) => {
      chosen = next;
      return Promise.resolve();
    },
    ...more,
  });
  opened.push(secrets);
  return { secrets, place: () => chosen };
}

/** A keychain that works, in memory, and can be taken away. */
export function memoryKeychain(): Keychain & {
  readonly entries: Map<string, Uint8Array>;
  breakWith(why: string | null): void;
} {
  const entries = new Map<string, Uint8Array>();
  let fault: string | null = null;
  const working = (): void => {
    if (fault !== null) {
      throw new AppError('UNREADABLE', fault);
    }
  };
  return {
    entries,
    breakWith(why) {
      fault = why;
    },
    async get(account) {
      working();
      return entries.get(account) ?? null;
    },
    async set(account, bytes) {
      working();
      entries.set(account, bytes);
    },
    async remove(account) {
      working();
      entries.delete(account);
    },
    async probe() {
      working();
    },
    dispose: () => undefined,
  };
}

/** The code and sentence of what must fail. */
export async function failure(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) {
      return { code: error.code, message: error.message };
    }
    throw error;
  }
  throw new Error('it worked');
}
