import { parseDigest, type DigestKind, type HexDigest } from '#shared/domain/hash.ts';
import { noVerdict } from '../no-verdict.ts';
import type { HashAnswer } from '../port.ts';
import type { Entity } from './schema.ts';

/** What a request is about. */
export interface Asked {
  readonly hashes: readonly HexDigest[];
  readonly kind: DigestKind;
}

/** Nothing is known about a hash: told by 404, by its absence from a bulk answer, or by a score of 0 without a rule. */
export function notKnown(hash: HexDigest, kind: DigestKind, rawCode: string | null): HashAnswer {
  return noVerdict({ hash, kind }, 'not-known', { rawCode });
}

/** Something was said that cannot be read; `note` is the sentence for it. */
export function surprise(hash: HexDigest, kind: DigestKind, note: string): HashAnswer {
  return noVerdict({ hash, kind }, 'protocol', { note });
}

/** The digest an entity is named by, lower case; null when it names none, or two, or is no hash. */
export function digestOf({ id, name, type }: Entity): HexDigest | null {
  if (type !== null && type !== undefined && type.trim().toLowerCase() !== 'hash') {
    return null;
  }
  const named = parseDigest(name ?? '')?.hex ?? null;
  const identified = parseDigest((id ?? '').trim().replace(/^hash:/i, ''))?.hex ?? null;
  return named !== null && identified !== null && named !== identified ? null : (named ?? identified);
}
