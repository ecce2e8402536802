import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Verdict } from '#shared/domain/basis.ts';
import type { DigestSet, HexDigest } from '#shared/domain/hash.ts';
import { PackedReader } from '#main/intakes/packed-reader.ts';
import { buildAccelerator } from '#main/services/triage/accelerator/build.ts';
import { createJudge } from '#main/services/triage/judge.ts';
import { openEffect } from '#main/services/triage/effect.ts';
import { createWorld, emptyVerdictColumns, entriesOf, NOW, verdictsOf, type Row, type World } from './world.ts';

/** Enough for an index. */
const MEMBERS = 66_000;
const never = (): boolean => false;
const hash = (kind: 'sha1' | 'sha256', seed: number): string => createHash(kind).update(`l${seed}`).digest('hex');

let world: World;
let setFile: string;
beforeAll(() => {
  world = createWorld();
  const members = Array.from({ length: MEMBERS }, (_, n) => hash('sha256', n));
  const id = world.knownSet('known-bad', [...members, hash('sha1', 1)], 'Bad things');
  setFile = join(world.directory, `known-sets/${id}.acol`);
  world.file({ sha256: hash('sha256', 70_001), sha1: hash('sha1', 1) }, [{ status: 'suspicious', scannedAt: NOW }]);
});
afterAll(() => world.close());

function judged(rows: readonly Row[], finders: 'search' | 'merge' | 'shared'): ReadonlyMap<string, Verdict> {
  const listed = entriesOf(rows);
  const columns = emptyVerdictColumns(listed.rows.length);
  const { problems } = createJudge(finders).judge(world.context, listed.entries, columns, never);
  expect(problems).toEqual([]);
  return new Map(verdictsOf(columns).map((verdict, place) => [listed.rows[place]?.sha256 ?? '', verdict]));
}

describe('a set with an index', () => {
  it.each(['search', 'merge', 'shared'] as const)(
    'answers for what it holds and for nothing else, by %s',
    (finders) => {
      buildAccelerator(world.db, world.directory, never);
      const rows = Array.from({ length: 4000 }, (_, n): Row => ({ sha256: hash('sha256', n * 33) }));
      const verdicts = judged([...rows, { sha256: hash('sha256', 70_001) }], finders);
      const wrong = rows.filter(
        ({ sha256 = '' }, n) => (verdicts.get(sha256)?.rule === 'known-bad') !== n * 33 < MEMBERS,
      );
      expect(wrong).toEqual([]);
      // The database ties a SHA-1 of the set to this one.
      expect(verdicts.get(hash('sha256', 70_001))).toMatchObject({ status: 'malicious', rule: 'known-bad' });
    },
  );

  it('is named when it proves damaged while one hash is explained, and does not keep anybody from working', () => {
    const sound = readFileSync(setFile);
    onTestFinished(() => writeFileSync(setFile, sound));
    const reader = new PackedReader(setFile, 'known-set');
    const steps = reader.header.sections.find(({ name }) => name === 'sha256.steps');
    reader.close();
    const file = openSync(setFile, 'r+');
    writeSync(file, Buffer.alloc(steps?.bytes ?? 0, 1), 0, steps?.bytes ?? 0, steps?.offset);
    closeSync(file);
    const member: DigestSet = { sha256: hash('sha256', 5) as HexDigest };
    const explained = createJudge().explain(world.context, member, 'single');
    expect(explained.verdict.rule).toBe('never-asked');
    expect(explained.problems).toHaveLength(1);
    expect(explained.problems[0]).toMatch(/^The known set Bad things was left out: .*damaged/);
    const columns = emptyVerdictColumns(1);
    const { entries } = entriesOf([{ sha256: hash('sha256', 5) }]);
    for (const finders of ['search', 'shared'] as const) {
      expect(createJudge(finders).judge(world.context, entries, columns, never).problems).toHaveLength(1);
    }
    const effect = openEffect(world.context, {
      gone: [],
      planned: [{ id: null, side: 'malicious', addedAt: NOW, digests: member }],
    });
    expect(effect?.on(entries)).toHaveLength(1);
    effect?.close();
  });
});
