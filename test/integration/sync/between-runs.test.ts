import { describe, expect, it } from 'vitest';
import { fastTimer, syncWorld, TC, termsOf, type SyncWorld } from './world.ts';

const HOUR_MS = 3_600_000;

const hostsOf = ({ tanium }: SyncWorld): (string | undefined)[] =>
  termsOf(tanium).map((term) => term.split(' ')[1]?.replace('.attacker.net', ''));

/** A host, modified some time ago. */
function put({ threatConnect }: SyncWorld, name: string, owner = 'Example Corp', minutesAgo = 0): number {
  const lastModified = Date.now() - minutesAgo * 60_000;
  return threatConnect.control.put({ type: 'Host', summary: `${name}.attacker.net`, owner, rating: 3, lastModified });
}

describe('what an owner told while it could not be read', () => {
  it('is taken by the run that can read it again, however long that took', async () => {
    const world = await syncWorld();
    const { control } = world.threatConnect;
    put(world, 'a');
    put(world, 'b', 'Common Community');
    const job = await world.job({ owners: ['Example Corp', 'Common Community'], overlapMinutes: 0 });
    await world.run(job.id, 'reconcile');
    control.forbid('Common Community');
    put(world, 'c', 'Common Community', 30);
    const closed = await world.run(job.id);
    expect([closed.state, closed.message]).toEqual(['done', expect.stringContaining('Common Community')]);
    control.allow('Common Community');
    const again = await world.run(job.id);
    expect([again.counts.new, hostsOf(world)]).toEqual([1, ['a', 'b', 'c']]);
    // Of it alone everything is asked for, and only now.
    const asked = world.threatConnect.log.length;
    await world.run(job.id);
    const queries = world.threatConnect.log.map(({ tql }) => tql ?? '');
    const whole = queries.filter((tql) => tql !== '' && !tql.includes('lastModified'));
    expect([whole.at(-1)?.includes('Example Corp'), again.tql.includes('lastModified')]).toEqual([false, true]);
    expect(whole.at(-1)).toBe(whole.findLast((tql) => queries.indexOf(tql) < asked));
  });

  it('is taken when only the query about it was refused', async () => {
    const world = await syncWorld({ threatConnect: { quirks: { ownerlessIsOrganization: true } } });
    put(world, 'a');
    const job = await world.job({ owners: ['Example Corp', 'Common Community'], overlapMinutes: 0 });
    await world.run(job.id, 'reconcile');
    put(world, 'c', 'Common Community', 30);
    const refusal = {
      kind: 'status',
      status: 403,
      body: '{"errCode":"0x1003","message":"No","status":"Error"}',
    } as const;
    // The list of owners, both of them together, and the first one alone.
    world.threatConnect.script([{ kind: 'none' }, refusal, refusal]);
    expect((await world.run(job.id)).message).toContain('Common Community may not be read');
    expect((await world.run(job.id)).counts.new).toBe(1);
  });

  it('is taken of an owner that is new, where all are asked', async () => {
    const world = await syncWorld();
    put(world, 'a');
    const job = await world.job({ overlapMinutes: 0 });
    await world.run(job.id, 'reconcile');
    world.threatConnect.control.addOwner('Late Source');
    put(world, 'd', 'Late Source', 90);
    expect([(await world.run(job.id)).counts.new, hostsOf(world)]).toEqual([1, ['a', 'd']]);
  });
});

it('an owner that is always refused does not make every run pull everything of the others', async () => {
  const world = await syncWorld();
  put(world, 'a');
  const job = await world.job({ owners: ['Example Corp', 'Common Community'], overlapMinutes: 0 });
  const refusal = {
    kind: 'status',
    status: 403,
    body: '{"errCode":"0x1003","message":"No","status":"Error"}',
  } as const;
  world.threatConnect.script([{ kind: 'none' }, refusal, refusal]);
  expect((await world.run(job.id, 'reconcile')).counts.new).toBe(1);
  world.threatConnect.script([{ kind: 'none' }, refusal]);
  const run = await world.run(job.id);
  expect([run.state, run.message]).toEqual(['done', expect.stringContaining('Common Community may not be read')]);
  expect(run.tql).toContain('lastModified');
});

