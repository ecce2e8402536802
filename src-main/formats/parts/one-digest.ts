import { createSlots, takeDigest } from '../bytes/hex.ts';
import { judgeAlgorithm } from '../names/judge-algorithm.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import { quote } from '../bytes/text.ts';
import type { RecordSink } from '../record-sink.ts';

export interface Claim {
  readonly line: number;
  readonly column: number;
  /** The algorithm the input names; '' when it names none. */
  readonly algorithm: string;
  /** What stands where the digest should be. */
  readonly value: string;
  readonly carried: readonly string[];
  readonly excerpt: string;
}

/** Reports records that name one algorithm and one value, exactly once each. */
export function createClaimReporter(sink: RecordSink): (claim: Claim) => void {
  const slots = createSlots();
  return ({ line, column, algorithm, value, carried, excerpt }) => {
    const bare = /^[0-9a-fA-F]{2}(?:[: -][0-9a-fA-F]{2})+$/.test(value) ? value.replaceAll(/[: -]/g, '') : value;
    const bytes = Buffer.from(bare);
    slots.mask = 0;
    takeDigest(bytes, 0, bytes.length, slots);
    const judged = judgeAlgorithm(algorithm, slots.mask);
    if (judged.not === 'other-algorithm') {
      sink.notDigest(judged.name);
      sink.without(line, judged.reason, excerpt);
    } else if (judged.not === 'wrong-length') {
      sink.reject(line, column, judged.reason, excerpt);
    } else if (slots.mask === 0) {
      sink.reject(line, column, reasonFor(bare), excerpt);
    } else {
      sink.hash(line, column, slots, carried);
    }
  };
}

function reasonFor(value: string): string {
  if (value === '') {
    return 'the hash is missing';
  }
  if (/(?:…|\.\.\.)$/.test(value)) {
    return 'the hash is cut off';
  }
  return whyNoDigest(value) ?? `“${quote(value).slice(0, 40)}” is not a hash`;
}
