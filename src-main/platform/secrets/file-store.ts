import { AppError } from '#shared/errors/app-error.ts';
import { PASSPHRASE_VARIABLE } from './environment.ts';
import { LOCKED, type PassphraseFile, SECRETS_FILE, SHORTEST_PASSPHRASE } from './passphrase-file.ts';
import type { SecretStore } from './store.ts';

/** The passphrase file as a store. `given` is the passphrase of the environment, which opens it without a person. */
export function fileStore(
  file: PassphraseFile,
  given: string | undefined,
): SecretStore & { unlock(passphrase: string): Promise<void> } {
  const fromOutside = given === undefined || given === '' ? null : given;
  let isRefused = false;
  /** Tried once: every try costs a third of a second. */
  async function opened(): Promise<PassphraseFile> {
    if (file.isUnlocked() || fromOutside === null || !(await file.exists())) {
      return file;
    }
    if (!isRefused) {
      try {
        await file.unlock(fromOutside);
        return file;
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'INVALID_ARGUMENT') {
          throw error;
        }
        isRefused = true;
      }
    }
    throw new AppError('UNREADABLE', `The passphrase in ${PASSPHRASE_VARIABLE} does not open ${SECRETS_FILE}.`);
  }
  return {
    place: 'file',
    async get(name) {
      if (!(await file.exists())) {
        return null;
      }
      return (await (await opened()).read())[name] ?? null;
    },
    set: async (name, secret) => (await opened()).change(name, secret),
    remove: async (name) => (await opened()).change(name, null),
    unlock: (passphrase) => file.unlock(passphrase),
    async prepare(passphrase) {
      const chosen = passphrase ?? fromOutside;
      if (chosen === null) {
        throw new AppError(
          'INVALID_ARGUMENT',
          `A file for keys needs a passphrase of at least ${SHORTEST_PASSPHRASE} characters.`,
        );
      }
      await file.openOrMake(chosen);
    },
    async describe() {
      if (!(await file.exists())) {
        return {
          place: 'file',
          locked: false,
          message: `Keys are to be kept in ${SECRETS_FILE}, which is not there. Choose it again with a passphrase.`,
        };
      }
      const fault = await lockFault(opened);
      return fault === null
        ? { place: 'file', locked: false, message: `Keys are kept in ${SECRETS_FILE}, locked with a passphrase.` }
        : { place: 'file', locked: true, message: fault };
    },
    dispose: () => file.forget(),
  };

  async function lockFault(open: () => Promise<PassphraseFile>): Promise<string | null> {
    try {
      return (await open()).isUnlocked() ? null : LOCKED;
    } catch (error) {
      if (error instanceof AppError) {
        return error.message;
      }
      throw error;
    }
  }
}
