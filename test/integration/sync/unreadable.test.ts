import { describe, expect, it } from 'vitest';
import type { SyncJobView, SyncRunView } from '#shared/contract/sync.ts';
import { hostileThreatConnect, row, type HostileThreatConnect } from '../../security/hostile-threatconnect.ts';
import { syncWorld, termsOf, type SyncWorld } from './world.ts';

interface OddWorld {
  readonly world: SyncWorld;
  readonly server: HostileThreatConnect;
  readonly job: SyncJobView;
  /** Puts something wrong into some of the rows, by position. */
  readonly spoil: (change: Readonly<Record<string, unknown>>, ...positions: readonly number[]) => void;
}

/** Thirty addresses, all of them in Threat Response. */
async function oddWorld(): Promise<OddWorld> {
  const world = await syncWorld();
  const server = await hostileThreatConnect();
  const rows = Array.from({ length: 30 }, (_, n) => row(n + 1));
  server.rows = rows;
  const job = await world.job({ threatConnectUrl: server.url, packageSize: 5 });
  expect(await world.run(job.id, 'reconcile')).toMatchObject({ state: 'done', counts: { new: 30 } });
  return {
    world,
    server,
    job,
    spoil(change, ...positions) {
      server.rows = rows.map((one, position) => (positions.includes(position) ? { ...one, ...change } : one));
    },
  };
}

async function plan({ engine }: SyncWorld, { id }: SyncRunView): Promise<readonly unknown[]> {
  const page = await engine.threatSync.plan({ runId: id, actions: ['invalid'], offset: 0, limit: 50 });
  return page.rows.map((one) => [one.id, one.type, one.summary, one.why]);
}

describe('an indicator that cannot be read', () => {
  it.each([
    ['rating', { rating: -1 }],
    ['confidence', { confidence: 'high' }],
    ['summary', { summary: null }],
    ['ownerName', { ownerName: null }],
    ['type', { type: null }],
    ['lastModified', { lastModified: 'soon', dateAdded: null }],
  ])('for its %s stays as it is, and is one invalid row', async (field, change) => {
    const { world, server, job, spoil } = await oddWorld();
    const { summary } = server.rows[6] as { readonly summary: string };
    const before = [termsOf(world.tanium), world.tanium.control.writes().total];
    spoil(change, 6);
    const run = await world.run(job.id, 'reconcile');
    expect(run).toMatchObject({ state: 'done', message: '', counts: { withdrawn: 0, invalid: 1, unchanged: 29 } });
    expect(await plan(world, run)).toEqual([
      [
        7,
        'Address',
        summary,
        `Indicator 7 cannot be read: what ThreatConnect tells as its ${field} is not as documented.`,
      ],
    ]);
    expect([termsOf(world.tanium), world.tanium.control.writes().total]).toEqual(before);
    spoil({ rating: 1 }, 6);
    expect((await world.run(job.id, 'reconcile')).counts).toMatchObject({ changed: 1, invalid: 0, withdrawn: 0 });
  });

  it('and is new is told and not sent', async () => {
    const { world, server, job } = await oddWorld();
    server.rows = [...server.rows, row(31, { rating: 'high', summary: '8.8.200.1', ip: '8.8.200.1' })];
    const run = await world.run(job.id, 'reconcile');
    expect(run).toMatchObject({ state: 'done', counts: { new: 0, invalid: 1, unchanged: 30, pulled: 31 } });
    expect(await plan(world, run)).toEqual([[31, 'Address', '8.8.200.1', expect.stringContaining('rating')]]);
    expect(termsOf(world.tanium).join(' ')).not.toContain('8.8.200.1');
  });

  it('stays when its package is written again for another', async () => {
    const { world, server, job, spoil } = await oddWorld();
    const before = termsOf(world.tanium);
    spoil({ confidence: -1 }, ...Array.from({ length: 15 }, (_, n) => 2 * n));
    server.rows = server.rows.filter((_, position) => position !== 1);
    const run = await world.run(job.id, 'reconcile');
    expect(run.counts).toMatchObject({ invalid: 15, withdrawn: 1 });
    expect(before.length - termsOf(world.tanium).length).toBe(1);
  });
});

describe('a row without a usable id', () => {
  it('keeps what is absent of its owner, and no more than that', async () => {
    const { world, server, job } = await oddWorld();
    const other = { ownerName: 'Other' };
    server.owners = [...server.owners, { id: 2, name: 'Other', type: 'Source' }];
    server.rows = [...server.rows, row(31, other), row(32, other)];
    expect((await world.run(job.id, 'reconcile')).counts.new).toBe(2);
    // One of each owner goes, and of one owner a row comes that may be any.
    server.rows = [...server.rows.slice(1, 31), row(null)];
    const run = await world.run(job.id, 'reconcile');
    expect(run).toMatchObject({ state: 'done', counts: { withdrawn: 1, unchanged: 31 } });
    expect(run.message).toBe(
      '1 row of ThreatConnect names no usable id and cannot be told to be any indicator. ' +
        'Nothing of Example Corp is withdrawn for not being told.',
    );
    server.rows = server.rows.slice(0, -1);
    expect((await world.run(job.id, 'reconcile')).counts.withdrawn).toBe(1);
  });

  it('keeps all that is absent when not even its owner can be read', async () => {
    const { world, server, job } = await oddWorld();
    server.rows = [...server.rows.slice(1), 'nothing', null];
    const run = await world.run(job.id, 'reconcile');
    expect(run).toMatchObject({ state: 'done', counts: { withdrawn: 0, unchanged: 30 } });
    expect(run.message).toContain('2 rows of ThreatConnect name no usable id');
    expect(run.message).toContain('Nothing of any owner');
  });
});
