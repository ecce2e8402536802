import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { contradicts } from '#main/services/hash-list/draft.ts';
import type { ListChange, ListEntry } from '#shared/contract/hash-list.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { digest, openTestList, PLAIN, type TestList } from './list.ts';

const side = fc.constantFrom('malicious' as const, 'non-malicious' as const);
/** Few files, and some that share an MD5 or a SHA-1, so that entries meet. */
const group = fc
  .tuple(fc.nat(4), fc.nat(1), fc.subarray(['md5', 'sha1', 'sha256'] as const, { minLength: 1 }))
  .map(([seed, variant, kinds]) =>
    Object.fromEntries(kinds.map((kind) => [kind, digest(kind, kind === 'sha256' ? `${seed}/${variant}` : seed)])),
  );
const groups = fc.array(group, { minLength: 1, maxLength: 3 });
const settle = fc.constantFrom('refuse' as const, 'keep-mine' as const, 'take-file' as const);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('add' as const), side, groups }) },
  fc.record({ do: fc.constant('update' as const), pick: fc.nat(), side }),
  fc.record({ do: fc.constant('remove' as const), pick: fc.nat() }),
  fc.record({ do: fc.constant('undo' as const), back: fc.nat(3) }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('import' as const),
      lines: fc.array(fc.tuple(group, side), { minLength: 1, maxLength: 5 }),
      mode: fc.constantFrom('append' as const, 'replace' as const),
      settle,
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Lets the run fail; an `expect` inside a branch reads as if it might be skipped. */
function demand(holds: boolean, what: string): void {
  if (!holds) {
    throw new Error(what);
  }
}

async function take(
  test: TestList,
  change: Step,
  entries: readonly ListEntry[],
  done: readonly number[],
): Promise<ListChange | null> {
  switch (change.do) {
    case 'add':
      return test.list.add({ ...PLAIN, side: change.side, groups: change.groups });
    case 'update': {
      const entry = entries[change.pick % entries.length];
      return entry === undefined ? null : test.list.update({ id: entry.id, side: change.side });
    }
    case 'remove': {
      const entry = entries[change.pick % entries.length];
      return entry === undefined ? null : test.list.remove([entry.id]);
    }
    case 'undo': {
      const changeId = done.at(-1 - change.back);
      return changeId === undefined ? null : test.list.undo(changeId);
    }
    default: {
      const rows = change.lines.map(
        ([digests, on]) => `${digests['md5'] ?? ''},${digests['sha1'] ?? ''},${digests['sha256'] ?? ''},${on}`,
      );
      const text = `md5,sha1,sha256,list\n${rows.join('\n')}\n`;
      const preview = await test.preview(text, { mode: change.mode, settle: change.settle });
      const linesWithProblem = new Set(preview.problems.map((problem) => problem.line)).size;
      const lines = preview.added + preview.updated + preview.unchanged + preview.leftOut + linesWithProblem;
      demand(lines === rows.length || change.settle === 'take-file', `${lines} of ${rows.length} lines accounted for`);
      return preview.problemCount > 0 ? null : test.list.import(preview.token);
    }
  }
}

/** No digest on both sides, none on two entries that could be one file, and every digest leads to its entry. */
async function expectSound(test: TestList, entries: readonly ListEntry[]): Promise<void> {
  for (const one of entries) {
    for (const other of entries) {
      const shared = Object.values(one.digests).some((hash) => Object.values(other.digests).includes(hash));
      const mayShare = one.side === other.side && contradicts(one.digests, other.digests);
      demand(one === other || !shared || mayShare, `entries ${one.id} and ${other.id} share a digest`);
    }
    expect(Object.keys(one.digests).length).toBeGreaterThan(0);
    for (const hash of Object.values(one.digests)) {
      const found = await test.database.read('hashListHolding', { hashes: [hash ?? ''] });
      expect(found.map((row) => row.id)).toContain(one.id);
    }
  }
  const all = Array.from({ length: 5 }, (_, seed) => [digest('md5', seed), digest('sha1', seed)]).flat();
  for (const hash of all as string[]) {
    const listed = entries.filter((entry) => Object.values(entry.digests).includes(hash)).map((entry) => entry.id);
    const found = await test.database.read('hashListHolding', { hashes: [hash] });
    expect(found.map((row) => row.id)).toEqual(listed.sort((a, b) => a - b));
  }
}

it('stays sound through any series of changes, and every change can be taken back at once', async () => {
  const run = fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
      const test = await openTestList();
      try {
        const done: number[] = [];
        let entries = await test.entries();
        for (const one of steps) {
          test.world.now += 10;
          const before = entries;
          const change = await take(test, one, before, done).catch((error: unknown) => {
            demand(isAppError(error), String(error));
            return null;
          });
          entries = await test.entries();
          await expectSound(test, entries);
          if (change === null || change.changeId === null) {
            demand(isDeepStrictEqual(entries, before), 'nothing was written, yet the list changed');
          } else {
            const undone = await test.list.undo(change.changeId);
            demand(isDeepStrictEqual(await test.entries(), before), 'undo gave something else back');
            const redone = await test.list.undo(undone.changeId ?? 0);
            demand(isDeepStrictEqual(await test.entries(), entries), 'undoing the undo gave something else');
            done.push(redone.changeId ?? 0);
          }
        }
      } finally {
        await test.dispose();
      }
    }),
    { numRuns: 20 },
  );
  await expect(run).resolves.toBeUndefined();
});
