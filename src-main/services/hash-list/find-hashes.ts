import { DIGEST_BIT, DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import { createReading } from '../../formats/read-records.ts';
import type { DigestSlots, RecordSink } from '../../formats/record-sink.ts';

export interface FoundHash {
  readonly kind: DigestKind;
  /** Lower-case hex. */
  readonly hash: string;
  /** 1-based. */
  readonly line: number;
}

/**
 * Every digest in the text, in order, by the rules of free text: no slice of a longer run, nothing that is named as
 * something else than a file's digest.
 */
export function findHashes(text: string): FoundHash[] {
  const found: FoundHash[] = [];
  const keep = (line: number, _column: number, slots: DigestSlots): void => {
    for (const kind of DIGEST_KINDS) {
      if ((slots.mask & DIGEST_BIT[kind]) !== 0) {
        found.push({ kind, hash: Buffer.from(slots[kind]).toString('hex'), line });
      }
    }
  };
  const sink: RecordSink = {
    hash: keep,
    another: keep,
    without: () => undefined,
    reject: () => undefined,
    notDigest: () => undefined,
    otherLines: () => undefined,
    fault: () => undefined,
  };
  const reading = createReading({ format: 'text' }, () => sink);
  reading.push(Buffer.from(text, 'utf8'));
  reading.end();
  return found;
}
