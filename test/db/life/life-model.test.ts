import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_ANSWER_CODE, NOT_ASKED } from '#main/db/codes.ts';
import type { SettledItem } from '#main/db/repositories/queue-types.ts';
import { md5, NOON, queueWorld, sha256, write, type QueueWorld } from '../queue/world.ts';
import { LifeModel, type Step } from './life-model.ts';

const NOW = NOON / 1000;

const said = fc.constantFrom(
  { status: 4, noAnswer: null },
  { status: 3, noAnswer: null },
  { status: 2, noAnswer: null },
  { status: 1, noAnswer: null },
  { status: 0, noAnswer: NO_ANSWER_CODE['not-known'] },
  { status: 0, noAnswer: NO_ANSWER_CODE['could-not-ask'] },
);

const steps = fc
  .array(
    fc.record({
      kind: fc.constantFrom('queue', 'hear', 'hear', 'import', 'import', 'link'),
      file: fc.nat(1),
      by: fc.constantFrom('md5', 'sha256', 'both'),
      source: fc.constantFrom(1, 5),
      said,
      score: fc.constantFrom(null, null, 1),
      threat: fc.constantFrom(null, 'Trojan'),
      scannedAt: fc.nat(40),
      passes: fc.integer({ min: -3, max: 20 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((list) => {
    let at = NOW;
    return list.map(({ said: state, passes, scannedAt, ...step }): Step => {
      at += passes;
      // With a score the thresholds would speak, which have tests of their own.
      const score = step.source === 5 ? null : step.score;
      return { ...step, ...state, score, scannedAt: NOW + scannedAt * 5, at };
    });
  });

function perform(world: QueueWorld, step: Step): void {
  world.setClock(step.at * 1000 - world.now());
  const both = { md5: md5(step.file), sha256: sha256(step.file) };
  const digests = { md5: { md5: both.md5 }, sha256: { sha256: both.sha256 }, both }[step.by];
  const { source, status, noAnswer, score, threat } = step;
  const item: SettledItem = {
    digests,
    source,
    status,
    noAnswer,
    score,
    threat,
    rawCode: null,
    firstSeen: null,
    scannedAt: step.kind === 'hear' ? step.at : step.scannedAt,
    report: null,
    notBefore: null,
  };
  const kind = step.by === 'md5' ? 'md5' : 'sha256';
  if (step.kind === 'link') {
    write(world.db, 'learnComputedLinks', { sets: [both], at: step.at });
  } else if (step.kind === 'import') {
    write(world.db, 'importItems', { items: [item], at: step.at });
  } else {
    world.enqueue([both[kind]], { kind, source, purpose: 'rescan', force: true });
    if (step.kind === 'hear') {
      world.settle(world.claimed({ source }), { items: [item] });
    } else {
      write(world.db, 'cancelQueue', { at: world.now() });
    }
  }
}

function storedHistory(world: QueueWorld, fileId: number): unknown[] {
  const { rows } = world.reads.historyOfFiles(world.db, { fileIds: [fileId], limit: 999 });
  return rows
    .toSorted((a, b) => a.id - b.id)
    .map(({ id, source, fromAt: from, at, before, after, flip }) => ({
      order: id,
      source,
      from,
      at,
      before,
      after,
      flip,
    }));
}

function storedItems(world: QueueWorld, fileId: number): unknown[] {
  const sql = `SELECT source, status, no_answer, score, name, scanned_at, coalesce(since, created_at)
    FROM items LEFT JOIN threat_names ON id = threat_id WHERE file_id = ? ORDER BY source`;
  return world.db.prepare(sql).raw().all(fileId);
}

test('whatever is queued, heard, imported and joined, in whatever order: items, history, disagreements and counts are those of the model', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const world = queueWorld();
      const model = new LifeModel();
      for (const step of list) {
        perform(world, step);
        model.apply(step);
      }
      const ids = world.db.prepare('SELECT id FROM files ORDER BY id').pluck().all() as number[];
      expect(ids.length).toBe(model.files.length);
      const disputed = world.reads.disagreementsPage(world.db, { now: NOW, offset: 0, limit: 9 }).rows;
      const stored = ids.map((id) => ({
        items: storedItems(world, id),
        history: storedHistory(world, id),
        isDisputed: disputed.some(({ fileId }) => fileId === id),
      }));
      const expected = model.files.map((file) => ({
        items: [...file.items]
          .toSorted(([a], [b]) => a - b)
          .map(([source, one]) => [source, one.status, one.noAnswer, one.score, one.threat, one.scannedAt, one.since]),
        history: file.history.toSorted((a, b) => a.order - b.order),
        isDisputed: LifeModel.isDisputed(file),
      }));
      expect(stored).toEqual(expected);
      expect(world.reads.verifyTables(world.db)).toEqual([]);
      const unasked = model.files
        .flatMap((file) => [...file.items.values()])
        .filter(({ noAnswer }) => noAnswer === NOT_ASKED);
      const counts = world.reads.sourceCounts(world.db);
      const sum = (key: 'items' | 'processed') => counts.reduce((total, row) => total + row[key], 0);
      const failed = expected.flatMap(({ items }) => items).filter((row) => row[2] === NO_ANSWER_CODE['could-not-ask']);
      expect(sum('items') - sum('processed')).toBe(unasked.length + failed.length);
      world.db.close();
    }),
    { numRuns: 40 },
  );
});