describe('Last Modified', () => {
  it("follows ThreatConnect's clock where this machine's is ahead, which is said", async () => {
    const world = await syncWorld({ threatConnect: { now: () => Date.now() - HOUR_MS } });
    const job = await world.job({ threatConnectAuth: 'token' });
    await world.engine.threatSync.setSecret(job.id, 'threatconnect', TC.token);
    const first = await world.run(job.id, 'reconcile');
    expect(first.message).toContain("The clock of this machine is 60 minutes ahead of ThreatConnect's");
    world.threatConnect.control.put({ type: 'Host', summary: 'a.attacker.net', owner: 'Example Corp', rating: 3 });
    expect((await world.run(job.id)).counts.new).toBe(1);
  });

  it('that lies ahead of the present, since clocks were set back, asks for everything', async () => {
    let ahead = HOUR_MS;
    const now = (): number => Date.now() + ahead;
    const timer = { ...fastTimer, now };
    const world = await syncWorld({ threatConnect: { now }, engine: { asking: { timer } } });
    const job = await world.job({ threatConnectAuth: 'token' });
    await world.engine.threatSync.setSecret(job.id, 'threatconnect', TC.token);
    await world.run(job.id, 'reconcile');
    ahead = 0;
    put(world, 'a', 'Example Corp', 5);
    expect((await world.run(job.id)).counts.new).toBe(1);
    expect((await world.run(job.id)).tql).toContain('lastModified');
  });
});

it('what was deleted since the last comparison is known as deleted, whatever the clocks say', async () => {
  const world = await syncWorld({ threatConnect: { now: () => Date.now() - HOUR_MS } });
  const id = put(world, 'a');
  const job = await world.job({ threatConnectAuth: 'token' });
  await world.engine.threatSync.setSecret(job.id, 'threatconnect', TC.token);
  await world.run(job.id, 'reconcile');
  world.threatConnect.control.remove(id);
  const run = await world.run(job.id, 'reconcile');
  const plan = { runId: run.id, actions: ['withdrawn' as const], offset: 0, limit: 10 };
  const { rows } = await world.engine.threatSync.plan(plan);
  expect(rows.map(({ reason }) => reason)).toEqual(['deleted']);
});

describe('owners', () => {
  it('are asked for as ThreatConnect writes them', async () => {
    const world = await syncWorld();
    put(world, 'a');
    const job = await world.job({ owners: ['EXAMPLE corp'] });
    expect((await world.run(job.id, 'reconcile')).counts).toMatchObject({ pulled: 1, new: 1 });
  });

  it('are named when absent ones are asked for, and when matching ones are counted', async () => {
    const world = await syncWorld({ threatConnect: { quirks: { ownerlessIsOrganization: true } } });
    put(world, 'a');
    const b = put(world, 'b', 'Common Community');
    put(world, 'c', 'Common Community');
    const job = await world.job({ guardShare: 100 });
    const sync = world.engine.threatSync;
    expect(await sync.count({ jobId: job.id, change: {} }, new AbortController().signal)).toEqual({ count: 3 });
    const gone = sync.count({ jobId: job.id, change: { owners: ['Nobody'] } }, new AbortController().signal);
    expect(await gone).toEqual({ count: 0 });
    await world.run(job.id, 'reconcile');
    world.threatConnect.control.setActive(b, false);
    const run = await world.run(job.id, 'reconcile');
    const { rows } = await sync.plan({ runId: run.id, actions: ['withdrawn'], offset: 0, limit: 10 });
    expect(rows.map(({ summary, reason }) => [summary, reason])).toEqual([['b.attacker.net', 'inactive']]);
  });
});
