// What recording for the reputation board costs: the same hashes asked about with recording and folding, and by a process in
// which both do nothing, alternately. Processor time per hash, in requests of one hash and of 500; and by itself, what the
// events of a request cost, recorded and folded: that is told more surely than the difference. Prints one line of JSON.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface RecordingCost {
  /** Requests of so many hashes. */
  readonly hashesPerRequest: number;
  /** Microseconds of processor time per hash, the best of all rounds. */
  readonly without: number;
  readonly recording: number;
  /** Per cent of the time without that the events of a request take by themselves. */
  readonly share: number;
}

const ROUNDS = 5;
const REQUESTS = 3_000;
/** What recording consists of; nothing else of a process is changed. */
const NOTHING = `export function recordMetric() {} export function recordMetrics() {}`;

const [mode, size, count] = process.argv.slice(2);
if (mode === 'alone') {
  console.log(await alone());
} else if (mode === 'with' || mode === 'without') {
  if (mode === 'without') {
    registerHooks({
      load: (url, context, next) =>
        url.endsWith('/repositories/metrics/record.ts')
          ? { format: 'module', source: NOTHING, shortCircuit: true }
          : next(url, context),
    });
  }
  console.log(await measured(Number(size), Number(count), mode === 'with'));
} else {
  const costs = [compared(1, Number(mode ?? 20_000)), compared(500, 5 * Number(mode ?? 20_000))];
  console.log(JSON.stringify(costs));
}

function compared(hashesPerRequest: number, hashes: number): RecordingCost {
  const best = { with: Infinity, without: Infinity };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const one of ['without', 'with'] as const) {
      best[one] = Math.min(best[one], run([one, String(hashesPerRequest), String(hashes)]));
    }
  }
  const { with: recording, without } = best;
  const request = run(['alone']) / hashesPerRequest;
  return { hashesPerRequest, without, recording, share: (100 * request) / without };
}

function run(args: readonly string[]): number {
  return Number(execFileSync(process.execPath, [fileURLToPath(import.meta.url), ...args], { encoding: 'utf8' }));
}

/** Microseconds of processor time for the events of a request, recorded and folded. */
async function alone(): Promise<number> {
  const { startWriting } = await import('#main/db/start.ts');
  const { recordMetrics } = await import('#main/db/repositories/metrics/record.ts');
  const { startWrite } = await import('#main/db/threads/run.ts');
  const folder = mkdtempSync(join(tmpdir(), 'assay-recording-'));
  const { db, use } = startWriting(join(folder, 'assay.db'));
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    db.exec('BEGIN');
    for (let n = 0; n < REQUESTS; n += 1) {
      // A fast source: fifty requests a second.
      const at = 1_773_100_800 + Math.floor(n / 50);
      recordMetrics(db, 5, [
        { kind: 'requestSettled', at, detail: 'answer' },
        { kind: 'requestMs', at, amount: 100 + (n % 7) },
        { kind: 'callsBilled', at, amount: 1 },
        { kind: 'pairsSent', at, amount: 1 },
      ]);
    }
    db.exec('COMMIT');
    const fold = startWrite(db, 'foldMetrics', undefined);
    while (!fold.step().done) {
      // Each step is a transaction.
    }
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / REQUESTS);
  }
  db.close();
  use.release();
  rmSync(folder, { recursive: true });
  return best;
}

/** Microseconds of processor time per hash from the first claim to the last fold. */
async function measured(hashesPerRequest: number, hashes: number, isFolded: boolean): Promise<number> {
  // Not before the hook stands.
  const { openInlineDatabase } = await import('#main/db/client.ts');
  const { answerOf, claimOf, packedHashes, soakHashes } = await import('./recorded-work.ts');
  const folder = mkdtempSync(join(tmpdir(), 'assay-recording-'));
  const database = await openInlineDatabase(folder);
  try {
    const all = soakHashes(hashes);
    const at = Date.now();
    const scan = { source: 5, kind: 'sha256', purpose: 'new', intakeId: 1, stage: 0 } as const;
    await database.write('enqueue', { ...scan, digests: packedHashes(all), stopOnMalicious: false, force: false, at });
    const before = process.cpuUsage();
    for (let now = at; ; now += 50) {
      const { claim } = await database.write('claimRequest', claimOf(now, hashesPerRequest));
      if (claim.kind !== 'request') {
        break;
      }
      await database.write('settleRequest', answerOf(claim, now));
      if (isFolded && now % 60_000 < 50) {
        await database.write('foldMetrics', undefined);
      }
    }
    if (isFolded) {
      await database.write('foldMetrics', undefined);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / hashes;
  } finally {
    await database.close();
    rmSync(folder, { recursive: true });
  }
}
