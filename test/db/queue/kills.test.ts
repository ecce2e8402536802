import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { reads } from '#main/db/repositories/index.ts';
import { openReadable } from '#main/db/open.ts';
import { startWriting } from '#main/db/start.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { sha256 } from './world.ts';

const CHILD = fileURLToPath(new URL('./asking-child.ts', import.meta.url));
const POINTS = [
  ['enqueue', 'before'],
  ['enqueue', 'after'],
  ['recoverRequests', 'before'],
  ['recoverRequests', 'after'],
  ['claimRequest', 'before'],
  ['claimRequest', 'after'],
  ['send', 'after'],
  ['settleRequest', 'before'],
  ['settleRequest', 'after'],
] as const;
/** Each point at each of its visits, once. */
const KILLS = 36;
const CHAINS = 2;

interface Sent {
  readonly requestId: number;
  readonly hashes: readonly string[];
}

function sentIn(file: string): readonly Sent[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return lines.map((line) => {
    const [id, hex = ''] = line.split(' ');
    return { requestId: Number(id), hashes: hex.match(/.{64}/g) ?? [] };
  });
}

/** Runs the child until it dies at the point or has nothing left to ask. Returns the signal it died by. */
async function run(folder: string, hashes: readonly string[], point: readonly string[]): Promise<string | null> {
  const child = spawn(
    process.execPath,
    [CHILD, join(folder, 'assay.db'), join(folder, 'sent'), hashes.join(''), ...point],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      // Most of a start would be reading the program, again and again the same.
      env: { ...process.env, NODE_COMPILE_CACHE: join(folder, '..', 'compiled') },
    },
  );
  let errors = '';
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(errors).toBe('');
  return signal;
}

/** What the ledger counts for the day and the requests hold, against what the source saw. */
function expectNoneUncounted(folder: string): void {
  const db = openReadable(join(folder, 'assay.db'));
  const seen = sentIn(join(folder, 'sent'));
  const spent = db.prepare("SELECT coalesce(sum(spent), 0) FROM spend WHERE window = 'day'").pluck().get() as number;
  expect(spent).toBeGreaterThanOrEqual(seen.length);
  const known = new Set(db.prepare('SELECT id FROM requests').pluck().all());
  expect(seen.filter((request) => !known.has(request.requestId))).toEqual([]);
  db.close();
}

async function chain(folder: string, seeds: readonly number[]): Promise<number> {
  const hashes = Array.from({ length: 1000 }, (_, index) => sha256(`${basename(folder)} ${index}`));
  let killed = 0;
  for (const seed of seeds) {
    const point = POINTS[seed % POINTS.length] ?? POINTS[0];
    // Both of the two on their way, and each of the several transactions that settle one.
    const visit = point[0] === 'claimRequest' || point[0] === 'settleRequest' ? 1 + ((seed * 7) % 4) : 1;
    const signal = await run(folder, hashes, [...point, String(visit)]);
    killed += signal === 'SIGKILL' ? 1 : 0;
    expectNoneUncounted(folder);
  }
  expect(await run(folder, hashes, [])).toBeNull();
  expectAllAnswered(folder, hashes, killed);
  return killed;
}

function expectAllAnswered(folder: string, hashes: readonly string[], killed: number): void {
  const { db, use } = startWriting(join(folder, 'assay.db'));
  const lost = db.prepare('SELECT id FROM requests WHERE outcome = 9').pluck().all() as number[];
  expect(db.prepare('SELECT count(*) FROM requests WHERE settled_at IS NULL').pluck().get()).toBe(0);
  expect(lost.length).toBeLessThanOrEqual(2 * killed);
  expect(db.prepare('SELECT count(*) FROM queue').pluck().get()).toBe(0);
  expect(reads.queueGroups(db).map((group) => group.waiting)).toEqual([0]);
  expect(reads.verifyTables(db)).toEqual([]);
  const items = reads.itemsPage(db, { afterFile: 0, afterSource: 0, limit: 9999 });
  expect(new Set(items.map((item) => item.digests.sha256))).toEqual(new Set(hashes));
  const times = new Map<string, number>();
  for (const request of sentIn(join(folder, 'sent'))) {
    for (const hash of request.hashes) {
      times.set(hash, (times.get(hash) ?? 0) + (lost.includes(request.requestId) ? 0 : 1));
    }
  }
  // Besides requests that were lost on their way, each hash was sent once at most.
  expect([...times.values()].filter((count) => count > 1)).toEqual([]);
  db.close();
  use.release();
}

test('a process killed at any point loses nothing, and sends again only what was on its way', async () => {
  const folder = temporaryDirectory();
  const folders = Array.from({ length: CHAINS }, (_, index) => join(folder, `chain ${index}`));
  for (const name of [...folders, join(folder, 'first')]) {
    mkdirSync(name);
  }
  expect(await run(join(folder, 'first'), [sha256('first')], [])).toBeNull();
  const seeds = Array.from({ length: KILLS }, (_, index) => index);
  const killed = await Promise.all(
    folders.map((name, index) =>
      chain(
        name,
        seeds.filter((seed) => seed % CHAINS === index),
      ),
    ),
  );
  expect(killed.reduce((sum, count) => sum + count, 0)).toBe(KILLS);
});
