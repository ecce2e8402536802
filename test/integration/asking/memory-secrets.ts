import type { SecretName, SecretPlace, Secrets } from '#main/platform/secrets/port.ts';
import { AppError } from '#shared/errors/app-error.ts';

export interface MemorySecrets extends Secrets {
  /** Stands for a store that cannot be asked any more, with this sentence; null mends it. */
  break(sentence: string | null): void;
}

/**
 * A secret store in memory, for tests: everything a keychain does, nothing on disk. With `environment` the initial ones
 * stand for variables.
 */
export function memorySecrets(
  initial: Readonly<Record<SecretName, string>> = {},
  place: SecretPlace = 'keychain',
): MemorySecrets {
  const values = new Map(Object.entries(initial));
  const listeners = new Set<(name: SecretName) => void>();
  let keptIn: 'keychain' | 'file' = place === 'file' ? 'file' : 'keychain';
  let fault: string | null = null;
  const working = (): void => {
    if (fault !== null) {
      throw new AppError('UNREADABLE', fault);
    }
  };
  const tell = (name: SecretName): void => {
    for (const listener of listeners) {
      listener(name);
    }
  };
  return {
    break(sentence) {
      fault = sentence;
    },
    isGiven: (name) => place === 'environment' && name in initial,
    async get(name) {
      working();
      return values.get(name) ?? null;
    },
    async set(name, value) {
      working();
      values.set(name, value);
      tell(name);
    },
    async remove(name) {
      working();
      values.delete(name);
      tell(name);
    },
    async state(name) {
      return { place: fault === null && values.has(name) ? keptIn : null, setAt: null, fault };
    },
    async store() {
      return { place: keptIn, locked: false, message: 'Keys are kept in memory for this test.' };
    },
    async choose(chosen) {
      keptIn = chosen;
    },
    async unlock() {
      working();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async dispose() {
      listeners.clear();
    },
  };
}
