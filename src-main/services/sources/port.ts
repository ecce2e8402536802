import type { ConnectionTestView, SecretStoreView, SourceView } from '#shared/contract/sources.ts';
import type { SourceId } from '#shared/domain/source.ts';
import type { SourceConfig, SourceConfigChange } from '#shared/settings/source-config.ts';
import type { Provider, ProviderContext } from '../../providers/port.ts';

/** A source ready to be asked. */
export interface ReadySource {
  readonly provider: Provider;
  readonly config: SourceConfig;
  /** Made once per configuration and key; closed by the service when either changes. */
  readonly context: ProviderContext;
}

/** Settings, keys and connections of every source. */
export interface SourcesService {
  /** All providers of this version, in the order they are shown. */
  readonly providers: readonly Provider[];
  list(): Promise<{ readonly sources: SourceView[]; readonly secretStore: SecretStoreView }>;
  view(source: SourceId): Promise<SourceView>;
  config(source: SourceId): Promise<SourceConfig>;
  /** All or nothing; INVALID_ARGUMENT names the field and what it must be. */
  set(source: SourceId, change: SourceConfigChange): Promise<SourceView>;
  setKey(source: SourceId, of: 'source' | 'proxy', value: string): Promise<SourceView>;
  removeKey(source: SourceId, of: 'source' | 'proxy'): Promise<SourceView>;
  /** The source with its key, or why it cannot be asked now: disabled, no key, licence not accepted, secrets locked. */
  ready(
    source: SourceId,
  ): Promise<
    | { readonly ok: true; readonly source: ReadySource }
    | { readonly ok: false; readonly why: 'disabled' | 'no-key'; readonly sentence: string }
  >;
  /** Reserves, sends, settles and records like any request. */
  test(source: SourceId, signal: AbortSignal): Promise<ConnectionTestView>;
  chooseSecretStore(place: 'keychain' | 'file', passphrase?: string): Promise<SecretStoreView>;
  unlockSecrets(passphrase: string): Promise<SecretStoreView>;
  /** Told when settings or key of a source changed, in whichever process. */
  onChange(listener: (source: SourceId) => void): () => void;
  dispose(): Promise<void>;
}
