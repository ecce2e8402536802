import { createHash } from 'node:crypto';
import { STATUS_CODE } from '#shared/domain/status.ts';
import type { HexDigest } from '#shared/domain/hash.ts';
import type { Claim, ClaimArgs, SettleArgs } from '#main/db/repositories/queue-types.ts';

export function soakHashes(count: number): HexDigest[] {
  return Array.from({ length: count }, (_, n) => createHash('sha256').update(String(n)).digest('hex') as HexDigest);
}

/** The digests as they are queued. */
export function packedHashes(hashes: readonly HexDigest[]): Uint8Array {
  return new Uint8Array(Buffer.from(hashes.join(''), 'hex'));
}

/** A claim for VirusTotal, without limits. */
export function claimOf(now: number, hashesPerRequest: number): ClaimArgs {
  const none = { minute: null, hour: null, day: null, month: null };
  return {
    source: 5,
    now,
    steadyMs: now,
    able: [5],
    limits: none,
    rescanLimits: none,
    rescansFirst: false,
    hashesPerRequest,
    billedBy: 'request',
    takes: ['sha256'],
    freshSeconds: 86_400,
    notKnownSeconds: 86_400,
    recheckSeconds: 600,
    avoid: true,
    minuteMs: 60_000,
    deadlineMs: 60_000,
  };
}

/** A request that was answered about each hash, with an item and a short report, as a source would. */
export function answerOf(claim: Extract<Claim, { readonly kind: 'request' }>, now: number): SettleArgs {
  const hex = Buffer.from(claim.digests).toString('hex');
  return {
    requestId: claim.requestId,
    now: now + 20,
    outcome: 'answer',
    httpStatus: 200,
    elapsedMs: 20,
    message: null,
    billed: claim.billed,
    rows: claim.rows.map(({ id }, index) => ({
      queueId: id,
      outcome: 'answer',
      next: 'done',
      notBefore: 0,
      reason: null,
      countAttempt: true,
      items: [
        {
          digests: { sha256: hex.slice(index * 64, index * 64 + 64) as HexDigest },
          source: 5,
          status: STATUS_CODE['non-malicious'],
          noAnswer: null,
          score: 0,
          threat: null,
          rawCode: '0/70',
          firstSeen: 1,
          scannedAt: Math.floor(now / 1000),
          report: '{"malicious":0,"suspicious":0,"undetected":70,"names":["sample.exe"],"size":40960}',
          notBefore: null,
        },
      ],
    })),
  };
}
