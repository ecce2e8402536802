import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import type { HttpRequest, HttpResult } from '../../net/port.ts';
import type { ProviderContext } from '../port.ts';
import { optionsOf } from './options.ts';

/** An entry takes some 600 bytes; this leaves room for a hundred times that of a full request. */
const MOST_BYTES = 8 * 1024 * 1024;
const PRESENCE = '/api/databrowser/malware_presence';
const USAGE = '/api/customer_usage/v1';

/** `POST …/bulk_query/json`: at most 100 digests of one kind. Each valid one counts. */
export function postBulk(
  hashes: readonly HexDigest[],
  kind: DigestKind,
  context: ProviderContext,
  signal: AbortSignal,
): Promise<HttpResult> {
  return send(
    {
      method: 'POST',
      path: `${PRESENCE}/bulk_query/json`,
      query: 'extended=true&show_hashes=true',
      label: `POST ${PRESENCE}/bulk_query/json`,
      body: JSON.stringify({ rl: { query: { hash_type: kind, hashes } } }),
    },
    context,
    signal,
  );
}

/** `GET …/query/{kind}/{hash}`: one digest. Without `format=json` the service answers in XML. */
export function getOne(
  hash: HexDigest,
  kind: DigestKind,
  context: ProviderContext,
  signal: AbortSignal,
): Promise<HttpResult> {
  return send(
    {
      method: 'GET',
      path: `${PRESENCE}/query/${kind}/${hash}`,
      query: 'format=json&extended=true&show_hashes=true',
      label: `GET ${PRESENCE}/query/{kind}/{hash}`,
    },
    context,
    signal,
  );
}

/** What the account used today (TCA-9999). Counts as nothing. */
export function getUsage(context: ProviderContext, signal: AbortSignal): Promise<HttpResult> {
  return get(`${USAGE}/usage/daily`, context, signal);
}

/** What the account's contract allows (TCA-9999). Counts as nothing. */
export function getLimits(context: ProviderContext, signal: AbortSignal): Promise<HttpResult> {
  return get(`${USAGE}/limits`, context, signal);
}

/** The account as HTTP Basic presents it (RFC 7617). As secret as the key. */
export function credentialsOf({ config, key }: Pick<ProviderContext, 'config' | 'key'>): string {
  return Buffer.from(`${optionsOf(config).username}:${key}`, 'utf8').toString('base64');
}

function get(path: string, context: ProviderContext, signal: AbortSignal): Promise<HttpResult> {
  return send({ method: 'GET', path, query: 'format=json', label: `GET ${path}` }, context, signal);
}

function send(
  wanted: Pick<HttpRequest, 'method' | 'label' | 'body'> & { readonly path: string; readonly query: string },
  context: ProviderContext,
  signal: AbortSignal,
): Promise<HttpResult> {
  const { config, http } = context;
  const { method, label, path, query, body } = wanted;
  const request: HttpRequest = {
    method,
    url: `${config.url.replace(/\/+$/, '')}${path}?${query}`,
    label,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      authorization: `Basic ${credentialsOf(context)}`,
      ...(body === undefined ? {} : { 'content-type': `application/${optionsOf(config).bodyType}` }),
    },
    ...(body === undefined ? {} : { body }),
    timeoutMs: config.timeoutSeconds * 1000,
    maxBytes: MOST_BYTES,
  };
  return http.send(request, signal);
}
