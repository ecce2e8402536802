import type { SyncJobConfig } from '#shared/settings/sync-job.ts';
import { hostOf } from '../sources/key-host.ts';

/** One of the two services a job talks to. */
export type Side = 'threatconnect' | 'tanium';

/** The host a side's requests go to; empty while its address is not set. */
export function hostOfSide(config: SyncJobConfig, side: Side): string {
  return hostOf(urlOf(config, side));
}

/**
 * Whom a side's secret reaches: its host, where the certificate proves that; without that proof it is whoever answers, which a
 * proxy may decide. Part of a sentence.
 */
export function reachOf(config: SyncJobConfig, side: Side): string {
  const host = hostOfSide(config, side);
  const proxy = proxyOf(config, side);
  const way = proxy.kind === 'manual' ? ` by way of ${proxy.url}` : '';
  if (!urlOf(config, side).startsWith('https:')) {
    return `${host}${way}`;
  }
  return side === 'threatconnect' || config.verifyTaniumTls ? host : `${host} without a look at its certificate${way}`;
}

/** Whether a secret that was given for one reach may go to another: to the same, or to its host with the proof. */
export function mayReach(given: string, reach: string, host: string): boolean {
  return given === reach || (reach === host && given.startsWith(`${host} `));
}

/** The proxy a side's credentials are for; null when there is none. */
export function proxyPlace(config: SyncJobConfig, side: Side): string | null {
  const proxy = proxyOf(config, side);
  return proxy.kind === 'manual' ? proxy.url : proxy.kind === 'system' ? SYSTEM : null;
}

/** The same as part of a sentence. */
export function proxyWords(place: string | null): string {
  return place === null ? 'another proxy' : place === SYSTEM ? "this machine's own proxy" : place;
}

/** Credentials with the proxy they are for, as they are stored: whoever can change the proxy must not thereby get them. */
export function boundCredentials(place: string, pair: string): string {
  return `${place} ${pair}`;
}

/** Both again; `place` null where credentials came without one. */
export function unboundCredentials(stored: string): { readonly place: string | null; readonly pair: string } {
  const [, place, pair] = /^(system|https?:\/\/\S+) (.+)$/s.exec(stored) ?? [];
  return place === undefined || pair === undefined ? { place: null, pair: stored } : { place, pair };
}

const SYSTEM = 'system';

function urlOf(config: SyncJobConfig, side: Side): string {
  return side === 'threatconnect' ? config.threatConnectUrl : config.taniumUrl;
}

function proxyOf(config: SyncJobConfig, side: Side): SyncJobConfig['taniumProxy'] {
  return side === 'threatconnect' ? config.threatConnectProxy : config.taniumProxy;
}
