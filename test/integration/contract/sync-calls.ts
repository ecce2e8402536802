import { expect, vi } from 'vitest';
import { closedPort } from '#test/integration/net/servers.ts';
import type { WindowCalls } from './window-calls.ts';
import { SOON } from '#test/patience.ts';

/** Makes every call about sync jobs: nobody listens where the job asks. */
export async function makeSyncCalls({ call, refused, made }: WindowCalls): Promise<void> {
  const { id: jobId } = await call('sync.create', { name: 'Feed', change: { packageSize: 100 } });
  expect(await refused('sync.create', { name: 'feed' })).toBe('CONFLICT');
  expect(await refused('sync.set', { jobId, change: { threatConnectUrl: 'ftp://x.example' } })).toBe(
    'INVALID_ARGUMENT',
  );
  const url = `http://127.0.0.1:${await closedPort()}`;
  const change = { threatConnectUrl: url, accessId: 'id', taniumUrl: url, taniumUsername: 'user' };
  const set = await call('sync.set', { jobId, change });
  expect([set.missing.map(({ field }) => field), set.whyInactive]).toEqual([
    ['threatconnect', 'tanium'],
    expect.stringContaining('Api User Secret Key'),
  ]);
  expect(await call('sync.setSecret', { jobId, secret: 'threatconnect', value: 'k' })).toMatchObject({
    place: expect.any(String),
  });
  await call('sync.setSecret', { jobId, secret: 'tanium', value: 'p' });
  expect(await call('sync.test', { jobId, side: 'threatconnect' })).toMatchObject({ ok: false, at: 'network' });
  expect(await refused('sync.owners', { jobId })).toBe('UNREADABLE');
  expect(await refused('sync.count', { jobId })).toBe('UNREADABLE');
  made.add('sync.owners').add('sync.count');
  expect(await call('sync.tql', { jobId, change: { types: ['File'] } })).toMatchObject({
    tql: expect.stringContaining('"File"'),
    problem: null,
  });
  const dry = await call('sync.request', { jobId, kind: 'dry-run' });
  // Nobody listens there: it waits to try again, which a cancel ends at once.
  await vi.waitUntil(
    async () => (await call('sync.requests', { jobId, runId: dry.id, offset: 0, limit: 1 })).total > 0,
    SOON,
  );
  await call('sync.cancel', { runId: dry.id });
  await vi.waitUntil(async () => (await call('sync.run', { runId: dry.id })).state === 'cancelled', SOON);
  expect((await call('sync.runs', { jobId, offset: 0, limit: 10 })).total).toBe(1);
  expect(await call('sync.plan', { runId: dry.id, offset: 0, limit: 10 })).toEqual({ total: 0, rows: [] });
  const { jobId: exported, path } = await call('sync.exportPlan', { runId: dry.id, format: 'csv' });
  const written = await vi.waitUntil(
    async () => (await call('jobs.list', {})).jobs.find((job) => job.jobId === exported && job.state !== 'running'),
    SOON,
  );
  expect(written).toMatchObject({ kind: 'export', state: 'done', path });
  expect((await call('sync.log', { runId: dry.id, offset: 0, limit: 10 })).total).toBeGreaterThan(0);
  expect((await call('sync.requests', { jobId, offset: 0, limit: 10 })).rows[0]).toMatchObject({ httpStatus: null });
  expect(await call('sync.ledger', { jobId, offset: 0, limit: 10 })).toEqual({ total: 0, rows: [] });
  expect(await call('sync.indicators', { jobId, which: 'all', offset: 0, limit: 10 })).toEqual({
    total: 0,
    rows: [],
  });
  expect(await call('sync.release', { jobId, ids: [1], release: true })).toEqual({ changed: 0 });
  expect(await refused('sync.activate', { jobId, active: true })).toBe('CONFLICT');
  await call('sync.activate', { jobId, active: false });
  expect((await call('sync.startOver', { jobId, from: 5 })).lastModified).toBe(5);
  const recall = await call('sync.recall', { jobId, scope: { kind: 'all' }, dryRun: true });
  await vi.waitUntil(async () => (await call('sync.run', { runId: recall.id })).state === 'done', {
    timeout: 60_000,
  });
  expect((await call('sync.cancel', { runId: recall.id })).state).toBe('done');
  expect(await refused('sync.approve', { runId: recall.id })).toBe('CONFLICT');
  made.add('sync.approve');
  await call('sync.removeSecret', { jobId, secret: 'tanium' });
  expect((await call('sync.jobs', {})).jobs).toHaveLength(1);
  await call('sync.remove', { jobId });
  expect((await call('sync.jobs', {})).jobs).toEqual([]);
  expect(await refused('sync.run', { runId: dry.id })).toBe('NOT_FOUND');
}
