import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createJudge } from '#main/services/triage/judge.ts';
import { anyChanges, anyPolicy, anyRows, anySets, apply, clear } from './random-world.ts';
import { createWorld, emptyVerdictColumns, entriesOf, md5, NOW, sha256, verdictsOf, type World } from './world.ts';

const never = (): boolean => false;
const judge = createJudge();

describe('judging again', () => {
  let world: World;
  beforeAll(() => {
    world = createWorld();
  });
  afterAll(() => world.close());

  it('only what changed gives what judging everything gives', () => {
    let brought = 0;
    fc.assert(
      fc.property(anyChanges, anyChanges, anySets, anyRows, anyPolicy, (before, after, sets, rows, policy) => {
        clear(world);
        apply(world, before);
        for (const set of sets) {
          world.knownSet(set.mark, set.digests);
        }
        const context = { ...world.context, policy };
        const { entries } = entriesOf(rows);
        const columns = emptyVerdictColumns(entries.length);
        const { seq } = judge.judge(context, entries, columns, never);
        const old = verdictsOf(columns);
        apply(world, after);
        const result = judge.rejudge(context, entries, columns, seq);
        const whole = emptyVerdictColumns(entries.length);
        const full = judge.judge(context, entries, whole, never);
        const wanted = verdictsOf(whole);
        const moved = wanted.filter((verdict, row) => JSON.stringify(verdict) !== JSON.stringify(old[row])).length;
        brought += result === null ? 0 : 1;
        expect(result === null ? null : { ...result, verdicts: verdictsOf(columns) }).toEqual(
          result === null ? null : { seq: full.seq, moved, verdicts: wanted },
        );
      }),
      { numRuns: 100 },
    );
    expect(brought).toBeGreaterThan(40);
  });
});

describe('judging again', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
  });
  afterEach(() => world.close());

  const rows = [{ sha256: sha256(1) }, { md5: md5(1), sha256: sha256(2) }, { md5: md5(3) }];
  const { entries } = entriesOf(rows);
  const judged = () => {
    const columns = emptyVerdictColumns(entries.length);
    return { columns, seq: judge.judge(world.context, entries, columns, never).seq };
  };

  it('has nothing to do when nothing changed', () => {
    const { columns, seq } = judged();
    expect(judge.rejudge(world.context, entries, columns, seq)).toEqual({ seq, moved: 0 });
  });

  it('feels an entry added, and the same entry removed', () => {
    const { columns, seq } = judged();
    const id = world.listed('malicious', { md5: md5(3), sha256: sha256(1) });
    const added = judge.rejudge(world.context, entries, columns, seq);
    expect(added?.moved).toBe(2);
    world.unlist(id);
    expect(judge.rejudge(world.context, entries, columns, added?.seq ?? 0)?.moved).toBe(2);
    expect(verdictsOf(columns).map(({ rule }) => rule)).toEqual(['never-asked', 'never-asked', 'never-asked']);
  });

  it('feels an entry that has expired since', () => {
    world.listed('malicious', { md5: md5(3) }, NOW + 10);
    const { columns, seq } = judged();
    expect(judge.rejudge({ ...world.context, now: NOW + 10 }, entries, columns, seq)?.moved).toBe(1);
  });

  it('asks for a full look when it cannot tell', () => {
    const id = world.file({ sha256: sha256(1) }, [{}]);
    const first = judged();
    world.knownSet('known-bad', [sha256(1)]);
    expect(judge.rejudge(world.context, entries, first.columns, first.seq)).toBeNull();
    const second = judged();
    world.removeFile(id);
    expect(judge.rejudge(world.context, entries, second.columns, second.seq)).toBeNull();
    world.db.exec('DELETE FROM changes');
    expect(judge.rejudge(world.context, entries, second.columns, second.seq)).toBeNull();
    expect(judge.rejudge(world.context, entries, second.columns, second.seq + 1_000)).toBeNull();
  });
});
