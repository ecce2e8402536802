import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openWritable } from '#main/db/open.ts';
import { answer, digest, purgeWorld, signal, type PurgeWorld } from './purge-world.ts';

/** 64 "MiB" of so many bytes each are a cap of 1 MiB. */
const BYTES_PER_MIB = 16_384;
const CAP = 64 * BYTES_PER_MIB;
const sha = (seed: unknown) => digest('sha256', seed);

async function smallWorld(): Promise<PurgeWorld & { report(hashes: readonly string[]): void }> {
  const world = await purgeWorld({ bytesPerMiB: BYTES_PER_MIB });
  await world.engine.handlers['settings.set']({ maxDatabaseMiB: 64 });
  const db = openWritable(world.database.file);
  onTestFinished(() => void db.close());
  const add = db.prepare(
    'INSERT INTO reports SELECT file_id, 1, 0, ? FROM digest_keys WHERE key = ? ON CONFLICT DO NOTHING',
  );
  return {
    ...world,
    report: db.transaction((hashes: readonly string[]) => {
      for (const hash of hashes) {
        add.run(randomBytes(400), Number.parseInt(hash.slice(0, 12), 16));
      }
    }),
  };
}

const hashesOf = (round: number, count: number) => Array.from({ length: count }, (_, n) => sha(`${round} ${n}`));

async function queue(world: PurgeWorld, hashes: readonly string[]): Promise<{ queued: number; notMade: number }> {
  const mostNew = await world.engine.life.room(hashes.length, signal);
  return world.database.write(
    'enqueue',
    {
      source: 1,
      kind: 'sha256',
      digests: new Uint8Array(Buffer.from(hashes.join(''), 'hex')),
      purpose: 'new',
      intakeId: null,
      stage: 0,
      stopOnMalicious: false,
      force: false,
      mostNew,
      at: world.now(),
    },
    'bulk',
  );
}

