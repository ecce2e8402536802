import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import type { HashAnswer } from './port.ts';

/**
 * An answer that says nothing about a hash. `not-known`: it was looked for and is not there, `rawCode` tells how that was
 * said; else what went wrong, with a sentence in `note`.
 */
export function noVerdict(
  { hash, kind }: { readonly hash: HexDigest; readonly kind: DigestKind },
  outcome: Exclude<HashAnswer['outcome'], 'answer' | 'pending'>,
  { rawCode = null, note = null }: { readonly rawCode?: string | null; readonly note?: string | null } = {},
): HashAnswer {
  return {
    hash,
    outcome,
    status: 'unknown',
    score: null,
    threat: null,
    rawCode,
    firstSeen: null,
    digests: { [kind]: hash },
    report: null,
    note,
  };
}
