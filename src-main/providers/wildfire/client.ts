import { randomBytes } from 'node:crypto';
import type { HexDigest } from '#shared/domain/hash.ts';
import type { HttpRequest, HttpResult } from '../../net/port.ts';
import type { ProviderContext } from '../port.ts';

/** Some 200 bytes come per hash; this leaves room for two thousand times that of one. */
const MOST_BYTES = 4 * 1024 * 1024;

/** `POST /get/verdicts`: a file of hashes, one per line, as multipart form data. Counts as one query. */
export function postVerdicts(
  hashes: readonly HexDigest[],
  context: ProviderContext,
  signal: AbortSignal,
): Promise<HttpResult> {
  return post('/get/verdicts', { name: 'file', fileName: 'hashes.txt', value: hashes.join('\n') }, context, signal);
}

/** `POST /get/verdict`: one hash, MD5 or SHA-256. Counts as one query. */
export function postVerdict(hash: HexDigest, context: ProviderContext, signal: AbortSignal): Promise<HttpResult> {
  return post('/get/verdict', { name: 'hash', fileName: null, value: hash }, context, signal);
}

interface Part {
  readonly name: string;
  /** A name makes it a file. */
  readonly fileName: string | null;
  readonly value: string;
}

function post(path: string, part: Part, context: ProviderContext, signal: AbortSignal): Promise<HttpResult> {
  const { config, key, http } = context;
  const bearer = config.authStyle === 'bearer';
  const parts: readonly Part[] = [
    ...(bearer ? [] : [{ name: 'apikey', fileName: null, value: key }]),
    ...(config.agent === '' ? [] : [{ name: 'agent', fileName: null, value: config.agent }]),
    part,
  ];
  const { contentType, body } = formData(parts);
  const request: HttpRequest = {
    method: 'POST',
    url: `${config.url.replace(/\/+$/, '')}${path}`,
    label: `POST ${path}`,
    headers: {
      accept: 'application/xml, text/xml',
      'accept-encoding': 'gzip',
      'content-type': contentType,
      ...(bearer ? { authorization: `Bearer ${key}` } : {}),
    },
    body,
    timeoutMs: config.timeoutSeconds * 1000,
    maxBytes: MOST_BYTES,
  };
  return http.send(request, signal);
}

/** Form data as RFC 7578 wants it, with a boundary that nobody who filled in a part can have known. */
function formData(parts: readonly Part[]): { readonly contentType: string; readonly body: string } {
  const boundary = `assay-${randomBytes(18).toString('hex')}`;
  const body = parts
    .map(({ name, fileName, value }) => {
      const file = fileName === null ? '' : `; filename="${fileName}"\r\nContent-Type: text/plain`;
      return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`;
    })
    .join('');
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: `${body}--${boundary}--\r\n` };
}
