import type { SecretName, StoreState } from './port.ts';
import type { KeptSecret } from './passphrase-file.ts';

/** One place where secrets are kept. Faults are AppErrors whose sentence a person may read. */
export interface SecretStore {
  readonly place: 'keychain' | 'file';
  get(name: SecretName): Promise<KeptSecret | null>;
  set(name: SecretName, secret: KeptSecret): Promise<void>;
  remove(name: SecretName): Promise<void>;
  /** Makes it usable, or says why it cannot be. */
  prepare(passphrase: string | undefined): Promise<void>;
  describe(): Promise<StoreState>;
  dispose(): void;
}
