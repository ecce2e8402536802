import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createWorld, type World } from '#main/simulators/server/world.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 10, 22, 9);
const sha256 = (n: number): string => createHash('sha256').update(`world ${n}`).digest('hex');
const MANY = 4000;

function world(now: () => number = () => START, name = 'one', seed = 1): World {
  return createWorld({ name, seed, now });
}

function statusesOf(from: World, many = MANY): readonly string[] {
  return Array.from({ length: many }, (_, n) => from.find(sha256(n))?.status ?? 'unknown');
}

const share = (statuses: readonly string[], status: string): number =>
  statuses.filter((one) => one === status).length / statuses.length;

describe('statuses that are drawn', () => {
  it('are spread as said', () => {
    const statuses = statusesOf(world());
    for (const [status, expected] of [
      ['malicious', 0.05],
      ['suspicious', 0.03],
      ['non-malicious', 0.62],
      ['unknown', 0.27],
      ['pending', 0.03],
    ] as const) {
      expect(Math.abs(share(statuses, status) - expected), status).toBeLessThan(0.02);
    }
  });

  it('are the same in every run, others by another seed, and mostly alike for two APIs', () => {
    const first = statusesOf(world());
    expect(statusesOf(world())).toEqual(first);
    const alike = (other: readonly string[]): number =>
      other.filter((status, n) => status === first[n]).length / first.length;
    expect(alike(statusesOf(world(() => START, 'one', 2)))).toBeLessThan(0.6);
    expect(alike(statusesOf(world(() => START, 'two')))).toBeGreaterThan(0.85);
    expect(alike(statusesOf(world(() => START, 'two')))).toBeLessThan(0.98);
  });

  it('are decided for what was pending, twenty simulated minutes after it was first asked for', () => {
    let now = START;
    const from = world(() => now);
    const before = statusesOf(from);
    now += 20 * 60_000 - 1;
    expect(statusesOf(from)).toEqual(before);
    now += 1;
    const after = statusesOf(from);
    const changed = before.flatMap((status, n) => (status === after[n] ? [] : [`${status} -> ${after[n] ?? ''}`]));
    expect(new Set(changed)).toEqual(new Set(['pending -> malicious', 'pending -> non-malicious']));
    expect(changed).toHaveLength(before.filter((status) => status === 'pending').length);
  });

  it('change for one file in a hundred within ten simulated days, and for no other', () => {
    let now = START;
    const from = world(() => now);
    statusesOf(from);
    now += DAY_MS;
    const first = statusesOf(from);
    now += 10 * DAY_MS;
    const flipped = statusesOf(from).filter((status, n) => status !== first[n]).length;
    expect(Math.abs(flipped / MANY - 0.01)).toBeLessThan(0.004);
  });
});

describe('digests of one file', () => {
  it('lead to it whichever is asked first', () => {
    const md5 = (n: number): string => createHash('md5').update(`world ${n}`).digest('hex');
    const from = world();
    const found = Array.from({ length: 50 }, (_, n) => from.find(md5(n))).find((record) => record !== null);
    expect(found?.md5).toHaveLength(32);
    for (const digest of [found?.sha256, found?.sha1.toUpperCase(), found?.md5]) {
      expect(from.find(digest ?? '')).toMatchObject({ sha256: found?.sha256, md5: found?.md5, status: found?.status });
    }
  });

  it('are the same for every API and seed', () => {
    const n = Array.from({ length: 50 }, (_, at) => at).find((at) => {
      const names = [world(), world(() => START, 'two')].map((one) => one.find(sha256(at)));
      return names.every((record) => record !== null);
    });
    const [one, other] = [world(), world(() => START, 'two')].map((each) => each.find(sha256(n ?? 0)));
    expect([other?.md5, other?.sha1]).toEqual([one?.md5, one?.sha1]);
  });

  it('are those that were told, and what is told can be told anew', () => {
    const from = world();
    const file = { sha256: sha256(1), md5: 'AB'.repeat(16), sha1: 'cd'.repeat(20) };
    from.know({ ...file, status: 'pending' });
    expect(from.find('ab'.repeat(16))).toMatchObject({ status: 'pending', sha256: sha256(1), sha1: 'cd'.repeat(20) });
    from.know({ ...file, status: 'suspicious' });
    expect(from.find('cd'.repeat(20))?.status).toBe('suspicious');
    from.know({ ...file, status: 'unknown' });
    expect(['ab'.repeat(16), 'cd'.repeat(20), sha256(1)].map((digest) => from.find(digest))).toEqual([
      null,
      null,
      null,
    ]);
  });
});
