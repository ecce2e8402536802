import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangesQuery } from '#shared/contract/history.ts';
import { digestOf } from '#test/bench/data.ts';
import { changingWorld, DAY, START, type ChangingWorld } from './changing-world.ts';

const FIRST = digestOf('file', 1);
const MD5 = digestOf('md5', 1).slice(0, 32);
const SECOND = digestOf('file', 2);

let world: ChangingWorld;
beforeEach(async () => {
  world = await changingWorld();
});
afterEach(() => world.dispose());

const all = (change: Partial<ChangesQuery> = {}): ChangesQuery => ({
  since: 0,
  flipsOnly: false,
  source: null,
  ...change,
});

/** The first file turns malicious after a week, the second is cleared after two. */
async function live(): Promise<void> {
  await world.says('virustotal', 'non-malicious', [FIRST, MD5], 0);
  await world.says('wildfire', 'malicious', [SECOND]);
  world.later(7 * DAY);
  await world.says('virustotal', 'malicious', [FIRST], 41);
  world.later(7 * DAY);
  await world.says('wildfire', 'non-malicious', [SECOND]);
}

describe('history', () => {
  it('tells what each source said of a hash, under any digest of its file', async () => {
    await live();
    for (const hash of [FIRST, MD5]) {
      const { lanes, changes, total } = await world.engine.history.ofHash(hash, 1000);
      expect(lanes).toEqual([
        {
          source: 'virustotal',
          hash: FIRST,
          stretches: [
            expect.objectContaining({ status: 'non-malicious', from: START, to: START + 7 * DAY }),
            expect.objectContaining({ status: 'malicious', score: 41, from: START + 7 * DAY, to: null }),
          ],
        },
      ]);
      expect(changes.map(({ at, flip, before, after }) => [at, flip, before.status, after.status])).toEqual([
        [START + 7 * DAY, 'raised', 'non-malicious', 'malicious'],
      ]);
      expect(total).toBe(1);
    }
  });

  it('has no lane for a hash nobody said anything about, and refuses what is no hash', async () => {
    expect(await world.engine.history.ofHash(FIRST, 10)).toEqual({ lanes: [], changes: [], total: 0 });
    await expect(world.engine.history.ofHash('nonsense', 10)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('shows statuses by the thresholds in force', async () => {
    await live();
    const settings = world.engine.handlers['settings.set'];
    await settings({ virustotalThreshold: { malicious: 50, suspicious: 40 } });
    const { lanes } = await world.engine.history.ofHash(FIRST, 10);
    expect(lanes[0]?.stretches.map(({ status }) => status)).toEqual(['non-malicious', 'suspicious']);
  });
});

describe('changes', () => {
  it('pages what changed, newest first, with the lists each change touches', async () => {
    await live();
    const one = await world.keep('host 12', [MD5]);
    const two = await world.keep('host 13', [FIRST, SECOND]);
    const { rows, total, counts } = await world.engine.history.page(all(), { offset: 0, limit: 500 });
    expect([total, counts]).toEqual([2, { all: 2, raised: 1, cleared: 1 }]);
    expect(rows.map(({ flip, source, intakes, intakeCount }) => [flip, source, intakes, intakeCount])).toEqual([
      ['cleared', 'wildfire', [{ intakeId: two, title: 'host 13' }], 1],
      [
        'raised',
        'virustotal',
        [
          { intakeId: two, title: 'host 13' },
          { intakeId: one, title: 'host 12' },
        ],
        2,
      ],
    ]);
    expect(rows[1]?.digests).toEqual({ sha256: FIRST, md5: MD5 });
  });

  it('filters by time and source', async () => {
    await live();
    const page = async (query: Partial<ChangesQuery>): Promise<number> =>
      (await world.engine.history.page(all(query), { offset: 0, limit: 1 })).total;
    expect(await page({ since: START + 8 * DAY })).toBe(1);
    expect(await page({ source: 'virustotal', flipsOnly: true })).toBe(1);
    expect(await page({ source: 'recorded-future' })).toBe(0);
  });

  it('gives out all of them, more than a page holds', async () => {
    for (let round = 0; round < 12; round += 1) {
      world.later(60);
      await world.says('virustotal', 'malicious', [FIRST], 10 + round);
    }
    const found: number[] = [];
    for await (const { at } of world.engine.history.all(all())) {
      found.push(at);
    }
    expect(found).toEqual(found.toSorted((a, b) => b - a));
    expect(found).toHaveLength(11);
  });

  it('counts flips until somebody looked, and remembers when that was', async () => {
    await live();
    const { history } = world.engine;
    const before = await history.unseen();
    expect(before).toMatchObject({ raised: 1, cleared: 1, since: START + 7 * DAY, lookedAt: null });
    await history.seen(before.upTo);
    expect(await history.unseen()).toMatchObject({ raised: 0, cleared: 0, since: null, lookedAt: START + 14 * DAY });
    world.later(DAY);
    await world.says('wildfire', 'malicious', [SECOND]);
    expect(await history.unseen()).toMatchObject({ raised: 1, cleared: 0, lookedAt: START + 14 * DAY });
  });
});
