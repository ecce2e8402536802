import * as fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { STATUSES } from '#shared/domain/status.ts';
import { answer, digest, purgeWorld, type PurgeWorld } from './purge-world.ts';

const md5 = (seed: unknown) => digest('md5', seed);
const sha = (seed: unknown) => digest('sha256', seed);

describe('a purge', () => {
  test('keeps what is in a kept intake under any digest until the intake is forgotten, and its last day after that', async () => {
    const world = await purgeWorld();
    await world.know(
      [answer({ md5: md5(1), sha256: sha(1) }, 'suspicious'), answer({ sha256: sha(2) }, 'unknown')],
      400,
    );
    const intakeId = await world.intake([md5(1)]);
    expect(await world.preview()).toMatchObject({ items: 1, files: 1, kept: { inIntake: 1 } });
    expect(await world.purge()).toMatchObject({ items: 1, files: 1 });
    expect([world.sourcesOf(sha(1)), world.sourcesOf(sha(2))]).toEqual([[1], []]);
    world.setDay(179);
    await world.engine.intakes.get(intakeId);
    await world.engine.intakes.forget(intakeId);
    world.setDay(179 + 180);
    expect(await world.preview()).toMatchObject({ items: 0, files: 0 });
    world.setDay(179 + 181);
    expect(await world.purge()).toMatchObject({ items: 1, files: 1 });
    expect(world.problems()).toEqual([]);
  });

  test('keeps what was looked up, on its way to the database or there', async () => {
    const world = await purgeWorld();
    await world.know(
      [answer({ md5: md5(1), sha256: sha(1) }, 'suspicious'), answer({ sha256: sha(2) }, 'suspicious')],
      400,
    );
    await world.engine.lookup.find(`seen ${md5(1)}`);
    expect(await world.preview()).toMatchObject({
      items: 1,
      groups: [{ source: 'wildfire', status: 'suspicious', items: 1 }],
    });
    expect(await world.purge()).toMatchObject({ items: 1 });
    expect([world.sourcesOf(sha(1)), world.sourcesOf(sha(2))]).toEqual([[1], []]);
    expect(world.one('SELECT count(*) FROM asked_stage')).toBe(0);
  });

  test('keeps what other sources say of a file that one calls malicious', async () => {
    const world = await purgeWorld();
    await world.know(
      [answer({ sha256: sha(1) }, 'malicious'), answer({ sha256: sha(1) }, 'non-malicious', { source: 5 })],
      400,
    );
    expect(world.one('SELECT count(*) FROM disagreements')).toBe(1);
    expect(await world.preview()).toMatchObject({ items: 0, files: 0, kept: { malicious: 2 } });
    expect(await world.purge()).toMatchObject({ items: 0, files: 0 });
    expect(world.sourcesOf(sha(1))).toEqual([1, 5]);
    expect(world.one('SELECT count(*) FROM disagreements')).toBe(1);
  });

  test('removes nothing while the interval is never', async () => {
    const world = await purgeWorld();
    await world.know([answer({ sha256: sha(1) }, 'unknown')], 4000);
    await world.engine.handlers['settings.set']({ removeItemDays: null });
    expect(await world.preview()).toMatchObject({ items: 0, askedBefore: null });
    expect(await world.purge()).toEqual({ items: 0, files: 0, reports: 0, askedBefore: null });
  });

  test('refuses while an intake cannot be read, because what it holds is not known', async () => {
    const world = await purgeWorld();
    await world.know([answer({ sha256: sha(1) }, 'unknown')], 400);
    const id = await world.intake([sha(1)]);
    writeFileSync(join(world.database.directory, 'intakes', String(id), 'intake.acol'), 'damaged');
    await expect(world.purge()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(`intake ${id}`),
    });
    expect(world.sourcesOf(sha(1))).toEqual([1]);
  });

  test('stopped, keeps what it removed, and the next one goes on', async () => {
    const world = await purgeWorld();
    await world.know(
      Array.from({ length: 9_000 }, (_, n) => answer({ sha256: sha(n) }, 'unknown')),
      400,
    );
    const stop = new AbortController();
    const stopped = world.engine.life.purge(() => stop.abort(), stop.signal);
    await expect(stopped).rejects.toBeDefined();
    const left = world.one('SELECT count(*) FROM items');
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(9_000);
    expect(await world.purge()).toMatchObject({ items: left, files: left });
    expect(world.problems()).toEqual([]);
  });
});

