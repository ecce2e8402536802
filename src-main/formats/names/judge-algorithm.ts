import { DIGEST_BIT, DIGEST_LABEL, strongestKind } from '#shared/domain/hash.ts';
import { quote } from '../bytes/text.ts';
import { classifyName } from './classify-name.ts';

export interface Judgement {
  /** Why the digest is not used: the input itself names another algorithm. Null when it may be used. */
  readonly not: 'other-algorithm' | 'wrong-length' | null;
  readonly reason: string;
  /** What it is counted under when another algorithm is named. */
  readonly name: string;
}

const FINE: Judgement = { not: null, reason: '', name: '' };

/** Holds the algorithm an input names against the digests found (DIGEST_BIT values; 0 for none of the right length). */
export function judgeAlgorithm(named: string, mask: number): Judgement {
  const meaning = classifyName(named);
  if (meaning?.kind === 'never') {
    return { not: 'other-algorithm', reason: `${quote(named)} is not looked up`, name: meaning.name };
  }
  const kind = strongestKind(mask);
  if (meaning?.kind !== 'digest' || kind === null || (mask & DIGEST_BIT[meaning.digest]) !== 0) {
    return FINE;
  }
  const reason = `${DIGEST_LABEL[meaning.digest]} is named, but the hash has the length of ${DIGEST_LABEL[kind]}`;
  return { not: 'wrong-length', reason, name: '' };
}
