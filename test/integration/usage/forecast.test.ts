import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryBecomeOwner, type Ownership } from '#main/jobs/owner-lock.ts';
import type { HexDigest } from '#shared/domain/hash.ts';
import { sourceCode } from '#shared/domain/source.ts';
import { digestOf } from '#test/bench/data.ts';
import { memorySecrets } from '#test/integration/asking/memory-secrets.ts';
import { closedPort } from '#test/integration/net/servers.ts';
import { queueNew } from '#test/soak/simulated.ts';
import { changingWorld, DAY, START, type ChangingWorld } from '../history/changing-world.ts';

const HOUR = 3600;
const WILDFIRE = sourceCode('wildfire');

/** WildFire with 500 calls a day, as a request with one hash each; the clock stands at 08:00 UTC. */
describe('the forecast of a data directory', () => {
  let world: ChangingWorld;
  let owner: Ownership | null;

  beforeEach(async () => {
    world = await changingWorld({ secrets: memorySecrets({ wildfire: 'k' }) });
    await world.engine.sources.set('wildfire', {
      enabled: true,
      // Nobody listens there, and nobody asks: the owner below is none of the engine's.
      url: `http://127.0.0.1:${await closedPort()}/publicapi`,
      proxy: { kind: 'none' },
      callsPerMinute: 10,
      callsPerDay: 500,
      callsPerMonth: null,
      hashesPerRequest: 1,
    });
    owner = tryBecomeOwner(world.engine.directory, { pid: process.pid, shell: 'terminal', since: START });
  });
  afterEach(async () => {
    owner?.release();
    await world.dispose();
  });

  const row = async () => (await world.engine.usage.forecast()).rows.find(({ source }) => source === 'wildfire');
  const queue = (count: number) =>
    queueNew(world.engine, 'wildfire', Array.from({ length: count }, (_, n) => digestOf('queued', n)) as HexDigest[]);
  /** So many calls in each hour of the last weeks. */
  const past = async (weeks: number, perHour: number): Promise<void> => {
    for (let at = START - weeks * 7 * DAY; at < START; at += HOUR) {
      await world.engine.database.write('recordMetric', {
        kind: 'callsBilled',
        at,
        source: WILDFIRE,
        amount: perHour,
      });
    }
  };

  it('is told by the queue, and the strip says which quota ends first', async () => {
    await queue(600);
    const found = await row();
    expect(found).toMatchObject({ window: 'day', spent: 0, limit: 500, basis: 'queue', expected: 600 });
    // 500 calls at 10 a minute take 50 minutes.
    expect(Math.abs((found?.usedUpAt ?? 0) - (START + 50 * 60))).toBeLessThan(120);
    expect((await world.engine.usage.strip()).soonest).toEqual(found);
  });

  it('counts nothing that waits while nobody asks, it is paused, or Assay is offline', async () => {
    await queue(600);
    owner?.release();
    owner = null;
    expect(await row()).toMatchObject({
      basis: 'none',
      usedUpAt: null,
      expected: 0,
      sentence: 'Nothing of WildFire’s day is spent, and what waits needs an open window or "assay run".',
    });
    owner = tryBecomeOwner(world.engine.directory, { pid: process.pid, shell: 'terminal', since: START });
    await world.engine.outbound.pause({ source: 'wildfire', purpose: 'new' });
    expect(await row()).toMatchObject({
      basis: 'none',
      usedUpAt: null,
      sentence: 'Nothing of WildFire’s day is spent, and what waits is held back.',
    });
    await world.engine.outbound.resume({ source: 'wildfire', purpose: 'new' });
    expect(await row()).toMatchObject({ basis: 'queue' });
    await world.engine.handlers['settings.set']({ offline: true });
    expect(await row()).toMatchObject({
      basis: 'none',
      usedUpAt: null,
      sentence: 'Assay is offline: 0 of 500 calls of its day are spent.',
    });
  });

  it('counts nothing of a list under embargo', async () => {
    const hashes = Array.from({ length: 600 }, (_, n) => digestOf('listed', n));
    const intakeId = await world.keep('list', hashes);
    const queued = { source: WILDFIRE, kind: 'sha256', purpose: 'new', intakeId, stage: 0 } as const;
    const digests = Buffer.from(hashes.join(''), 'hex');
    const more = { digests, stopOnMalicious: false, force: false, at: START * 1000 };
    await world.engine.database.write('enqueue', { ...queued, ...more });
    expect(await row()).toMatchObject({ basis: 'queue', expected: 600 });
    await world.engine.intakes.setEmbargo(intakeId, true);
    expect(await row()).toMatchObject({ basis: 'none', usedUpAt: null, expected: 0 });
  });

  it('goes on as in past weeks, and by another limit from the moment it is set', async () => {
    await past(2, 20);
    const found = await row();
    expect(found).toMatchObject({ basis: 'past', usedUpAt: null });
    expect(found?.expected).toBeCloseTo(16 * 20);
    await world.engine.sources.set('wildfire', { callsPerDay: 200 });
    expect(await row()).toMatchObject({
      limit: 200,
      basis: 'past',
      usedUpAt: START + 10 * HOUR,
      sentence: 'WildFire’s day ends at 18:00 UTC at this pace.',
    });
  });

  it('does not take hours that were let go for hours without a call', async () => {
    await past(4, 20);
    await world.engine.usage.forecast();
    const hours = START - 7 * DAY;
    await world.engine.database.write('pruneMetrics', { minutes: hours, hours, days: 0 });
    expect((await row())?.expected).toBeCloseTo(16 * 20);
  });

  it('leaves out what is disabled or has no limit', async () => {
    await world.engine.sources.set('wildfire', { callsPerDay: null });
    expect((await world.engine.usage.forecast()).rows).toEqual([]);
    await world.engine.sources.set('wildfire', { callsPerDay: 5, enabled: false });
    expect((await world.engine.usage.forecast()).rows).toEqual([]);
  });
});
