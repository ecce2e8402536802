import { DIGEST_BYTES, type DigestKind } from '#shared/domain/hash.ts';
import { digestKey } from '../codes.ts';
import type { ReadableDb, WritableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';
import { startSlice, type Sliced } from '../slices.ts';

/** Rows between two looks at the clock. */
const STEP = 512;

/**
 * Keeps the keys of these digests (packed, by kind) for an intake under embargo, in the order given: what is interrupted
 * has kept a start of them.
 */
function* setEmbargoKeys(
  db: WritableDb,
  args: {
    readonly intakeId: number;
    readonly digests: readonly { readonly kind: DigestKind; readonly bytes: Uint8Array }[];
  },
): Sliced<number> {
  const slice = startSlice();
  const add = prepared(db, 'INSERT OR IGNORE INTO embargo_keys (key, intake_id) VALUES (?, ?)');
  let count = 0;
  for (const { kind, bytes } of args.digests) {
    const width = DIGEST_BYTES[kind];
    for (let at = 0; at < bytes.length; at += width) {
      add.run(digestKey(bytes.subarray(at, at + width)), args.intakeId);
      count += 1;
      if (count % STEP === 0 && slice.isOver()) {
        yield;
        slice.restart();
      }
    }
  }
  return count;
}

/** Removes the keys of an intake. */
function* dropEmbargoKeys(db: WritableDb, args: { readonly intakeId: number }): Sliced<number> {
  const remove = prepared(
    db,
    `DELETE FROM embargo_keys WHERE (key, intake_id) IN
       (SELECT key, intake_id FROM embargo_keys WHERE intake_id = +? LIMIT ${STEP})`,
  );
  const slice = startSlice();
  for (let count = 0; ;) {
    const { changes } = remove.run(args.intakeId);
    count += changes;
    if (changes < STEP) {
      return count;
    }
    if (slice.isOver()) {
      yield;
      slice.restart();
    }
  }
}

/** Intakes under embargo that hold one of these digests: by their keys, which another digest may share. */
function embargoedBy(db: ReadableDb, args: { readonly digests: readonly Uint8Array[] }): number[] {
  const find = prepared<number>(db, 'SELECT intake_id FROM embargo_keys WHERE key = +?').pluck(true);
  return [...new Set(args.digests.flatMap((digest) => find.all(digestKey(digest))))].sort((a, b) => a - b);
}

export const embargoReads = { embargoedBy } as const;
export const embargoWrites = { setEmbargoKeys, dropEmbargoKeys } as const;
