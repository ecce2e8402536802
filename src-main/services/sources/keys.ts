import { sourceLabel, type SourceId } from '#shared/domain/source.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { secretVariable } from '../../platform/secrets/environment.ts';
import type { Secrets, SecretState } from '../../platform/secrets/port.ts';
import { isPlainKey } from './check-key.ts';
import type { StoredConfig } from './stored-config.ts';

/** What a source's requests are made with, or the sentence why there is no key. */
export type KeyFound =
  | { readonly ok: true; readonly key: string; readonly proxyCredentials: ProxyCredentials | null }
  | { readonly ok: false; readonly sentence: string };

export interface ProxyCredentials {
  readonly name: string;
  readonly password: string;
}

export interface KeyStates {
  readonly key: SecretState;
  readonly proxyKey: SecretState;
}

/** Keys of sources, looked up once until they change: a keychain may be slow, or ask a person. */
export interface Keys {
  find(source: SourceId, stored: StoredConfig): Promise<KeyFound>;
  states(source: SourceId, stored: StoredConfig): Promise<KeyStates>;
  /** The store was changed or opened: everything is looked up again. */
  forget(): void;
}

/** A store that could not be asked is asked again after this. */
const ASK_AGAIN_MS = 10_000;

/** The name under which the secret store keeps a source's key or the credentials of its proxy. */
export const keyName = (source: SourceId, of: 'source' | 'proxy'): string =>
  of === 'source' ? source : `${source}-proxy`;

/** `hasSystemProxy` tells whether the system names a proxy, so that credentials for one may be wanted. */
export function createKeys(
  secrets: Secrets,
  hasSystemProxy: () => boolean,
  steady: () => number = () => performance.now(),
): Keys {
  const wantsProxyKey = ({ proxy }: StoredConfig['config']): boolean =>
    proxy.kind === 'manual' || (proxy.kind === 'system' && hasSystemProxy());
  const direct = remembering((source) => findKey(secrets, source, false), isFound, steady);
  const proxied = remembering((source) => findKey(secrets, source, true), isFound, steady);
  const states = remembering(
    (source) => statesOf(secrets, source),
    ({ key }) => key.fault === null,
    steady,
  );
  return {
    find: (source, { config, keyRevision }) => (wantsProxyKey(config) ? proxied : direct).of(source, keyRevision),
    states: (source, { keyRevision }) => states.of(source, keyRevision),
    forget() {
      direct.forget();
      proxied.forget();
      states.forget();
    },
  };
}

const isFound = (key: KeyFound): boolean => key.ok;

/** A proxy's credentials are looked up only where there is one: a keychain may ask a person. */
async function findKey(secrets: Secrets, source: SourceId, withProxy: boolean): Promise<KeyFound> {
  const [label, variable] = [sourceLabel(source), secretVariable(source)];
  try {
    const key = await secrets.get(keyName(source, 'source'));
    if (key === null) {
      return { ok: false, sentence: `${label} has no key. Set it in the settings of the source, or as ${variable}.` };
    }
    return isPlainKey(key)
      ? { ok: true, key, proxyCredentials: withProxy ? await credentialsOf(secrets, source) : null }
      : {
          ok: false,
          sentence: `The key of ${label} holds a character that no key has. Set it again, or correct ${variable}.`,
        };
  } catch (error) {
    if (isAppError(error)) {
      return { ok: false, sentence: `${error.message} The key of ${label} can also be given as ${variable}.` };
    }
    throw error;
  }
}

/** A store that cannot be asked is no fault here: most proxies want none, and one that does says so. */
async function credentialsOf(secrets: Secrets, source: SourceId): Promise<ProxyCredentials | null> {
  const pair = await secrets.get(keyName(source, 'proxy')).catch((error: unknown) => {
    if (isAppError(error)) {
      return null;
    }
    throw error;
  });
  const colon = pair?.indexOf(':') ?? -1;
  return pair === null || colon < 0 ? null : { name: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

async function statesOf(secrets: Secrets, source: SourceId): Promise<KeyStates> {
  return {
    key: await secrets.state(keyName(source, 'source')),
    proxyKey: await secrets.state(keyName(source, 'proxy')),
  };
}

function remembering<T>(
  look: (source: SourceId) => Promise<T>,
  isLasting: (value: T) => boolean,
  steady: () => number,
): { of(source: SourceId, revision: number): Promise<T>; forget(): void } {
  const known = new Map<SourceId, { readonly revision: number; readonly value: Promise<T>; until: number }>();
  return {
    of(source, revision) {
      const before = known.get(source);
      if (before?.revision === revision && steady() < before.until) {
        return before.value;
      }
      const value = look(source);
      const entry = { revision, value, until: Number.POSITIVE_INFINITY };
      known.set(source, entry);
      value.then(
        (result) => {
          entry.until = isLasting(result) ? entry.until : steady() + ASK_AGAIN_MS;
        },
        () => {
          entry.until = 0;
        },
      );
      return value;
    },
    forget: () => known.clear(),
  };
}
