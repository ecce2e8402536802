// What recording for the reputation board costs: the same hashes asked about with recording and folding, and by a process in
// which both do nothing, alternately. Processor time per hash, in requests of one hash and of 500. Prints one line of JSON.
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
  /** Per cent of the time without. */
  readonly share: number;
}

const ROUNDS = 5;
/** What recording consists of; nothing else of a process is changed. */
const NOTHING = `export function recordMetric() {} export function recordMetrics() {}`;

const [mode, size, count] = process.argv.slice(2);
if (mode === 'with' || mode === 'without') {
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
      const args = [fileURLToPath(import.meta.url), one, String(hashesPerRequest), String(hashes)];
      best[one] = Math.min(best[one], Number(execFileSync(process.execPath, args, { encoding: 'utf8' })));
    }
  }
  const { with: recording, without } = best;
  return { hashesPerRequest, without, recording, share: (100 * (recording - without)) / without };
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
