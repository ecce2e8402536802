import { parseDigest } from '#shared/domain/hash.ts';
import { quote } from '../../bytes/text.ts';
import { type PackedDigest, bareCell, isEmptyCell, packedDigests, packedOthers } from '../../delimited/cell.ts';
import { whyNoDigest } from '../../names/describe-token.ts';
import { sha1OfFileId } from '../../names/file-id.ts';
import { judgeAlgorithm } from '../../names/judge-algorithm.ts';
import { DIGEST_BIT } from '#shared/domain/hash.ts';
import type { KeyRule } from './key-rules.ts';

/** What the value of a key that speaks of digests comes to. */
export interface LooseClaim {
  readonly digests: readonly PackedDigest[];
  /** Names of packed values that are no digests. */
  readonly others: readonly string[];
  /** Why it is no digest though it should be one, or null. */
  readonly problem: string | null;
  /** True when the value says nothing about a digest at all: it may be read as text. */
  readonly isText: boolean;
}

/** Longer values hold no digest, whatever the key says; looking closer would only cost time. */
const LONGEST = 4096;
const NOTHING: LooseClaim = { digests: [], others: [], problem: null, isText: false };
const TEXT: LooseClaim = { ...NOTHING, isText: true };

/** Reads a value under a key of role `digest` or `any` that is not simply one whole digest of the right kind. */
export function looseClaim(rule: KeyRule, value: string): LooseClaim {
  if (value.length > LONGEST) {
    return rule.role === 'digest' ? { ...NOTHING, problem: `${value.length} characters are not a hash` } : TEXT;
  }
  const shown = bareCell(value);
  const bare = rule.digest === 'sha1' ? (sha1OfFileId(shown) ?? shown) : shown;
  if (isEmptyCell(bare)) {
    return NOTHING;
  }
  const whole = parseDigest(bare);
  if (whole !== null) {
    const judged = rule.digest === null ? null : judgeAlgorithm(rule.digest, DIGEST_BIT[whole.kind]);
    return judged === null || judged.not === null
      ? { ...NOTHING, digests: [whole] }
      : { ...NOTHING, problem: judged.reason };
  }
  const digests = packedDigests(bare);
  if (digests.length > 0) {
    return { ...NOTHING, digests, others: packedOthers(bare) };
  }
  const why = whyNoDigest(bare);
  if (why !== null) {
    return { ...NOTHING, problem: why };
  }
  return rule.role === 'digest' ? { ...NOTHING, problem: `“${quote(bare).slice(0, 40)}” is not a hash` } : TEXT;
}
