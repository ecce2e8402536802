import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import { createHashList } from '#main/services/hash-list/hash-list.ts';
import { overlayOf } from '#main/services/hash-list/overlay-of.ts';
import { openEffect } from '#main/services/triage/effect.ts';
import { createJudge } from '#main/services/triage/judge.ts';
import type { EntrySource, JudgeContext } from '#main/services/triage/port.ts';
import type { PackedVerdict } from '#main/services/triage/store-verdict.ts';
import { anyChanges, anyDigests, anyPolicy, anyRows, anySets, apply, clear } from './random-world.ts';
import { createWorld, emptyVerdictColumns, entriesOf, NOW, type World } from './world.ts';

const judge = createJudge();
let world: World;
let database: Database;
beforeAll(async () => {
  world = createWorld();
  database = await openInlineDatabase(world.directory);
});
afterAll(async () => {
  await database.close();
  world.close();
});

function judged(context: JudgeContext, entries: EntrySource): PackedVerdict[] {
  const columns = emptyVerdictColumns(entries.length);
  judge.judge(context, entries, columns, () => false);
  return Array.from({ length: columns.length }, (_, entry) => ({
    status: columns.status[entry] ?? 0,
    rule: columns.rule[entry] ?? 0,
    source: columns.source[entry] ?? 0,
    agreeing: columns.agreeing[entry] ?? 0,
    flags: columns.flags[entry] ?? 0,
    answeredAt: columns.answeredAt[entry] ?? 0,
  }));
}

const anySide = fc.constantFrom('malicious' as const, 'non-malicious' as const);
const anyGroups = fc.array(anyDigests, { minLength: 1, maxLength: 3 });

it('tells exactly what a planned change of the hash list does', async () => {
  const list = createHashList(database, { clock: { now: () => NOW * 1000 }, analyst: () => 'ana' });
  let written = 0;
  let moved = 0;
  const property = fc.asyncProperty(
    fc.tuple(anyChanges, anySets, anyRows, anyPolicy),
    anyGroups,
    anySide,
    async ([changes, sets, rows, policy], groups, side) => {
      clear(world);
      world.db.exec('DELETE FROM hash_list_audit; DELETE FROM hash_list_changes');
      apply(world, changes);
      sets.forEach((set) => world.knownSet(set.mark, set.digests));
      const context = { ...world.context, policy };
      const { entries } = entriesOf(rows);
      const entry = { groups, side, note: '', reason: 'decided', expiresAt: null };
      const plan = await list.planAdd(entry);
      const before = judged(context, entries);
      const effect = openEffect(context, overlayOf(plan.ops, NOW));
      const told = effect?.on(entries);
      effect?.close();

      const { problems, changeId } = await list.add(entry);
      expect(problems).toEqual(plan.problems);
      const after = judged(context, entries);
      const really = before.flatMap((verdict, row) =>
        JSON.stringify(verdict) === JSON.stringify(after[row]) ? [] : [{ before: verdict, after: after[row] }],
      );
      expect(told).toEqual(really);
      written += changeId === null ? 0 : 1;
      moved += really.length;
    },
  );
  await fc.assert(property, { numRuns: 150 });
  expect(written).toBeGreaterThan(50);
  expect(moved).toBeGreaterThan(50);
});
