import type { DigestKind, DigestSet, HexDigest } from '#shared/domain/hash.ts';
import type { HashKnowledge } from '../port.ts';

/** The hash and, of each other kind, the one digest its file is known by. Where there are several of a kind, none. */
export function digestSetOf({ kind, hash, aliases }: Pick<HashKnowledge, 'kind' | 'hash' | 'aliases'>): DigestSet {
  const digests: Partial<Record<DigestKind, HexDigest>> = {};
  for (const alias of aliases) {
    if (aliases.filter((other) => other.kind === alias.kind).length === 1) {
      digests[alias.kind] = alias.hash as HexDigest;
    }
  }
  return { ...digests, [kind]: hash };
}
