import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFrom } from '#main/services/known-sets/build-from.ts';
import type { BuildHooks, BuildRequest } from '#main/services/known-sets/build-set.ts';
import { discardWork, leftWork } from '#main/services/known-sets/left-work.ts';
import type { Begun } from '#main/services/known-sets/list-work.ts';
import { digestOf, fileRow, makeRds } from '../../db/rds-database.ts';

const child = fileURLToPath(new URL('./kill-child.ts', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-rds-killed-'));
  const rows = Array.from({ length: 20_000 }, (_, n) => fileRow(n % 19_000, 501 + (n % 4), `${n}`));
  makeRds(at('rds.db'), rows);
  const gone = Array.from(
    { length: 3000 },
    (_, n) => `DELETE FROM FILE WHERE sha256='${digestOf('sha256', n * 2).toUpperCase()}';`,
  );
  const added = Array.from({ length: 3000 }, (_, n) => `INSERT INTO FILE VALUES${fileRow(50_000 + n, 502)};`);
  writeFileSync(at('delta.sql'), ['BEGIN;', ...gone, ...added, 'COMMIT;'].join('\n'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(`${folder}.lock`, { force: true });
});
const at = (name: string): string => join(folder, name);

const named = { name: 'NSRL', edition: '', mark: 'known', datedAt: null, importedAt: 5, runRecords: 5000 } as const;
const plain = (): Omit<BuildRequest, 'target'> => ({ ...named, source: at('rds.db'), form: 'nsrl-rdsv3' });
const onto = (): Omit<BuildRequest, 'target'> => ({
  ...named,
  source: at('delta.sql'),
  baseDatabase: at('rds.db'),
  form: 'nsrl-delta',
});
const folders = (sets: string): string[] => readdirSync(sets).filter((name) => name.startsWith('work-'));

/** Runs an import in a process of its own up to a look and kills it there. */
async function killAt(request: BuildRequest, looks: number): Promise<void> {
  const killed = spawn(process.execPath, [child, JSON.stringify(request), String(looks)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(killed.stdout, 'data')) as [Buffer];
  expect(String(said)).toBe('there\n');
  killed.kill('SIGKILL');
  await once(killed, 'exit');
}

describe.each([
  // Two looks a batch of 8,192 rows: within the first, before the last, and while digests are sorted.
  ['a database', plain, [1, 5, 9]],
  // Two looks each at the delta's hash and at its statements, then as above.
  ['a delta onto a database', onto, [1, 4, 7, 11]],
] as const)('an import of %s whose process is killed again and again', (what, of, moments) => {
  it('makes no set until it comes to its end, and then the very same one', async () => {
    const hooks = { onProgress: () => undefined, isCancelled: () => false };
    const sets = at(`sets of ${what}`);
    mkdirSync(sets);
    await buildFrom({ ...of(), target: at('whole.acol') }, hooks);
    const request = { ...of(), target: join(sets, '1.acol') };
    let before = 0;
    for (const looks of moments) {
      await killAt(request, looks);
      expect(readdirSync(sets)).not.toContain('1.acol');
      const [work, ...others] = leftWork(sets);
      expect(others).toEqual([]);
      expect(work ?? { state: 'kept' }).toMatchObject({ state: 'kept' });
      // What was read once is not read again.
      expect(work?.read?.bytes ?? 0).toBeGreaterThanOrEqual(before);
      before = work?.read?.bytes ?? 0;
    }
    expect(before).toBeGreaterThan(0);
    await buildFrom(request, hooks);
    expect(readFileSync(request.target).equals(readFileSync(at('whole.acol')))).toBe(true);
    expect(folders(sets)).toEqual([]);
  });
});

it('an import whose process was killed can be discarded, and begins anew then', async () => {
  const sets = at('discarded');
  mkdirSync(sets);
  const request = { ...plain(), target: join(sets, '1.acol') };
  await killAt(request, 5);
  discardWork(sets, leftWork(sets)[0]?.id ?? '');
  expect(folders(sets)).toEqual([]);
  const looked: (Begun | null)[] = [];
  const onProgress: BuildHooks['onProgress'] = (_done, _total, _digests, _phase, begun = null) => looked.push(begun);
  expect(await buildFrom(request, { onProgress, isCancelled: () => false })).toMatchObject({ records: 20_000 });
  expect(new Set(looked)).toEqual(new Set([null]));
});
