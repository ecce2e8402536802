import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createJobBoard } from '#main/jobs/job-board.ts';
import { buildSet } from '#main/services/known-sets/build-set.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';
import { knownSetsHandlers } from '#main/services/handlers/known-sets.ts';
import type { HandlerParts } from '#main/services/handlers/parts.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import { commandWorld } from '../terminal/command-world.ts';

const { data, put, run } = commandWorld();
const text = Array.from({ length: 130_000 }, (_, n) => `${createHash('sha256').update(`s${n}`).digest('hex')}\n`).join(
  '',
);

/** Reads most of a list and is cancelled. */
async function interrupt(source: string): Promise<void> {
  const sets = join(data(), 'known-sets');
  mkdirSync(sets, { recursive: true });
  const set = { name: 'x', edition: '', mark: 'known', datedAt: null, importedAt: 5, form: 'list' } as const;
  let looks = 0;
  const hooks = { onProgress: () => undefined, isCancelled: () => (looks += 1) > 5 };
  await expect(
    buildSet({ ...set, source, target: join(sets, '9.acol'), runRecords: 20_000 }, hooks),
  ).rejects.toMatchObject({ code: 'CANCELLED' });
}

it('says in the terminal where an import resumed, and when it could not', async () => {
  const source = put('long.txt', text);
  await interrupt(source);
  const resumed = await run(['known-sets', 'import', source, '--name', 'One']);
  expect(resumed).toMatchObject({ code: 0 });
  expect(resumed.err).toMatch(/^Resumed at [45]\.\d+ M\S* of 8\.\d+ M\S*\.$/m);
  expect(resumed.err).toContain('One: 130,000 records = 130,000 digests + 0 duplicates');
  await interrupt(source);
  appendFileSync(source, `${'ab'.repeat(32)}\n`);
  const changed = await run(['known-sets', 'import', source, '--name', 'Two']);
  expect(changed.err).toContain(
    'long.txt has changed since its last import was interrupted: it is read from the start.',
  );
  expect(changed.err).toContain('Two: 130,001 records = 130,001 digests');
});

it('says in the window where an import resumed', async () => {
  const source = put('window.txt', text);
  await interrupt(source);
  const database = await openInlineDatabase(data());
  const jobs = createJobBoard({ now: () => Date.now() });
  try {
    const phases: string[] = [];
    const ended = new Promise<string>((resolve) =>
      jobs.onJob((job) => (job.state === 'running' ? phases.push(job.phase) : resolve(job.message))),
    );
    const knownSets = createKnownSets(database, data(), {
      clock: { now: () => 1_795_305_600_000 },
      threads: 'workers',
    });
    // The handlers of known sets use no other part.
    const parts = { knownSets, jobs, handles: { singlePath: () => source } } as unknown as HandlerParts;
    const set = { handle: 'h', name: 'Three', edition: '', datedAt: null, mark: 'known', replace: false } as const;
    await knownSetsHandlers(parts)['knownSets.import'](set);
    expect(await ended).toBe('130,000 digests in Three.');
    expect(phases.filter((phase) => phase.startsWith('Resumed'))[0]).toMatch(/^Resumed at [56]\d %$/);
  } finally {
    await jobs.dispose();
    await database.close();
  }
});
