import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Term } from '#shared/domain/indicator.ts';
import { prepared } from '#main/db/prepared.ts';
import { storedTerms } from '#main/db/repositories/sync/indicators/stored.ts';
import { startWriting } from '#main/db/start.ts';
import { createHoldingJudge } from '#main/services/threat-sync/holding/judge.ts';
import { digestOf } from '#test/bench/data.ts';
import { startParts, type Parts } from './parts.ts';

const MANY = 100_000;
const { signal } = new AbortController();
const termsOf = (number: number): Term[] => [
  { kind: 'md5', value: digestOf('md5', number).slice(0, 32) },
  { kind: 'sha256', value: digestOf('file', number) },
];

/** Files as runs leave them, put in place at once. */
function fill(parts: Parts, jobId: number): void {
  const { db, use } = startWriting(join(parts.directory, 'assay.db'));
  const put = prepared(
    db,
    `INSERT INTO sync_indicators (job_id, id, type, bucket, summary, terms, owner, rating, false_positives, tags, modified_at,
       link, wanted) VALUES (?, ?, 'File', 0, '', ?, 'Org', ?, 0, '[]', 0, '', 1)`,
  );
  db.transaction(() => {
    for (let id = 1; id <= MANY; id += 1) {
      put.run(jobId, id, storedTerms(termsOf(id)), id % 6);
    }
  })();
  db.close();
  use.release();
}

/** Milliseconds of processor time a piece of work took: a busy machine does not decide. */
async function worked(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

it('keeps 100,000 files as known sets in under 3 s, and judges them in a few', async () => {
  const parts = await startParts();
  const job = await parts.job('Large');
  fill(parts, job.id);
  expect(await worked(() => parts.knownFiles.refresh(job.id, signal))).toBeLessThan(3_000);
  const sets = await parts.knownSets.list();
  expect(sets.reduce((sum, { digests }) => sum + digests.md5 + digests.sha256, 0)).toBe(2 * MANY);
  const made = await parts.database.read('changesSince', { since: 0, limit: 1000 });
  expect(await worked(() => parts.knownFiles.refresh(job.id, signal))).toBeLessThan(2_000);
  expect(await parts.database.read('changesSince', { since: 0, limit: 1000 })).toEqual(made);

  await parts.said({ sha256: digestOf('file', 5) }, 'wildfire', 'non-malicious');
  const judge = createHoldingJudge({ intakes: parts.intakes });
  const page = Array.from({ length: MANY }, (_, n) => ({ id: n, terms: termsOf(n) }));
  let held: number[] = [];
  const judging = await worked(async () => {
    held = [...(await judge.judge(page, ['acme.com'], signal)).holds.keys()];
  });
  expect(held).toEqual([5]);
  expect(judging).toBeLessThan(4_000);
});
