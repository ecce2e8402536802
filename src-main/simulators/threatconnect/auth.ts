import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ApiRequest } from '../server/api.ts';

/** What the API user proves itself with. */
export interface Credentials {
  readonly accessId: string;
  readonly secretKey: string;
  readonly token: string;
}

/** How far the clock of a client may be off. */
const MOST_SKEW_MS = 5 * 60_000;

/**
 * Why a request is refused, in the server's words; null when it is who it says. A signature is over path and query as they
 * came, the method and the whole second of the `Timestamp` header: Base64 of HMAC-SHA256. `now`: milliseconds.
 */
export function whyRefused(request: ApiRequest, credentials: Credentials, now: number): string | null {
  const authorization = request.headers['authorization'];
  if (authorization === undefined) {
    return 'Access Denied: no Authorization header';
  }
  const token = /^TC-Token (\S+)$/.exec(authorization)?.[1];
  if (token !== undefined) {
    return isSame(token, credentials.token) ? null : 'Expired or invalid token';
  }
  const signed = /^TC ([^:\s]+):(\S+)$/.exec(authorization);
  return signed === null
    ? 'Access Denied: Authorization header not understood'
    : whySignatureRefused(request, { accessId: signed[1] ?? '', signature: signed[2] ?? '' }, credentials, now);
}

function whySignatureRefused(
  request: ApiRequest,
  given: { readonly accessId: string; readonly signature: string },
  credentials: Credentials,
  now: number,
): string | null {
  const timestamp = request.headers['timestamp'] ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) {
    return 'Access Denied: Timestamp header missing or not in seconds';
  }
  if (Math.abs(Number(timestamp) * 1000 - now) > MOST_SKEW_MS) {
    return 'Timestamp out of acceptable time range';
  }
  const message = `${request.target}:${request.method}:${timestamp}`;
  const signature = createHmac('sha256', credentials.secretKey).update(message).digest('base64');
  return isSame(given.accessId, credentials.accessId) && isSame(given.signature, signature)
    ? null
    : 'Access Denied: signature does not match';
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
