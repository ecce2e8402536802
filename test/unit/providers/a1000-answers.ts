import type { HexDigest } from '#shared/domain/hash.ts';
import type { HttpResult } from '#main/net/port.ts';
import type { ProviderContext, RequestFault, RequestResult } from '#main/providers/port.ts';
import { a1000 } from '#main/providers/reversinglabs-a1000/index.ts';

export const NOW = Date.UTC(2026, 10, 22, 9);
export const SHA256 = 'ab'.repeat(32) as HexDigest;
export const SHA1 = 'cd'.repeat(20) as HexDigest;
export const MD5 = 'ef'.repeat(16) as HexDigest;
export const KEY = 'the-token-of-the-test';

/** An entry of a list about the file of the digests above. */
export function entry(fields: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { sha1: SHA1, sha256: SHA256, md5: MD5, classification: 'goodware', riskscore: 1, ...fields };
}

export function listText(...results: readonly unknown[]): string {
  return JSON.stringify({ count: results.length, next: null, previous: null, results });
}

export interface Given {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly reach?: 'appliance' | 'appliance-and-cloud';
  readonly now?: number;
}

/** What the adapter makes of this answer to a list about one hash. */
export function asked(body: string | Uint8Array, given: Given = {}): Promise<RequestResult> {
  return a1000.ask([SHA256], 'sha256', contextOf(body, given), new AbortController().signal);
}

/** The same by MD5, which may stand for several files. */
export function askedByMd5(body: string): Promise<RequestResult> {
  return a1000.ask([MD5], 'md5', contextOf(body, {}), new AbortController().signal);
}

/** What it makes of this answer to a single look-up. */
export async function askedOne(body: string | Uint8Array, given: Given = {}): Promise<RequestResult> {
  const result = await a1000.askOne?.(SHA256, 'sha256', contextOf(body, given), new AbortController().signal);
  if (result === undefined) {
    throw new Error('there is no single call');
  }
  return result;
}

export function faultOf(result: RequestResult): RequestFault {
  if (result.ok) {
    throw new Error(`expected a fault, got ${JSON.stringify(result.answers)}`);
  }
  return result.fault;
}

function contextOf(body: string | Uint8Array, { status, headers, reach, now }: Given): ProviderContext {
  const response = { status: status ?? 200, headers: headers ?? {}, body: Buffer.from(body), elapsedMs: 1 };
  const result: HttpResult = { ok: true, response };
  return {
    config: { ...a1000.facts.defaults, url: 'https://a1000.example', options: { reach: reach ?? 'appliance' } },
    key: KEY,
    http: { send: async () => result, close: async () => undefined },
    threshold: { malicious: null, suspicious: null },
    now: () => now ?? NOW,
  };
}
