import { DIGEST_BYTES, type DigestKind } from '#shared/domain/hash.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { NO_ANSWER_CODE } from '../../../codes.ts';
import type { WritableDb } from '../../../handles.ts';
import { startSlice, type Sliced } from '../../../slices.ts';
import type { SettledItem } from '../../queue-types.ts';
import { createHeardItems } from './heard-items.ts';
import { asSet } from './known-files.ts';

const LOOK_EVERY = 64;

/**
 * Puts down that a source could not be asked about these digests (packed), and why. What the source ever said about such
 * a file stays. `at` is milliseconds since the epoch. Returns how many digests were looked at.
 */
export function* putCouldNotAsk(
  db: WritableDb,
  args: {
    readonly source: number;
    readonly kind: DigestKind;
    readonly digests: Uint8Array;
    readonly reason: string;
    readonly at: number;
  },
): Sliced<number> {
  const size = DIGEST_BYTES[args.kind];
  const total = Math.floor(args.digests.length / size);
  let next = 0;
  while (next < total) {
    const slice = startSlice();
    const items = createHeardItems(db, args.at);
    do {
      for (const end = Math.min(next + LOOK_EVERY, total); next < end; next += 1) {
        items.put(
          couldNotAsk(args.digests.subarray(next * size, (next + 1) * size), args.source, args.reason, args.at),
        );
      }
    } while (next < total && !slice.isOver());
    items.finish();
    if (next < total) {
      yield;
    }
  }
  return total;
}

/** The item that says a source could not be asked about a digest. `at` is milliseconds since the epoch. */
export function couldNotAsk(digest: Uint8Array, source: number, reason: string, at: number): SettledItem {
  return {
    digests: asSet(digest),
    source,
    status: STATUS_CODE.unknown,
    noAnswer: NO_ANSWER_CODE['could-not-ask'],
    score: null,
    threat: null,
    rawCode: reason,
    firstSeen: null,
    scannedAt: Math.floor(at / 1000),
    report: null,
    notBefore: null,
  };
}
