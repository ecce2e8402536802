import type { HexDigest } from '#shared/domain/hash.ts';
import { faultOf } from '#main/providers/virustotal/faults.ts';
import { mapFile } from '#main/providers/virustotal/map.ts';
import { readBody } from '#main/providers/read-body.ts';
import { readError, readFile } from '#main/providers/virustotal/read-answer.ts';
import type { HashAnswer, ProviderContext, RequestFault } from '#main/providers/port.ts';

export const NOW = Date.UTC(2026, 10, 22, 9);
export const SHA256 = 'ab'.repeat(32) as HexDigest;
export const SHA1 = 'cd'.repeat(20) as HexDigest;
export const MD5 = 'ef'.repeat(16) as HexDigest;

/** Attributes with this many engines of each opinion, as the API gives them. */
export function engines(counts: Readonly<Record<string, number>>): Readonly<Record<string, unknown>> {
  const results = Object.entries(counts).flatMap(([category, count]) =>
    Array.from({ length: count }, (_, n) => [
      `${category}-${String(n).padStart(2, '0')}`,
      {
        method: 'blacklist',
        engine_name: `${category}-${String(n).padStart(2, '0')}`,
        engine_version: '1.2.3',
        engine_update: '20261121',
        category,
        result: category === 'malicious' ? `Trojan.${n}` : null,
      },
    ]),
  );
  return { last_analysis_stats: counts, last_analysis_results: Object.fromEntries(results) as unknown };
}

export function fileText(attributes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    data: { id: SHA256, type: 'file', attributes: { md5: MD5, sha1: SHA1, sha256: SHA256, ...attributes } },
  });
}

/** What the adapter makes of a file object, or why it cannot. */
export function read(
  attributes: Readonly<Record<string, unknown>>,
  threshold: ProviderContext['threshold'] = { malicious: null, suspicious: null },
): HashAnswer {
  const body = readBody({ body: Buffer.from(fileText(attributes)) });
  if (body.kind !== 'json') {
    throw new Error(`expected JSON, got ${body.kind}`);
  }
  const file = readFile(body);
  if ('unreadableAt' in file) {
    throw new Error(`unreadable at ${file.unreadableAt}`);
  }
  const mapped = mapFile(file, { hash: SHA256, kind: 'sha256' }, threshold);
  if (mapped.kind !== 'answer') {
    throw new Error(mapped.why);
  }
  return mapped.answer;
}

/** What the adapter makes of an answer that is none. */
export function fault(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
  key = 'the-key-of-the-test',
): RequestFault {
  const body = readBody({ body: Buffer.from(text) });
  return faultOf({ status, headers }, body, readError(body), { key, now: NOW });
}

export function errorText(code: string, message: string | null = null): string {
  return JSON.stringify({ error: { code, message } });
}
