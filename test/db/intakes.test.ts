import { expect, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { openReadable } from '#main/db/open.ts';
import { NO_ACCOUNTING, NO_COUNTS, type IntakeOutcome } from '#main/db/repositories/intakes.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const made = { title: 'a', door: 'window', createdAt: 10, readBy: 'test', origin: ['/a'], process: '1:2' } as const;
const outcome: IntakeOutcome = {
  state: 'ready',
  elapsedMs: 5,
  bytes: 6,
  sha256: 'ff',
  files: 1,
  accounting: { ...NO_ACCOUNTING, records: 3, hashes: 2, duplicates: 1, notDigests: { imphash: 1 } },
  columns: ['name'],
  fault: null,
};

test('a row goes from reading to ready, and each step is told', async () => {
  const database = await openInlineDatabase(temporaryDirectory());
  const id = await database.write('createIntake', made);
  expect(await database.read('intakeRow', { id })).toMatchObject({
    state: 'reading',
    process: '1:2',
    counts: NO_COUNTS,
  });
  await database.write('finishIntake', { id, outcome, at: 20 });
  const { files: _files, ...same } = outcome;
  expect(await database.read('intakeRow', { id })).toMatchObject({ ...same, files: 1, process: '1:2', origin: ['/a'] });
  await database.write('saveJudgement', { id, counts: NO_COUNTS, seq: 0, at: 21, elapsedMs: 9 });
  expect(await database.read('intakeRow', { id })).toMatchObject({ judgedAt: 21, elapsedMs: 9, process: '' });
  expect(await database.read('changesSince', { since: 0, limit: 9 })).toEqual([
    { seq: 1, kind: 5, id },
    { seq: 2, kind: 5, id },
    { seq: 3, kind: 5, id },
  ]);
  expect(await database.read('metricTotal', { kind: 'inboundHashes', from: 0, to: 99 })).toBe(2);
  await database.close();
});

test('an older judgement never replaces a newer one, and judging is no change of data', async () => {
  const database = await openInlineDatabase(temporaryDirectory());
  const id = await database.write('createIntake', made);
  const judge = (seq: number, malicious: number) =>
    database.write('saveJudgement', { id, counts: { ...NO_COUNTS, malicious }, seq, at: seq });
  await judge(7, 7);
  await judge(5, 5);
  expect(await database.read('intakeRow', { id })).toMatchObject({
    judgedSeq: 7,
    judgedAt: 7,
    counts: { malicious: 7 },
  });
  expect(await database.read('lastSeq', undefined)).toBe(1);
  await database.close();
});

test('only an intake still being read can fail by its reader’s death', async () => {
  const database = await openInlineDatabase(temporaryDirectory());
  const [reading, ready] = [await database.write('createIntake', made), await database.write('createIntake', made)];
  await database.write('finishIntake', { id: ready, outcome, at: 20 });
  for (const id of [reading, ready]) {
    await database.write('failIntake', { id, fault: 'died' });
  }
  const { total, rows } = await database.read('intakePage', { offset: 0, limit: 10 });
  expect([total, rows.map((row) => [row.id, row.state, row.fault])]).toEqual([
    2,
    [
      [ready, 'ready', null],
      [reading, 'failed', 'died'],
    ],
  ]);
  await database.close();
});

test('numbers are never given twice, also after the newest was removed', async () => {
  const database = await openInlineDatabase(temporaryDirectory());
  const first = await database.write('createIntake', made);
  expect(await database.write('removeIntake', { id: first, at: 1 })).toBe(true);
  expect(await database.write('removeIntake', { id: first, at: 1 })).toBe(false);
  expect(await database.write('createIntake', made)).toBeGreaterThan(first);
  await database.close();
});

test('the list of intakes is read in the order of its key', async () => {
  const database = await openInlineDatabase(temporaryDirectory());
  const db = openReadable(database.file);
  const plan = db
    .prepare('EXPLAIN QUERY PLAN SELECT * FROM intakes ORDER BY id DESC LIMIT 1 OFFSET 1')
    .all()
    .map((step) => (step as { detail: string }).detail);
  expect(plan).toEqual(['SCAN intakes']);
  db.close();
  await database.close();
});