describe('the maximum size', () => {
  test('holds over many rounds: reports go first, then the unknown that were least recently asked for', async () => {
    const world = await smallWorld();
    const kept = hashesOf(-1, 20);
    await world.know(
      kept.map((sha256) => answer({ sha256 }, 'malicious')),
      900,
    );
    world.report(kept);
    const listed = hashesOf(-2, 20);
    await world.know(
      listed.map((sha256) => answer({ sha256 }, 'unknown')),
      900,
    );
    await world.intake(listed);
    const sizes: number[] = [];
    for (let round = 0; round < 16; round += 1) {
      world.setDay(round);
      const hashes = hashesOf(round, 400);
      expect((await queue(world, hashes)).notMade).toBe(0);
      await world.know(
        hashes.map((sha256) => answer({ sha256 }, 'unknown')),
        0,
      );
      world.report(hashes);
      await world.database.write('cancelQueue', { at: world.now() }, 'bulk');
      expect(await world.engine.life.room(1, signal)).toBe(1);
      sizes.push((await world.engine.life.size()).bytes);
    }
    expect(Math.max(...sizes)).toBeLessThan(CAP);
    expect(Math.max(...sizes)).toBeGreaterThan(CAP * 0.8);
    expect(kept.every((hash) => world.sourcesOf(hash).length === 1)).toBe(true);
    expect(listed.every((hash) => world.sourcesOf(hash).length === 1)).toBe(true);
    expect(world.one('SELECT count(*) FROM reports WHERE file_id <= 20')).toBe(20);
    const left = Array.from(
      { length: 16 },
      (_, round) => hashesOf(round, 400).filter((hash) => world.sourcesOf(hash).length > 0).length,
    );
    // At most one day is left half way; what was asked for later is all there.
    const first = left.findIndex((count) => count > 0);
    expect([first > 3, left.slice(first + 1).every((count) => count === 400)]).toEqual([true, true]);
    expect(world.one('SELECT sum(amount) FROM metric_events WHERE kind = 10')).toBeGreaterThan(1000);
    expect(world.one("SELECT count(*) FROM metric_events WHERE kind = 9 AND detail = 'size unknown'")).toBeGreaterThan(
      0,
    );
    expect(world.problems()).toEqual([]);
  });

  test('holds with a long record of requests: what is over its share goes before items, the running month never', async () => {
    const world = await smallWorld();
    const db = openWritable(world.database.file);
    onTestFinished(() => void db.close());
    const add = db.prepare(
      `INSERT INTO requests (source, purpose, digest_bytes, digests, reserved_at, counted_at, minute_ms, settled_at, frees_at,
         outcome, http_status, billed, single) VALUES (1, 0, 32, ?, ?, ?, 0, ?, ?, 0, 200, 1, 0)`,
    );
    const record = (daysAgo: number): void => {
      const at = world.now() - daysAgo * 86_400_000;
      add.run(randomBytes(100 * 32), at, at, at, at);
    };
    const hashes = hashesOf(0, 1500);
    await world.know(
      hashes.map((sha256) => answer({ sha256 }, 'unknown')),
      0,
    );
    // One and a half times the maximum, about a tenth of it in the running month.
    Array.from({ length: 450 }, (_, n) => record(450 - n));
    expect((await world.engine.life.size()).bytes).toBeGreaterThan(CAP * 1.5);
    expect(await world.engine.life.room(100, signal)).toBe(100);
    expect((await world.engine.life.size()).bytes).toBeLessThan(CAP);
    expect(hashes.every((hash) => world.sourcesOf(hash).length === 1)).toBe(true);
    const left = world.one('SELECT count(*) FROM requests');
    expect(world.one(`SELECT count(*) FROM requests WHERE reserved_at >= ${Date.UTC(2026, 10, 1)}`)).toBe(21);
    expect(left).toBeGreaterThan(21);
    expect(world.one(`SELECT count(*) FROM requests WHERE id > ${450 - left}`)).toBe(left);

    // Items nobody may take fill the rest: now the record's share has to go, too, but for the running month.
    for (let round = 1; round < 9; round += 1) {
      await world.know(
        hashesOf(round, 1000).map((sha256) => answer({ sha256 }, 'malicious')),
        0,
      );
    }
    await world.engine.life.room(4000, signal);
    expect(world.one('SELECT count(*) FROM requests')).toBe(21);
    expect(world.problems()).toEqual([]);
  });

  test('makes nothing more when nothing may go, tells of it, and makes again when there is room', async () => {
    const world = await smallWorld();
    for (let round = 0; round < 9; round += 1) {
      const answers = hashesOf(round, 1000).map((sha256) => answer({ sha256 }, 'malicious'));
      await world.know(answers, 900);
    }
    expect((await world.engine.life.size()).bytes).toBeGreaterThan(CAP * 0.9);
    const done = await queue(world, hashesOf(100, 4000));
    expect(done.notMade).toBeGreaterThan(1000);
    expect(done.notMade + done.queued).toBe(4000);
    expect(await world.engine.life.room(5000, signal)).toBeLessThan(5000);
    const { size } = await world.engine.cache.stats();
    expect(size).toMatchObject({ cap: CAP, isFull: true });
    await world.engine.handlers['settings.set']({ maxDatabaseMiB: 128 });
    expect(await world.engine.life.room(1000, signal)).toBe(1000);
    expect((await world.engine.cache.stats()).size.isFull).toBe(false);
  });

  test('an intake that cannot be read keeps all there is: nothing goes, and nothing fails', async () => {
    const world = await smallWorld();
    await world.know(
      hashesOf(0, 9000).map((sha256) => answer({ sha256 }, 'unknown')),
      900,
    );
    const id = await world.intake([sha('anything')]);
    writeFileSync(join(world.database.directory, 'intakes', String(id), 'intake.acol'), 'damaged');
    const { queued, notMade } = await queue(world, hashesOf(1, 1000));
    expect([queued + notMade, notMade > 0]).toEqual([1000, true]);
    expect(world.one('SELECT count(*) FROM metric_events WHERE kind = 9')).toBe(0);
  });

  test('an import makes no more than fit, updates what is there, and counts the rest', async () => {
    const world = await smallWorld();
    const line = (seed: unknown, status: string): string =>
      JSON.stringify({ sha256: sha(seed), source: 'wildfire', status, scannedAt: '2026-01-01T00:00:00Z' });
    const bring = (lines: readonly string[]) =>
      world.engine.cache.importItems(chunks(lines.join('\n')), () => undefined, signal);
    expect(await bring([line('first', 'suspicious')])).toMatchObject({ imported: 1, notMade: 0 });
    const many = Array.from({ length: 20_000 }, (_, n) => line(n, 'malicious'));
    const update = line('first', 'malicious').replace('2026-01-01', '2026-02-01');
    const result = await bring([...many, update]);
    expect(result.updated).toBe(1);
    expect(result.notMade).toBeGreaterThan(1000);
    expect(result.imported + result.notMade).toBe(20_000);
    expect((await world.engine.life.size()).bytes).toBeLessThan(CAP);
    expect(world.one('SELECT sum(amount) FROM metric_events WHERE kind = 11')).toBe(result.notMade);
    expect(world.problems()).toEqual([]);
  });
});

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
