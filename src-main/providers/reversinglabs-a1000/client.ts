import type { HexDigest } from '#shared/domain/hash.ts';
import type { HttpRequest, HttpResult } from '../../net/port.ts';
import type { ProviderContext } from '../port.ts';

/** An entry of a list has some 2 kB; this leaves room for fifty times a hundred of them. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * What a list is asked to tell. `ticloud` comes only when it is named; a name the appliance does not know is refused
 * with the whole list, so that there are no more than are read.
 */
const FIELDS = [
  'sha1',
  'sha256',
  'md5',
  'classification',
  'riskscore',
  'classification_result',
  'classification_reason',
  'classification_origin',
  'local_first_seen',
  'local_last_seen',
  'ticloud',
] as const;

/** `POST /api/samples/v2/list/`: what the appliance has on digests of one kind. Asks for no new analysis of any file. */
export function postList(
  hashes: readonly HexDigest[],
  context: ProviderContext,
  signal: AbortSignal,
): Promise<HttpResult> {
  const body = {
    hash_values: hashes,
    fields: FIELDS,
    include_networkthreatintelligence: 'false',
    skip_reanalysis: 'true',
  };
  return send('POST /api/samples/v2/list/', '/api/samples/v2/list/', body, context, signal);
}

/** `GET /api/samples/v3/{hash}/classification/`: one digest, on the appliance and, unless `localOnly`, in its cloud. */
export function getClassification(
  hash: HexDigest,
  localOnly: boolean,
  context: ProviderContext,
  signal: AbortSignal,
): Promise<HttpResult> {
  const path = `/api/samples/v3/${hash}/classification/?localonly=${localOnly ? 1 : 0}`;
  return send('GET /api/samples/v3/{hash}/classification/', path, null, context, signal);
}

/** `POST /api/samples/status/`: whether the appliance has processed a file. Never asks its cloud. */
export function postStatus(hash: HexDigest, context: ProviderContext, signal: AbortSignal): Promise<HttpResult> {
  return send('POST /api/samples/status/', '/api/samples/status/', { hash_values: [hash] }, context, signal);
}

/** Paths end in a slash: without one the appliance redirects, and a redirected POST loses its body. */
function send(
  label: string,
  path: string,
  body: unknown,
  { config, key, http }: ProviderContext,
  signal: AbortSignal,
): Promise<HttpResult> {
  const request: HttpRequest = {
    method: body === null ? 'GET' : 'POST',
    url: `${config.url.replace(/\/+$/, '')}${path}`,
    label,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      authorization: `Token ${key}`,
    },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
    timeoutMs: config.timeoutSeconds * 1000,
    maxBytes: MOST_BYTES,
  };
  return http.send(request, signal);
}
