import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import { STATUS_CODE, type Status } from '#shared/domain/status.ts';
import type { WritableDb } from '#main/db/handles.ts';
import { reads, type writes } from '#main/db/repositories/index.ts';
import type {
  Claim,
  ClaimArgs,
  EnqueueArgs,
  SettleArgs,
  SettledItem,
  SettledRow,
} from '#main/db/repositories/queue-types.ts';
import { startWriting } from '#main/db/start.ts';
import { startWrite } from '#main/db/threads/run.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

export const WILDFIRE = 1;
export const VIRUSTOTAL = 5;
export const NO_LIMITS = { minute: null, hour: null, day: null, month: null } as const;
/** 2026-03-10 12:00 UTC. */
export const NOON = Date.UTC(2026, 2, 10, 12);
export const MINUTE = 60_000;
export const DAY = 86_400_000;

type Written<N extends keyof typeof writes> =
  ReturnType<(typeof writes)[N]> extends Generator<unknown, infer R> ? R : ReturnType<(typeof writes)[N]>;

/** Runs a repository write as the writer does: one transaction per stretch. */
export function write<N extends keyof typeof writes>(
  db: WritableDb,
  name: N,
  args: Parameters<(typeof writes)[N]>[1],
): Written<N> {
  const run = startWrite(db, name, args);
  for (;;) {
    const step = run.step();
    if (step.done) {
      return step.value as Written<N>;
    }
  }
}

export interface QueueWorld {
  readonly db: WritableDb;
  readonly file: string;
  /** Moves both clocks. */
  pass(milliseconds: number): void;
  /** Sets the wall clock without time passing. */
  setClock(by: number): void;
  now(): number;
  enqueue(hashes: readonly string[], more?: Partial<Omit<EnqueueArgs, 'digests'>>): Written<'enqueue'>;
  claim(more?: Partial<ClaimArgs>): Written<'claimRequest'>;
  /** Claims and fails unless there is a request. */
  claimed(more?: Partial<ClaimArgs>): Extract<Claim, { kind: 'request' }>;
  settle(claim: Extract<Claim, { kind: 'request' }>, row?: Partial<SettledRow>, more?: Partial<SettleArgs>): number;
  reads: typeof reads;
}

/** A new database and a clock of its own. */
export function queueWorld(file = join(temporaryDirectory(), 'assay.db')): QueueWorld {
  const { db, use } = startWriting(file);
  onTestFinished(() => {
    db.close();
    use.release();
  });
  let wall = NOON;
  let steady = 1000;
  const world: QueueWorld = {
    db,
    file,
    reads,
    now: () => wall,
    pass(milliseconds) {
      wall += milliseconds;
      steady += milliseconds;
    },
    setClock(by) {
      wall += by;
    },
    enqueue: (hashes, more = {}) =>
      write(db, 'enqueue', {
        source: WILDFIRE,
        kind: 'sha256',
        digests: packed(hashes),
        purpose: 'new',
        intakeId: null,
        stage: 0,
        stopOnMalicious: false,
        force: false,
        at: wall,
        ...more,
      }),
    claim: (more = {}) => write(db, 'claimRequest', claimArgs(wall, steady, more)),
    claimed(more = {}) {
      const { claim } = world.claim(more);
      if (claim.kind !== 'request') {
        throw new Error(`no request: ${JSON.stringify(claim)}`);
      }
      return claim;
    },
    settle: (claim, row = {}, more = {}) =>
      write(db, 'settleRequest', {
        requestId: claim.requestId,
        now: wall,
        outcome: row.outcome ?? 'answer',
        httpStatus: 200,
        elapsedMs: 120,
        message: null,
        billed: claim.billed,
        rows: claim.rows.map(({ id }): SettledRow => ({
          queueId: id,
          outcome: 'answer',
          next: 'done',
          notBefore: 0,
          reason: null,
          items: [],
          countAttempt: true,
          ...row,
        })),
        ...more,
      }).changed,
  };
  return world;
}

export function claimArgs(now: number, steadyMs: number, more: Partial<ClaimArgs> = {}): ClaimArgs {
  return {
    source: WILDFIRE,
    now,
    steadyMs,
    limits: NO_LIMITS,
    hashesPerRequest: 500,
    billedBy: 'request',
    takes: ['md5', 'sha256'],
    able: [WILDFIRE, VIRUSTOTAL],
    freshSeconds: 30 * 86_400,
    notKnownSeconds: 30 * 86_400,
    rescanLimits: { minute: null, hour: null, day: null, month: null },
    rescansFirst: false,
    recheckSeconds: 900,
    avoid: true,
    minuteMs: MINUTE,
    deadlineMs: 90_000,
    ...more,
  };
}

export function sha256(text: string | number): HexDigest {
  return createHash('sha256').update(String(text)).digest('hex') as HexDigest;
}

export function sha1(text: string | number): HexDigest {
  return createHash('sha1').update(String(text)).digest('hex') as HexDigest;
}

export function md5(text: string | number): HexDigest {
  return createHash('md5').update(String(text)).digest('hex') as HexDigest;
}

export function packed(hashes: readonly string[]): Uint8Array {
  return new Uint8Array(Buffer.from(hashes.join(''), 'hex'));
}

/** The digests of a claim in hex, in their order. */
export function hashesOf(claim: Extract<Claim, { kind: 'request' }>): string[] {
  const bytes = { md5: 16, sha1: 20, sha256: 32 }[claim.digestKind];
  const all = Buffer.from(claim.digests);
  return Array.from({ length: all.length / bytes }, (_, at) =>
    all.subarray(at * bytes, (at + 1) * bytes).toString('hex'),
  );
}

/** What a source said about a file. `at` in seconds. */
export function item(
  digests: SettledItem['digests'],
  status: Status,
  at: number,
  more: Partial<SettledItem> = {},
): SettledItem {
  return {
    digests,
    source: WILDFIRE,
    status: STATUS_CODE[status],
    noAnswer: null,
    score: null,
    threat: null,
    rawCode: null,
    firstSeen: null,
    scannedAt: at,
    report: null,
    notBefore: null,
    ...more,
  };
}
