import fc from 'fast-check';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Claim, SettledRow } from '#main/db/repositories/queue-types.ts';
import { openWritable } from '#main/db/open.ts';
import { reads } from '#main/db/repositories/index.ts';
import { startWriting } from '#main/db/start.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { claimArgs, MINUTE, NO_LIMITS, NOON, packed, sha256, WILDFIRE, write } from './world.ts';

const DEADLINE = 90_000;
const HASHES = Array.from({ length: 40 }, (_, index) => sha256(index));

/** A call as the source saw it: at some real moment between these. */
interface Call {
  readonly from: number;
  /** Infinity while it is on its way. */
  to: number;
  readonly claim: Extract<Claim, { kind: 'request' }>;
}

const step = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ kind: 'claim' } as const) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('settle' as const), which: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass' as const), by: fc.integer({ min: 0, max: 40_000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      by: fc.oneof(fc.integer({ min: -90_000, max: 90_000 }), fc.constantFrom(-86_400_000, 3_600_000, -2, 15)),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' } as const) },
);

/** A database with some hashes queued, to be copied for each run. */
function template(file: string): void {
  const { db, use } = startWriting(file);
  write(db, 'enqueue', {
    source: WILDFIRE,
    kind: 'sha256',
    digests: packed(HASHES),
    purpose: 'new',
    intakeId: null,
    stage: 0,
    stopOnMalicious: false,
    force: true,
    at: NOON,
  });
  db.close();
  use.release();
}

/** Plays the steps and returns how many calls could have fallen into one real minute at worst, and how many were made. */
function play(
  steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
  limit: number,
  file: string,
): { readonly worst: number; readonly made: number } {
  let db = openWritable(file);
  let real = 0;
  let offset = NOON;
  const calls: Call[] = [];
  let worst = 0;
  const claim = (): void => {
    const args = claimArgs(real + offset, real, {
      limits: { ...NO_LIMITS, minute: limit },
      hashesPerRequest: 1,
      deadlineMs: DEADLINE,
    });
    const { claim: got } = write(db, 'claimRequest', args);
    if (got.kind === 'request') {
      calls.push({ from: real, to: Infinity, claim: got });
      // Reserved now, it may be seen at once; every other may have been seen as late as it was heard.
      worst = Math.max(worst, calls.filter((call) => call.to > real - MINUTE).length);
    }
  };
  try {
    for (const now of steps) {
      const onTheirWay = calls.filter((call) => call.to === Infinity);
      if (now.kind === 'claim') {
        claim();
      } else if (now.kind === 'pass') {
        // No call outlasts its deadline.
        const most = Math.min(now.by, ...onTheirWay.map((call) => call.from + DEADLINE - real));
        real += Math.max(0, most);
      } else if (now.kind === 'set') {
        offset += now.by;
      } else if (now.kind === 'settle') {
        const call = onTheirWay[now.which % Math.max(1, onTheirWay.length)];
        if (call !== undefined) {
          call.to = real;
          write(db, 'settleRequest', {
            requestId: call.claim.requestId,
            now: real + offset,
            outcome: 'transient',
            httpStatus: null,
            elapsedMs: real - call.from,
            message: null,
            billed: 1,
            rows: call.claim.rows.map(({ id }): SettledRow => ({
              queueId: id,
              outcome: 'transient',
              next: 'retry',
              notBefore: 0,
              reason: null,
              items: [],
              countAttempt: true,
            })),
          });
        }
      } else {
        // A clock set forward while nothing looks cannot be told from time that passed: look before and after.
        claim();
        db.close();
        db = openWritable(file);
        for (const call of calls.filter((open) => open.to === Infinity)) {
          call.to = real;
        }
        write(db, 'recoverRequests', { now: real + offset });
        claim();
      }
    }
    const day = db.prepare("SELECT sum(spent) FROM spend WHERE window = 'day'").pluck().get() as number | null;
    expect(day ?? 0).toBeGreaterThanOrEqual(calls.length);
    expect(db.prepare('SELECT count(*) FROM requests').pluck().get()).toBe(calls.length);
    expect(db.prepare('SELECT count(*) FROM queue').pluck().get()).toBe(HASHES.length);
    expect(reads.verifyTables(db)).toEqual([]);
    return { worst, made: calls.length };
  } finally {
    db.close();
  }
}

test('no real minute ever holds more calls than the limit, whatever the clock is set to', () => {
  const folder = temporaryDirectory();
  const queued = join(folder, 'queued.db');
  template(queued);
  let run = 0;
  let made = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (steps, limit) => {
      run += 1;
      const file = join(folder, `${run}.db`);
      copyFileSync(queued, file);
      const played = play(steps, limit, file);
      made += played.made;
      expect(played.worst).toBeLessThanOrEqual(limit);
    }),
    { numRuns: 80, seed: 20260310 },
  );
  // A ledger that lets nothing through would pass as well.
  expect(made).toBeGreaterThan(200);
});
