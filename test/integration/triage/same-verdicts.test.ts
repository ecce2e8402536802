import { rmSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAccelerator } from '#main/services/triage/accelerator/build.ts';
import { createJudge } from '#main/services/triage/judge.ts';
import { anyChanges, anyPolicy, anyRows, anySets, apply, clear } from './random-world.ts';
import { createWorld, emptyVerdictColumns, entriesOf, verdictsOf, type World } from './world.ts';

let world: World;
beforeAll(() => {
  world = createWorld();
});
afterAll(() => world.close());

const never = (): boolean => false;

describe('every way to judge', () => {
  it('gives the same verdicts: row by row, searched, merged, merged with an accelerator that is behind', () => {
    fc.assert(
      fc.property(anyChanges, anyChanges, anySets, anyRows, anyPolicy, (before, after, sets, some, policy) => {
        clear(world);
        apply(world, before);
        for (const set of sets) {
          world.knownSet(set.mark, set.digests);
        }
        buildAccelerator(world.db, world.directory, never);
        apply(world, after);
        const context = { ...world.context, policy };
        const { entries, rows } = entriesOf(some);
        const judged = (finders: 'search' | 'merge') => {
          const columns = emptyVerdictColumns(entries.length);
          createJudge(finders).judge(context, entries, columns, never);
          return verdictsOf(columns);
        };
        const groups = entries.groups.flatMap((group) => Array.from({ length: group.count }, () => group.link));
        const single = rows.map(({ link: _link, ...digests }, row) => {
          return createJudge().explain(context, digests as never, groups[row] ?? 'single').verdict;
        });
        expect(judged('search')).toEqual(single);
        expect(judged('merge')).toEqual(single);
        rmSync(join(world.directory, 'accelerators'), { recursive: true });
      }),
      { numRuns: 100 },
    );
  });
});
