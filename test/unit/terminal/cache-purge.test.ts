import { expect, it, vi } from 'vitest';
import type { PurgePreview } from '#shared/contract/life.ts';
import { run } from './stage.ts';

it('says what a purge would remove and what stays, as words and as JSON', async () => {
  const preview: PurgePreview = {
    groups: [{ source: 'wildfire', status: 'non-malicious', items: 1200 }],
    items: 1200,
    files: 900,
    reports: 1,
    kept: { malicious: 7, hashList: 0, inIntake: 2, queued: 0 },
    askedBefore: 20_000,
    at: 0,
  };
  const engine = { life: { preview: async () => preview } };
  const table = await run(['cache', 'purge', '--dry-run'], { engine });
  expect(table.out).toContain(
    'Last asked for before 2024-10-04: 1,200 items would go, with 1 report and 900 files of which nothing is left.\n',
  );
  expect(table.out).toMatch(/WildFire +\S+ non-malicious +1,200\n/);
  expect(table.out).toContain('Kept all the same: 7 malicious, 2 in a kept intake.\n');
  const json = await run(['cache', 'purge', '--dry-run', '--format', 'json'], { engine });
  expect(JSON.parse(json.out)).toEqual({ ...preview, askedBefore: '2024-10-04', at: '1970-01-01T00:00:00Z' });
  const never = { life: { preview: async () => ({ ...preview, askedBefore: null }) } };
  expect((await run(['cache', 'purge', '--dry-run'], { engine: never })).out).toContain('never');
});

it('purges, and says what went', async () => {
  const removed = { items: 3, files: 1, reports: 0, askedBefore: 20_000 };
  const refresh = vi.fn(async () => true);
  const engine = { life: { purge: async () => removed }, accelerator: { refresh } };
  expect((await run(['cache', 'purge'], { engine })).out).toBe(
    'Removed: 3 items, 0 reports, and 1 file of which nothing was left.\n',
  );
  expect(JSON.parse((await run(['cache', 'purge', '--format', 'json'], { engine })).out)).toEqual({
    ...removed,
    askedBefore: '2024-10-04',
  });
  // A triage after it must not go without quick look-ups.
  expect(refresh).toHaveBeenCalledTimes(2);
});

it('says what an import had no room for', async () => {
  const cache = {
    importItems: async () => {
      const counts = { lines: 3, imported: 2, updated: 0, unchanged: 0, rejected: 0, notMade: 1 };
      return { ...counts, firstProblems: [] };
    },
  };
  const accelerator = { refresh: async () => false };
  const { err } = await run(['cache', 'import', '-'], { engine: { cache, accelerator }, stdin: '{}\n' });
  expect(err).toContain('0 rejected + 1 left out.\n1 new item was left out. The database is at its maximum size');
});
