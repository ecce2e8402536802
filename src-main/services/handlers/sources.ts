import type { FeatureHandlers, HandlerParts } from './parts.ts';

/** Settings, keys and connections of sources. */
export function sourcesHandlers({ sources }: HandlerParts): FeatureHandlers<'sources'> {
  return {
    'sources.list': () => sources.list(),
    'sources.set': ({ source, change }) => sources.set(source, change),
    'sources.setKey': async ({ source, of, value }) => keyOf(await sources.setKey(source, of, value), of),
    'sources.removeKey': async ({ source, of }) => keyOf(await sources.removeKey(source, of), of),
    'sources.test': ({ source }) => sources.test(source, new AbortController().signal),
    'sources.chooseSecretStore': ({ place, passphrase }) => sources.chooseSecretStore(place, passphrase),
    'sources.unlockSecrets': ({ passphrase }) => sources.unlockSecrets(passphrase),
  };
}

function keyOf<T>(view: { readonly key: T; readonly proxyKey: T }, of: 'source' | 'proxy'): T {
  return of === 'source' ? view.key : view.proxyKey;
}
