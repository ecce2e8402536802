import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { NO_ANSWER_CODE, NOT_ASKED } from '#main/db/codes.ts';
import { reads } from '#main/db/repositories/index.ts';
import { startWriting } from '#main/db/start.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const { malicious, unknown } = STATUS_CODE;

function database() {
  const { db, use } = startWriting(join(temporaryDirectory(), 'assay.db'));
  onTestFinished(() => {
    db.close();
    use.release();
  });
  return db;
}

test('answers are counted by what they mean; what is no answer is left out', () => {
  const db = database();
  const insert = db.prepare(
    'INSERT INTO items (file_id, source, status, no_answer, score, created_at) VALUES (?, ?, ?, ?, ?, 0)',
  );
  insert.run(1, 1, malicious, null, null);
  insert.run(2, 1, malicious, null, null);
  insert.run(2, 5, malicious, null, 40);
  insert.run(3, 1, unknown, NO_ANSWER_CODE['not-known'], null);
  insert.run(4, 1, unknown, NO_ANSWER_CODE['could-not-ask'], null);
  insert.run(5, 1, unknown, NOT_ASKED, null);
  expect(reads.answerClasses(db, {})).toEqual([
    { source: 1, status: unknown, noAnswer: NO_ANSWER_CODE['not-known'], score: null, count: 1 },
    { source: 1, status: malicious, noAnswer: null, score: null, count: 2 },
    { source: 5, status: malicious, noAnswer: null, score: 40, count: 1 },
  ]);
  expect(reads.answerClasses(database(), {})).toEqual([]);
});

test('a large cache is looked at in stretches from its first to its last file, and no file twice', () => {
  const db = database();
  db.exec(`WITH RECURSIVE n(file) AS (SELECT 1 UNION ALL SELECT file + 1 FROM n WHERE file < 40000)
    INSERT INTO items (file_id, source, status, created_at) SELECT file, CASE WHEN file < 20000 THEN 1 ELSE 5 END, 4, 0 FROM n`);
  const counts = reads.answerClasses(db, {}).map(({ source, count }) => [source, count]);
  expect(counts).toEqual([
    [1, 32 * 160],
    [5, 32 * 160],
  ]);
});
