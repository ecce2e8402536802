import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digest, NOW, openTestList, PLAIN, type TestList } from './list.ts';

/** Entries as a person would compare them: everything but ids. */
async function content(test: TestList): Promise<unknown[]> {
  return (await test.entries())
    .map(({ id: _id, seenIn: _seenIn, expired: _expired, ...rest }) => rest)
    .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

const cell = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc
    .array(fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\n', '"', ',', ';', ' ', 'a', 'é'), { maxLength: 6 })
    .map((parts) => parts.join('')),
);
const kinds = fc.subarray(['md5', 'sha1', 'sha256'] as const, { minLength: 1 });
const addition = fc.record({
  side: fc.constantFrom('malicious' as const, 'non-malicious' as const),
  seeds: fc.array(fc.tuple(fc.nat(12), kinds, fc.nat(2)), { minLength: 1, maxLength: 4 }),
  note: cell,
  reason: cell,
  by: cell,
  expiresAt: fc.option(fc.integer({ min: NOW - 1000, max: NOW + 1000 })),
});

describe('export and import', () => {
  it('give back exactly the same list, also where digests collide and texts look like formulas', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(addition, { minLength: 1, maxLength: 6 }), async (additions) => {
        const test = await openTestList();
        const copy = await openTestList();
        try {
          for (const { seeds, by, ...rest } of additions) {
            test.world.analyst = by || 'somebody';
            test.world.now += 7;
            const groups = seeds.map(([seed, present, variant]) =>
              // The variant makes some SHA-256 differ under the same MD5.
              Object.fromEntries(
                present.map((kind) => [kind, digest(kind, kind === 'sha256' ? `${seed}/${variant}` : seed)]),
              ),
            );
            await test.list.add({ ...rest, groups });
          }
          const before = await content(test);
          const text = await test.exported();
          copy.world.analyst = 'importer';
          copy.world.now += 5000;
          const preview = await copy.preview(text);
          expect(preview.problems).toEqual([]);
          await copy.list.import(preview.token);
          expect(await content(copy)).toEqual(before);
          expect(await copy.exported()).toBe(text);
          const again = await test.preview(text, { mode: 'replace' });
          expect(again).toMatchObject({ added: 0, updated: 0, removed: 0, problemCount: 0 });
        } finally {
          await test.dispose();
          await copy.dispose();
        }
      }),
      { numRuns: 25 },
    );
  });

  it('hands a spreadsheet no formula, and takes the guard off only from Assay’s own file', async () => {
    const test = await openTestList();
    try {
      const groups = [{ md5: digest('md5', 1) }];
      await test.list.add({ ...PLAIN, side: 'malicious', groups, note: '=HYPERLINK("x")', reason: "'quoted" });
      const text = await test.exported();
      expect(text).toContain(`"'=HYPERLINK(""x"")",''quoted,`);
      const split = [{ md5: digest('md5', 3) }];
      await test.list.add({ ...PLAIN, side: 'malicious', groups: split, note: "a;=1+1;'=2;'b", reason: 'c\n-d' });
      expect(await test.exported()).toContain(`"a;'=1+1;''=2;'b","c\n'-d"`);
      const foreign = `md5,list,notes\n${digest('md5', 2)},malicious,'kept\n`;
      await test.list.import((await test.preview(foreign)).token);
      expect((await test.entries()).map((entry) => entry.note)).toEqual(['=HYPERLINK("x")', "a;=1+1;'=2;'b", "'kept"]);
    } finally {
      await test.dispose();
    }
  });
});
