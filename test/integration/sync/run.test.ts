import { describe, expect, it } from 'vitest';
import { syncWorld, termsOf } from './world.ts';

describe('a run', () => {
  it('brings what matches into packages, deploys once, and the next one does nothing', async () => {
    const world = await syncWorld({ threatConnect: { indicators: 300 } });
    const job = await world.job({ packageSize: 20 });
    const first = await world.run(job.id, 'reconcile');
    expect([first.state, first.message, world.faults]).toEqual(['done', expect.any(String), []]);
    expect(first.counts.new).toBeGreaterThan(100);
    const intels = world.tanium.control.intels().filter(({ type }) => type === 'openioc');
    expect(intels.length).toBe(first.counts.packages);
    expect(intels.every(({ isSchemaValid }) => isSchemaValid)).toBe(true);
    expect(world.tanium.control.writes().deploys).toBe(1);
    const [view] = (await world.engine.threatSync.jobs()).jobs;
    expect([view?.sent, view?.packages]).toEqual([first.counts.new, intels.length]);
    const terms = termsOf(world.tanium);
    expect(new Set(terms).size).toBeGreaterThan(100);

    const before = world.tanium.control.writes();
    const second = await world.run(job.id, 'reconcile');
    expect([second.state, second.counts.unchanged]).toEqual(['done', first.counts.new]);
    const third = await world.run(job.id, 'run');
    expect(third.state).toBe('done');
    expect(world.tanium.control.writes()).toEqual(before);
    expect(termsOf(world.tanium)).toEqual(terms);
  });
});
