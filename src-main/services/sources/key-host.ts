import { sourceLabel } from '#shared/domain/source.ts';
import type { ProviderFacts } from '../../providers/port.ts';
import type { StoredConfig } from './stored-config.ts';

/** The host a URL leads to, with its port. */
export function hostOf(url: string): string {
  return URL.parse(url)?.host ?? '';
}

/**
 * Why a stored key is not sent to the host that is set now, as a sentence; null when it may be. A key is for the host it
 * was given for, or for any of the vendor's own: whoever can change an address must not thereby get the key.
 */
export function strangeHost(facts: ProviderFacts, { config, keyHost }: StoredConfig): string | null {
  const host = hostOf(config.url);
  if (keyHost === null || keyHost === host) {
    return null;
  }
  const own = facts.urlPresets.map(({ url }) => hostOf(url));
  return own.includes(keyHost) && own.includes(host)
    ? null
    : `The key of ${sourceLabel(facts.source)} was given for ${keyHost} and is not sent to ${host}. Give it again to use it there.`;
}
