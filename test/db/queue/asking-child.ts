import { appendFileSync } from 'node:fs';
import { STATUS_CODE } from '#shared/domain/status.ts';
import type { HexDigest } from '#shared/domain/hash.ts';
import type { WritableDb } from '#main/db/handles.ts';
import type { Claim, ClaimArgs, EnqueueArgs, SettleArgs } from '#main/db/repositories/queue-types.ts';
import { startWriting } from '#main/db/start.ts';
import { startWrite } from '#main/db/threads/run.ts';

/**
 * Asks what is queued in the database named first, the way an outbound owner does, two requests at a time. What it sends
 * it writes to the file named second, which stands for the source. Dies by SIGKILL at the named point, the given time it
 * comes there: `<write> before` its transaction commits, `<write> after`, or `send after` a request went out.
 */
const [file = '', sent = '', enqueued = '', deadly = '', moment = '', at = '0'] = process.argv.slice(2);
const { db } = startWriting(file);
const plain = db.exec.bind(db);
let current = '';
let visits = 0;

function reach(name: string, when: string): void {
  if (name === deadly && when === moment) {
    visits += 1;
    if (visits === Number(at)) {
      process.kill(process.pid, 'SIGKILL');
    }
  }
}

(db as { exec: WritableDb['exec'] }).exec = (sql) => {
  if (sql === 'COMMIT') {
    reach(current, 'before');
  }
  plain(sql);
  if (sql === 'COMMIT') {
    reach(current, 'after');
  }
  return db;
};

/** Time runs fast here, so that a write of some dozen rows takes several transactions. */
const steady = performance.now.bind(performance);
performance.now = () => steady() * 200;

function write(name: string, args: unknown): unknown {
  current = name;
  const run = startWrite(db, name, args);
  for (;;) {
    const step = run.step();
    if (step.done) {
      return step.value;
    }
  }
}

const enqueue: EnqueueArgs = {
  source: 1,
  kind: 'sha256',
  digests: new Uint8Array(Buffer.from(enqueued, 'hex')),
  purpose: 'new',
  intakeId: 4,
  stage: 0,
  stopOnMalicious: false,
  force: false,
  at: Date.now(),
};
write('enqueue', enqueue);
write('recoverRequests', { now: Date.now() });
for (let left = true; left;) {
  const batch: Extract<Claim, { kind: 'request' }>[] = [];
  for (let tries = 0; batch.length < 2 && tries < 50; tries += 1) {
    const { claim } = write('claimRequest', claimArgs()) as { readonly claim: Claim };
    if (claim.kind === 'request') {
      batch.push(claim);
    }
  }
  left = batch.length > 0;
  for (const claim of batch) {
    appendFileSync(sent, `${claim.requestId} ${Buffer.from(claim.digests).toString('hex')}\n`);
    reach('send', 'after');
  }
  for (const claim of batch) {
    write('settleRequest', settlement(claim));
  }
}

function claimArgs(): ClaimArgs {
  return {
    source: 1,
    now: Date.now(),
    steadyMs: steady(),
    limits: { minute: null, hour: null, day: 100_000, month: null },
    hashesPerRequest: 40,
    billedBy: 'request',
    takes: ['sha256'],
    able: [1],
    freshSeconds: 86_400,
    notKnownSeconds: 86_400,
    rescanLimits: { minute: null, hour: null, day: null, month: null },
    rescansFirst: false,
    recheckSeconds: 900,
    avoid: true,
    minuteMs: 60_000,
    deadlineMs: 60_000,
  };
}

function settlement(claim: Extract<Claim, { kind: 'request' }>): SettleArgs {
  const now = Date.now();
  const hex = Buffer.from(claim.digests).toString('hex');
  return {
    requestId: claim.requestId,
    now,
    outcome: 'answer',
    httpStatus: 200,
    elapsedMs: 1,
    message: null,
    billed: 1,
    rows: claim.rows.map(({ id }, index) => {
      const sha256 = hex.slice(index * 64, (index + 1) * 64) as HexDigest;
      return {
        queueId: id,
        outcome: 'answer',
        next: 'done',
        notBefore: 0,
        reason: null,
        countAttempt: true,
        items: [
          {
            digests: { sha256, md5: sha256.slice(0, 32) as HexDigest },
            source: 1,
            status: STATUS_CODE['non-malicious'],
            noAnswer: null,
            score: null,
            threat: null,
            rawCode: '0',
            firstSeen: null,
            scannedAt: Math.floor(now / 1000),
            report: '{"verdict":0}',
            notBefore: null,
          },
        ],
      };
    }),
  };
}