const status = fc.constantFrom(...STATUSES);
const population = fc.array(
  fc.record({
    statuses: fc.array(fc.tuple(fc.constantFrom(1, 5), status), { minLength: 1, maxLength: 3 }),
    daysAgo: fc.constantFrom(0, 10, 179, 180, 181, 400),
    hasMd5: fc.boolean(),
    listed: fc.constantFrom(null, null, 'in force', 'expired'),
    inIntake: fc.boolean(),
    isQueued: fc.boolean(),
    askedAgo: fc.constantFrom(null, null, 5, 200),
  }),
  { minLength: 1, maxLength: 12 },
);

test('a preview names exactly what the purge after it removes', async () => {
  await fc.assert(
    fc.asyncProperty(population, async (files) => {
      const world = await purgeWorld();
      await populate(world, files);
      const preview = await world.preview();
      const before = contents(world);
      const purged = await world.purge();
      const after = contents(world);
      const gone = before.filter((row) => !after.includes(row));
      expect(after.every((row) => before.includes(row))).toBe(true);
      expect([purged.items, purged.files]).toEqual([preview.items, preview.files]);
      expect(gone.length).toBe(preview.items);
      expect(preview.groups.reduce((sum, group) => sum + group.items, 0)).toBe(preview.items);
      expect(world.problems()).toEqual([]);
      expect(await world.preview()).toMatchObject({ items: 0, files: 0 });
    }),
    { numRuns: 15 },
  );
});

type Population = typeof population extends fc.Arbitrary<infer P> ? P : never;

async function populate(world: PurgeWorld, files: Population): Promise<void> {
  for (const [n, file] of files.entries()) {
    const digests = { ...(file.hasMd5 ? { md5: md5(n) } : {}), sha256: sha(n) };
    const items = file.statuses.map(([source, said]) => answer(digests, said, { source }));
    await world.know(items, file.daysAgo);
    const shown = file.hasMd5 ? md5(n) : sha(n);
    if (file.listed !== null) {
      const seconds = Math.floor(world.now() / 1000);
      await list(world, shown, file.listed === 'expired' ? seconds + 1 : seconds + 100_000);
    }
    if (file.isQueued) {
      const kind = file.hasMd5 ? 'md5' : 'sha256';
      const bytes = new Uint8Array(Buffer.from(shown, 'hex'));
      const rest = {
        intakeId: null,
        stage: 0,
        stopOnMalicious: false,
        force: false,
        at: world.now() - 500 * 86_400_000,
      };
      await world.database.write('enqueue', { source: 5, kind, digests: bytes, purpose: 'rescan', ...rest }, 'bulk');
    }
    if (file.askedAgo !== null) {
      const day = Math.floor(world.now() / 86_400_000) - file.askedAgo;
      await world.database.write('stageAsked', { digests: [new Uint8Array(Buffer.from(sha(n), 'hex'))], day }, 'bulk');
    }
  }
  const listed = files.flatMap((file, n) => (file.inIntake ? [file.hasMd5 ? md5(n) : sha(n)] : []));
  if (listed.length > 0) {
    await world.intake(listed);
  }
  // What was to expire has.
  world.pass(10);
}

async function list(world: PurgeWorld, hash: string, expiresAt: number): Promise<void> {
  const groups = [{ [hash.length === 32 ? 'md5' : 'sha256']: hash }];
  const { added } = await world.engine.hashList.add({ groups, side: 'non-malicious', reason: '', note: '', expiresAt });
  expect(added).toBe(1);
}

function contents(world: PurgeWorld): string[] {
  return world.reading.prepare("SELECT file_id || ' ' || source FROM items").pluck().all() as string[];
}
