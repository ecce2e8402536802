import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createJobBoard } from '#main/jobs/job-board.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import { knownSetsHandlers } from '#main/services/handlers/known-sets.ts';
import type { HandlerParts } from '#main/services/handlers/parts.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';
import { fileRow, makeRds } from '../../db/rds-database.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-window-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('applies a delta that removes rows to the database that the window names, and takes one for a delta alone', async () => {
  const rows = Array.from({ length: 20 }, (_, n) => fileRow(n, 501));
  const paths = { base: makeRds(join(folder, 'base.db'), rows), delta: join(folder, 'delta.sql') };
  writeFileSync(paths.delta, 'BEGIN;DELETE FROM FILE WHERE rowid=7;COMMIT;');
  const database = await openInlineDatabase(join(folder, 'data'));
  const jobs = createJobBoard({ now: () => Date.now() });
  try {
    const ended = new Promise<string>((resolve) =>
      jobs.onJob((job) => (job.state === 'running' ? undefined : resolve(job.message))),
    );
    const knownSets = createKnownSets(database, join(folder, 'data'), { clock: { now: () => 1_795_305_600_000 } });
    const handles = { singlePath: (handle: 'base' | 'delta') => paths[handle] };
    // The handlers of known sets use no other part.
    const call = knownSetsHandlers({ knownSets, jobs, handles } as unknown as HandlerParts)['knownSets.import'];
    const set = { name: 'NSRL', edition: '', datedAt: null, mark: 'known', replace: false } as const;
    expect(() => call({ ...set, handle: 'base', baseHandle: 'base' })).toThrow('Only a delta has a database');
    await call({ ...set, handle: 'delta', form: 'nsrl-delta', baseHandle: 'base' });
    expect(await ended).toBe('57 digests in NSRL.');
  } finally {
    await jobs.dispose();
    await database.close();
  }
});
