import type { HttpResponse } from '../../net/port.ts';
import { readBody, type Body } from '../read-body.ts';
import { bulkSchema, entrySchema, envelopeSchema, singleSchema, type Entry } from './schema.ts';

/** What a body holds; `xml` is what the service sends where JSON was not asked for, and is never read as an answer. */
export type AnswerBody = Exclude<Body, { kind: 'other' }> | { readonly kind: 'xml' | 'text'; readonly text: string };

/** Reads a body by what it holds: error bodies are not documented, and gateways send pages of their own. */
export function readAnswerBody(response: Pick<HttpResponse, 'body'>): AnswerBody {
  const body = readBody(response);
  if (body.kind !== 'other') {
    return body;
  }
  const text = new TextDecoder().decode(response.body).trim();
  return { kind: text.startsWith('<') ? 'xml' : 'text', text };
}

/** The entries of a bulk answer and the digests it calls malformed; null when the body is none. */
export function readBulk(
  body: AnswerBody,
): { readonly entries: readonly unknown[]; readonly invalid: readonly unknown[] } | null {
  const parsed = body.kind === 'json' ? bulkSchema.safeParse(body.value) : null;
  if (parsed?.success !== true) {
    return null;
  }
  const { entries, invalid_hashes: invalid } = parsed.data.rl;
  // An envelope with neither is about something else.
  return entries || invalid ? { entries: entries ?? [], invalid: invalid ?? [] } : null;
}

/** The entry of a single answer; null when the body is none. */
export function readSingle(body: AnswerBody): Entry | null {
  const parsed = body.kind === 'json' ? singleSchema.safeParse(body.value) : null;
  return parsed?.success === true ? parsed.data.rl.malware_presence : null;
}

/** Whether a single answer is in the service's own form: a whole `rl` envelope, in JSON or XML, and not one of many files. */
export function isOfService(body: AnswerBody): boolean {
  const envelope = body.kind === 'json' ? envelopeSchema.safeParse(body.value).data : undefined;
  return envelope === undefined
    ? body.kind === 'xml' && /^(?:<\?xml[^>]*\?>\s*)?<rl[\s>]/.test(body.text) && body.text.endsWith('</rl>')
    : !('entries' in envelope.rl);
}

/** What an `rl` envelope tells of a file: its status, null when it tells none, and the digests it was asked about by. */
export function toldInside(body: AnswerBody): { readonly status: string | null; readonly queried: readonly string[] } {
  if (body.kind !== 'json') {
    const text = body.kind === 'xml' ? body.text : '';
    const digests = text.matchAll(/<(?:md5|sha1|sha256)>\s*([0-9a-f]{32,64})\s*<\//gi);
    return {
      status: /<status>\s*([A-Z_]+)\s*<\/status>/.exec(text)?.[1] ?? null,
      queried: [...digests].map(([, digest]) => (digest ?? '').toLowerCase()),
    };
  }
  const presence = envelopeSchema.safeParse(body.value).data?.rl['malware_presence'];
  const entry = entrySchema.partial().safeParse(presence).data;
  const queried = Object.values(entry?.query_hash ?? {}).flatMap((digest) => digest?.trim().toLowerCase() || []);
  return { status: entry?.status ?? null, queried };
}
