import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ReadableDb, WritableDb } from '#main/db/handles.ts';
import { keepBefore } from '#main/db/repositories/annotations/changes.ts';
import { changedAnnotations } from '#main/db/repositories/annotations/reads.ts';
import { annotationsOn, hasAnnotations } from '#main/db/repositories/annotations/rows.ts';
import { reads } from '#main/db/repositories/index.ts';
import { embargoKeysAfter, queuedDigestsAfter } from '#main/db/repositories/scan-reads.ts';
import { startWriting } from '#main/db/start.ts';
import { statementsOf } from './statements.ts';
import type { HexDigest } from '#shared/domain/hash.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const hash = 'ab'.repeat(32);
const QUERIES: readonly [string, (db: ReadableDb) => unknown][] = [
  ['filesByDigest', (db) => reads.filesByDigest(db, { hash })],
  ['itemsPage', (db) => reads.itemsPage(db, { afterFile: 1, afterSource: 0, limit: 10 })],
  ['itemsOfFile', (db) => reads.itemsOfFile(db, { fileId: 1 })],
  ['changesSince', (db) => reads.changesSince(db, { since: 1, limit: 10 })],
  ['changedKinds', (db) => reads.changedKinds(db, { since: 1 })],
  ['oldestSeq', (db) => reads.oldestSeq(db)],
  ['metricTotal', (db) => reads.metricTotal(db, { kind: 'itemsImported', from: 0, to: 1 })],
  ['databaseMeta', (db) => reads.databaseMeta(db)],
  ['queuedDigestsAfter', (db) => queuedDigestsAfter(db, { digest: new Uint8Array(0), source: 0, limit: 10 })],
  ['embargoKeysAfter', (db) => embargoKeysAfter(db, { key: -1, intakeId: 0, limit: 10 })],
  ['embargoedBy', (db) => reads.embargoedBy(db, { digests: [Buffer.from(hash, 'hex')] })],
  ['hasEmbargoKey', (db) => reads.hasEmbargoKey(db, { key: 1, intakeId: 1 })],
  ['recentElapsed', (db) => reads.recentElapsed(db, { source: 1, limit: 50 })],
  ['queuedAhead', (db) => reads.queuedAhead(db, { source: 1 })],
  ['historyOfFiles', (db) => reads.historyOfFiles(db, { fileIds: [1], limit: 10 })],
  ...[true, false].flatMap((flipsOnly) =>
    [null, 5].flatMap((source): [string, (db: ReadableDb) => unknown][] => {
      const filter = { since: 1, flipsOnly, source, limit: 10 };
      const name = `${flipsOnly ? 'flips' : 'all'} of ${source === null ? 'every source' : 'one source'}`;
      return [
        [`changesPage, ${name}`, (db) => reads.changesPage(db, { ...filter, offset: 5 })],
        [`changesBefore, ${name}`, (db) => reads.changesBefore(db, { ...filter, before: { at: 5, id: 5 } })],
      ];
    }),
  ),
  ['flipsSince', (db) => reads.flipsSince(db, { afterId: 1, limit: 10 })],
  ['unseenFlips', (db) => reads.unseenFlips(db)],
  ['disagreementsPage', (db) => reads.disagreementsPage(db, { now: 1, offset: 0, limit: 10 })],
  ['hasAnnotations', hasAnnotations],
  ['annotationsOn', (db) => annotationsOn(db, { sha256: hash as HexDigest })],
  ['changedAnnotations', (db) => changedAnnotations(db, 0)],
  ['keepBefore', (db) => keepBefore(db as WritableDb, 1, 1, [])],
  ['annotationsAfter', (db) => reads.annotationsAfter(db, { after: 1, limit: 10, tag: null })],
  ['disagreementsToSettle', (db) => reads.disagreementsToSettle(db, { after: 0, limit: 10 })],
  ['writtenReports', (db) => reads.writtenReports(db, { intakeId: 1, limit: 10 })],
  ['reportSealedAt', (db) => reads.reportSealedAt(db, { seal: Buffer.from(hash, 'hex') })],
];

/** Runs the query on a handle that writes down every statement it is asked to prepare. */
function plansOf(query: (db: ReadableDb) => unknown): string[] {
  const { db, use } = startWriting(join(temporaryDirectory(), 'assay.db'));
  onTestFinished(() => {
    db.close();
    use.release();
  });
  db.exec(`INSERT INTO files (id, sha256) VALUES (1, unhex('${hash}'));
           INSERT INTO digest_keys VALUES (${Number.parseInt(hash.slice(0, 12), 16)}, 1);
           INSERT INTO annotations (id, note, tags, changed_at, changed_by, change_id) VALUES (1, 'seen', '[]', 1, 'ana', 1);
           INSERT INTO annotation_changes (id, at, by) VALUES (1, 1, 'ana');
           INSERT INTO annotation_digests VALUES (unhex('${hash}'), 1);
           INSERT INTO changes (kind, id) VALUES (12, 1)`);
  return statementsOf(db, query).flatMap((sql) =>
    db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...Array.from({ length: (sql.match(/\?/g) ?? []).length }, () => 1))
      .map((row) => row.detail),
  );
}

// Events that were not folded yet are a minute's worth.
test.each(QUERIES)('%s is answered by an index, without a sort', (_name, query) => {
  const plans = plansOf(query);
  expect(plans.length).toBeGreaterThan(0);
  expect(
    plans.filter((plan) =>
      /^SCAN (?!CONSTANT|sqlite_sequence|metric_events$|settings$|j VIRTUAL)|TEMP B-TREE FOR ORDER/.test(plan),
    ),
  ).toEqual([]);
});
