import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { fromEnvironment, PASSPHRASE_VARIABLE, secretVariable } from './environment.ts';
import { keychainStore } from './keychain-store.ts';
import { createKeychain, type Keychain } from './keychain.ts';
import { fileStore } from './file-store.ts';
import { createPassphraseFile } from './passphrase-file.ts';
import type { SecretName, Secrets } from './port.ts';
import type { Cost } from './sealed.ts';
import { checkedSecret } from './secret-value.ts';
import type { SecretStore } from './store.ts';

export interface SecretsParts {
  /** The data directory; the passphrase file lies in it. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Which store the settings name. */
  readonly chosen: () => Promise<'keychain' | 'file'>;
  readonly choose: (place: 'keychain' | 'file') => Promise<void>;
  /** For tests; absent: the system's. */
  readonly keychain?: Keychain;
  /** For tests; absent: what a passphrase file ought to cost. */
  readonly cost?: Cost;
}

/** Keys of a data directory: environment first, then the chosen store. Nothing is loaded before the first use. */
export function createSecrets(parts: SecretsParts): Secrets {
  const { env } = parts;
  const keychain = keychainStore(parts.keychain ?? createKeychain({ ...env }), accountsOf(parts.directory));
  const file = fileStore(createPassphraseFile(parts.directory, parts.cost), env[PASSPHRASE_VARIABLE]);
  const chosen = async (): Promise<SecretStore> => ((await parts.chosen()) === 'file' ? file : keychain);
  const listeners = new Set<(name: SecretName) => void>();
  const tell = (name: SecretName): void => {
    for (const listener of listeners) {
      listener(name);
    }
  };
  return {
    isGiven: (name) => fromEnvironment(env, name) !== null,
    async get(name) {
      const given = fromEnvironment(env, name);
      if (given === null) {
        return (await (await chosen()).get(name))?.value ?? null;
      }
      if ('fault' in given) {
        throw new AppError('UNREADABLE', given.fault);
      }
      return given.value;
    },
    async set(name, value) {
      const clean = checkedSecret(value);
      refuseWhereGiven(env, name);
      await (await chosen()).set(name, { value: clean, setAt: Math.floor(Date.now() / 1000) });
      tell(name);
    },
    async remove(name) {
      refuseWhereGiven(env, name);
      await (await chosen()).remove(name);
      tell(name);
    },
    async state(name) {
      const given = fromEnvironment(env, name);
      if (given !== null) {
        return { place: 'environment', setAt: null, fault: 'fault' in given ? given.fault : null };
      }
      const store = await chosen();
      try {
        const kept = await store.get(name);
        return { place: kept === null ? null : store.place, setAt: kept?.setAt ?? null, fault: null };
      } catch (error) {
        return { place: null, setAt: null, fault: sentenceOf(error) };
      }
    },
    store: async () => (await chosen()).describe(),
    async choose(place, passphrase) {
      await (place === 'file' ? file : keychain).prepare(passphrase);
      await parts.choose(place);
    },
    unlock: (passphrase) => file.unlock(passphrase),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async dispose() {
      listeners.clear();
      keychain.dispose();
      file.dispose();
    },
  };
}

/** A stored secret would never be looked at. */
function refuseWhereGiven(env: SecretsParts['env'], name: SecretName): void {
  if (fromEnvironment(env, name) !== null) {
    throw new AppError(
      'CONFLICT',
      `This one comes from the environment variable ${secretVariable(name)}, which goes before what is stored. Change it there.`,
    );
  }
}

function sentenceOf(error: unknown): string {
  if (isAppError(error)) {
    return error.message;
  }
  throw error;
}

/** Two data directories do not share keys, by whatever path they are opened. */
function accountsOf(directory: string): (name: string) => string {
  let prefix: string | null = null;
  return (name) => {
    prefix ??= createHash('sha256').update(realpathSync.native(directory)).digest('hex').slice(0, 16);
    return `${prefix}/${name}`;
  };
}
