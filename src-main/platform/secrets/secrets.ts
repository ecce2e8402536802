import type { Secrets } from './port.ts';

export interface SecretsParts {
  /** The data directory; the passphrase file lies in it. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Which store the settings name. */
  readonly chosen: () => Promise<'keychain' | 'file'>;
  readonly choose: (place: 'keychain' | 'file') => Promise<void>;
}

/** Keys of a data directory: environment first, then the chosen store. Nothing is loaded before the first use. */
export function createSecrets(parts: SecretsParts): Secrets {
  void parts;
  return {
    get: () => Promise.resolve(null),
    set: () => Promise.reject(new Error('Secrets are not built yet.')),
    remove: () => Promise.reject(new Error('Secrets are not built yet.')),
    state: () => Promise.resolve({ place: null, setAt: null, fault: null }),
    store: () => Promise.resolve({ place: 'none', locked: false, message: 'Keys cannot be kept yet.' }),
    choose: () => Promise.reject(new Error('Secrets are not built yet.')),
    unlock: () => Promise.reject(new Error('Secrets are not built yet.')),
    onChange: () => () => undefined,
    dispose: () => Promise.resolve(),
  };
}
