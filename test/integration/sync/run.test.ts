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

  it('takes what was modified since: changed terms, inactive ones out, and says so in ledger and log', async () => {
    const world = await syncWorld();
    const { control } = world.threatConnect;
    const put = (summary: string, tags: readonly string[] = []): number =>
      control.put({ type: 'Host', summary, owner: 'Example Corp', rating: 3, tags });
    const [one, two, three] = [put('one.attacker.net'), put('two.attacker.net'), put('three.attacker.net', ['ours'])];
    const job = await world.job({ excludeTags: ['OURS'], logLevel: 'debug', overlapMinutes: 0 });
    expect((await world.run(job.id, 'reconcile')).counts).toMatchObject({ pulled: 3, new: 2, packages: 1 });
    control.setActive(one, false);
    control.change(two, { rating: 5 });
    control.change(three, { tags: [] });
    put('four.attacker.net');
    const run = await world.run(job.id, 'run');
    expect(run.counts).toMatchObject({ new: 2, changed: 1, withdrawn: 1, packages: 1, deploys: 1 });
    expect(termsOf(world.tanium).map((term) => term.split(' ')[1])).toEqual([
      'four.attacker.net',
      'three.attacker.net',
      'two.attacker.net',
    ]);
    const sync = world.engine.threatSync;
    const { rows } = await sync.plan({ runId: run.id, actions: ['changed', 'withdrawn'], offset: 0, limit: 10 });
    expect(rows.map(({ summary, oldRating, rating, reason }) => [summary, oldRating, rating, reason])).toEqual([
      ['two.attacker.net', 3, 5, null],
      ['one.attacker.net', null, 3, 'inactive'],
    ]);
    const ledger = await sync.ledger({ jobId: job.id, runId: run.id, offset: 0, limit: 10 });
    expect(
      ledger.rows.map(({ action, outcome, indicators, added, removed }) => [
        action,
        outcome,
        indicators,
        added,
        removed,
      ]),
    ).toEqual([
      ['deploy', 'done', 0, 0, 0],
      ['replace package', 'done', 3, 2, 1],
    ]);
    const log = await sync.log({ runId: run.id, offset: 0, limit: 100 });
    expect(new Set(log.rows.map(({ level }) => level))).toEqual(new Set(['info', 'debug']));
  });

  it('by a query of its own takes what ThreatConnect says matches', async () => {
    const world = await syncWorld();
    const { control } = world.threatConnect;
    control.put({ type: 'Host', summary: 'low.attacker.net', owner: 'Example Corp', rating: 1 });
    const high = control.put({ type: 'Host', summary: 'high.attacker.net', owner: 'Common Community', rating: 5 });
    // What the query replaces is not looked at any more.
    const job = await world.job({ tql: 'rating >= 4', types: ['File'], owners: ['Example Corp'] });
    const run = await world.run(job.id, 'reconcile');
    expect([run.counts.new, run.tql]).toEqual([1, expect.stringContaining('(rating >= 4)')]);
    control.change(high, { rating: 2 });
    const next = await world.run(job.id, 'reconcile');
    expect([next.counts.withdrawn, termsOf(world.tanium)]).toEqual([1, []]);
  });
});
