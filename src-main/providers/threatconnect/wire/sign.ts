import { createHmac } from 'node:crypto';

/** How an Api User proves itself, secrets without white space around them. */
export type ApiUser =
  | { readonly kind: 'hmac'; readonly accessId: string; readonly secretKey: string }
  | { readonly kind: 'token'; readonly token: string };

/**
 * Headers that prove who asks. `target` is path and query exactly as they are sent; host, headers and body are not
 * signed. `at` is milliseconds since the epoch; the server allows five minutes of difference.
 * https://docs.threatconnect.com/en/latest/rest_api/quick_start.html
 */
export function proof(
  user: ApiUser,
  request: { readonly method: string; readonly target: string; readonly at: number },
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(request.at / 1000));
  if (user.kind === 'token') {
    return { authorization: `TC-Token ${user.token}`, timestamp };
  }
  const message = `${request.target}:${request.method}:${timestamp}`;
  const signature = createHmac('sha256', user.secretKey).update(message).digest('base64');
  return { authorization: `TC ${user.accessId}:${signature}`, timestamp };
}
