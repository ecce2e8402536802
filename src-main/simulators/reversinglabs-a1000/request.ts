import type { ApiRequest } from '../server/api.ts';
import { isField } from './sample.ts';

/** What was asked, or the error object it is refused with. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

export interface ListRequest {
  /** Lower case, all of one kind. */
  readonly hashes: readonly string[];
  /** Null for the usual ones. */
  readonly fields: readonly string[] | null;
}

const HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$/i;

export function isHash(text: string): boolean {
  return HASH.test(text);
}

/** The kind of digest a hash of this many digits is. */
export function hashType(hash: string): string {
  return { 32: 'md5', 40: 'sha1', 64: 'sha256', 128: 'sha512' }[hash.length] ?? 'unknown';
}

/** The body of a list: `hash_values` of one kind, `fields` the appliance knows, switches as texts. */
export function readList(request: ApiRequest): Parsed<ListRequest> {
  const hashes = readHashes(request);
  if (!hashes.ok) {
    return hashes;
  }
  const { fields, include_networkthreatintelligence: network, skip_reanalysis: skip } = hashes.value.body;
  if (fields !== undefined && !isTexts(fields)) {
    return refused({ fields: ['Expected a list of items.'] });
  }
  const strange = fields?.find((name) => !isField(name));
  if (strange !== undefined) {
    return refused({ fields: [`Invalid field name: ${strange}.`] });
  }
  if (![network, skip].every((value) => value === undefined || value === 'true' || value === 'false')) {
    return refused({ detail: 'Expected "true" or "false".' });
  }
  return { ok: true, value: { hashes: hashes.value.hashes, fields: fields ?? null } };
}

/** The hashes of a body; all must be of the same kind. */
export function readHashes(
  request: ApiRequest,
): Parsed<{ readonly hashes: readonly string[]; readonly body: Readonly<Record<string, unknown>> }> {
  const body = jsonOf(request);
  if (body === null) {
    return refused({ detail: 'JSON parse error - Expecting value: line 1 column 1 (char 0)' });
  }
  const values = body['hash_values'];
  if (values === undefined) {
    return refused({ hash_values: ['This field is required.'] });
  }
  if (!isTexts(values) || values.length === 0) {
    return refused({ hash_values: ['This list may not be empty.'] });
  }
  const malformed = values.find((value) => !isHash(value));
  if (malformed !== undefined) {
    return refused({ hash_values: [`Malformed hash: ${malformed}.`] });
  }
  const isMixed = new Set(values.map((value) => value.length)).size > 1;
  return isMixed
    ? refused({ hash_values: ['All hash values must be of the same type.'] })
    : { ok: true, value: { hashes: values.map((value) => value.toLowerCase()), body } };
}

function jsonOf(request: ApiRequest): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    // The client is told; there is nobody else to tell.
    return null;
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function refused(error: unknown): { readonly ok: false; readonly error: unknown } {
  return { ok: false, error };
}
