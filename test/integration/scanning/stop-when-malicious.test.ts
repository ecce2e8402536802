import { describe, expect, it } from 'vitest';
import type { SimulatedFile } from '#main/simulators/port.ts';
import { SIMULATED_SOURCES } from '#main/simulators/start.ts';
import { differences, runStrategy, type StrategyRun, type StrategyRunOptions } from '../../bench/strategy-run.ts';
import { digest, digests } from '../outbound/world.ts';

const requestsOf = (run: StrategyRun): number => Object.values(run.requests).reduce((sum, count) => sum + count, 0);

/** Files under all three digests, so that lists of other kinds meet them. */
const FILES: readonly SimulatedFile[] = Array.from({ length: 15 }, (_, n) => ({
  md5: digest(n, 'md5'),
  sha1: digest(n, 'sha1'),
  sha256: digest(n),
  status: (['malicious', 'non-malicious', 'suspicious', 'unknown', 'pending'] as const)[n % 5] ?? 'unknown',
}));

const LISTS: readonly (readonly [string, StrategyRunOptions])[] = [
  ['SHA-256 alone', { lines: digests(1000, 90) }],
  [
    'all three kinds, of different files',
    { lines: [...digests(1000, 30), ...digests(2000, 30, 'sha1'), ...digests(3000, 30, 'md5')] },
  ],
  [
    'the same files under several digests',
    {
      lines: [...digests(0, 15), ...digests(0, 15, 'md5'), ...digests(0, 15, 'sha1'), ...digests(500, 20)],
      knows: FILES,
    },
  ],
];

describe('stopping when one source says malicious', () => {
  it.each(LISTS)('finds what asking all finds: %s', async (name, options) => {
    const all = await runStrategy('certain', options);
    expect(all.malicious.size).toBeGreaterThan(0);
    const lines: string[] = [];
    for (const strategy of ['cheapest', 'fastest'] as const) {
      const run = await runStrategy(strategy, options);
      expect(differences(all, run)).toEqual([]);
      expect(run.pairs).toBeLessThanOrEqual(all.pairs);
      const saved = `${requestsOf(all) - requestsOf(run)} of ${requestsOf(all)} requests and ${all.billed - run.billed} of ${all.billed} billed calls`;
      lines.push(`${name}, ${strategy}: ${run.malicious.size} malicious as by asking all, ${saved} saved`);
    }
    console.log(lines.join('\n'));
  });

  it('asks one source after another, in the order of the plan, and no further about what is malicious', async () => {
    const run = await runStrategy('cheapest', { lines: digests(1000, 60) });
    expect(run.planned.toSorted()).toEqual(SIMULATED_SOURCES.toSorted());
    expect(run.malicious.size).toBeGreaterThan(0);
    const tooMany = [...run.said].flatMap(([hash, said]) => {
      const inOrder = run.planned.map((source) => said.filter((words) => words.startsWith(`${source} `)));
      const first = inOrder.findIndex((words) => words.some((word) => word.endsWith(' malicious')));
      const after = first === -1 ? [] : inOrder.slice(first + 1).flat();
      return after.length === 0 ? [] : [`${hash} ${after.join(', ')}`];
    });
    expect(tooMany).toEqual([]);
  });
});
