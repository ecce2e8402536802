import type { HexDigest } from '#shared/domain/hash.ts';
import type { HttpResult } from '../../net/port.ts';
import type { ProviderContext } from '../port.ts';

/** Files with every engine and much metadata stay below one megabyte. */
const MOST_BYTES = 8 * 1024 * 1024;

/** `GET /files/{hash}`: MD5, SHA-1 or SHA-256. Counts as one lookup, found or not. */
export function getFile(hash: HexDigest, context: ProviderContext, signal: AbortSignal): Promise<HttpResult> {
  return get(`/files/${hash}`, 'GET /files/{hash}', context, signal);
}

/** `GET /users/{key}/overall_quotas`: what the account allows and has used. The path holds the key, the label does not. */
export function getQuotas(context: ProviderContext, signal: AbortSignal): Promise<HttpResult> {
  const path = `/users/${encodeURIComponent(context.key)}/overall_quotas`;
  return get(path, 'GET /users/{key}/overall_quotas', context, signal);
}

function get(path: string, label: string, context: ProviderContext, signal: AbortSignal): Promise<HttpResult> {
  const { config, key, http } = context;
  return http.send(
    {
      method: 'GET',
      url: `${config.url.replace(/\/+$/, '')}${path}`,
      label,
      headers: {
        accept: 'application/json',
        // Answers are compressed only when this is sent and the User-Agent holds "gzip", as the network's does.
        'accept-encoding': 'gzip',
        'x-apikey': key,
        'x-tool': 'assay',
      },
      timeoutMs: config.timeoutSeconds * 1000,
      maxBytes: MOST_BYTES,
    },
    signal,
  );
}
