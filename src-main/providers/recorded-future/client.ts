import type { HexDigest } from '#shared/domain/hash.ts';
import type { HttpRequest, HttpResult } from '../../net/port.ts';
import type { ProviderContext } from '../port.ts';

/** A thousand entities with all of their evidence; some 3 kB come per entity that has any. */
const MOST_BULK_BYTES = 32 * 1024 * 1024;
/** One entity with its related entities. */
const MOST_SINGLE_BYTES = 8 * 1024 * 1024;

/** Everything here has to be named, or it is left out of the answer. */
const FIELDS = 'entity,risk,timestamps,intelCard,hashAlgorithm,relatedEntities,links,metrics';

/** Bulk enrichment by one of its two paths. Both take and give the same; a key may be allowed only one of them. */
export const BULK_PATHS = { 'soar-v2': '/v2/soar/enrichment', 'soar-v3': '/soar/v3/enrichment' } as const;
export type BulkPath = keyof typeof BULK_PATHS;

/** Digests of one kind, as many as the bulk API takes: one call. It finds risk, and no dates, digests or link. */
export function postEnrichment(
  path: BulkPath,
  hashes: readonly HexDigest[],
  context: ProviderContext,
  signal: AbortSignal,
): Promise<HttpResult> {
  const body = JSON.stringify({ hash: hashes });
  return send({ method: 'POST', path: BULK_PATHS[path], body, maxBytes: MOST_BULK_BYTES }, context, signal);
}

/** `GET /v2/hash/{hash}`: everything about one hash; 404 when nothing is known. One call. */
export function getHash(hash: HexDigest, context: ProviderContext, signal: AbortSignal): Promise<HttpResult> {
  const path = `/v2/hash/${hash}?fields=${encodeURIComponent(FIELDS)}`;
  return send({ method: 'GET', path, label: 'GET /v2/hash/{hash}', maxBytes: MOST_SINGLE_BYTES }, context, signal);
}

function send(
  what: {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly label?: string;
    readonly body?: string;
    readonly maxBytes: number;
  },
  { config, key, http }: ProviderContext,
  signal: AbortSignal,
): Promise<HttpResult> {
  const { method, path, body, maxBytes } = what;
  const request: HttpRequest = {
    method,
    // Both APIs stand beside each other below it; the older one's address is often given for both.
    url: `${config.url.replace(/(?:\/v2)?\/*$/, '')}${path}`,
    label: what.label ?? `${method} ${path}`,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      'x-rftoken': key,
    },
    ...(body === undefined ? {} : { body }),
    timeoutMs: config.timeoutSeconds * 1000,
    maxBytes,
  };
  return http.send(request, signal);
}
