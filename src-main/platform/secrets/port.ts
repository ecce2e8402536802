/** Names of secrets: `virustotal`, `wildfire`, `virustotal-proxy` (name:password) ... lower case, digits and hyphens. */
export type SecretName = string;

/** Where a secret is found. An environment variable (ASSAY_VIRUSTOTAL_KEY) goes before what is stored. */
export type SecretPlace = 'environment' | 'keychain' | 'file';

export interface SecretState {
  readonly place: SecretPlace | null;
  /** When it was stored, seconds since the epoch; null when not known. */
  readonly setAt: number | null;
  /** A sentence when it could not be looked up (keychain absent or locked, passphrase not given yet); else null. */
  readonly fault: string | null;
}

export interface StoreState {
  /** Where new secrets go. `none`: this machine has no keychain and no file was chosen. */
  readonly place: 'keychain' | 'file' | 'none';
  /** A passphrase file exists and was not unlocked in this process. */
  readonly locked: boolean;
  /** A sentence that says how secrets are kept, or what to do where they cannot be. */
  readonly message: string;
}

/** One store for all shells. Values go in and to adapters; nothing here ever returns one to a window. */
export interface Secrets {
  /** Whether it comes from the environment; asks no store. */
  isGiven(name: SecretName): boolean;
  /** The value, or null when there is none. Throws AppError UNREADABLE when the store cannot be asked. */
  get(name: SecretName): Promise<string | null>;
  set(name: SecretName, value: string): Promise<void>;
  remove(name: SecretName): Promise<void>;
  state(name: SecretName): Promise<SecretState>;
  store(): Promise<StoreState>;
  /** Chooses where new secrets go; an existing passphrase file must open with the passphrase, a new one is made. */
  choose(place: 'keychain' | 'file', passphrase?: string): Promise<void>;
  /** Opens the passphrase file for this process. */
  unlock(passphrase: string): Promise<void>;
  /** Told when a secret was set or removed by this process. */
  onChange(listener: (name: SecretName) => void): () => void;
  dispose(): Promise<void>;
}
