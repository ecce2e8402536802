import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { buildFrom } from '#main/services/known-sets/build-from.ts';
import type { BuildRequest } from '#main/services/known-sets/build-set.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';
import { leftWork } from '#main/services/known-sets/left-work.ts';
import { WorkFolder } from '#main/services/known-sets/work-folder.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { fileRow, makeRds } from '../../db/rds-database.ts';
import { filterOf } from './bloom-file.ts';
import { type SmallDisk, smallDisk } from './small-disk.ts';

const MIB = 1 << 20;
const disk: SmallDisk | null = smallDisk(16 * MIB);
const folder = mkdtempSync(join(tmpdir(), 'assay-full-sets-'));
const at = (name: string): string => join(folder, name);
const hooks = { onProgress: () => undefined, isCancelled: () => false };
const named = { name: 'NSRL', edition: '1', mark: 'known', datedAt: null, importedAt: 5, runRecords: 500 } as const;

beforeAll(async () => {
  const rows = Array.from({ length: 2000 }, (_, n) => fileRow(n, 501 + (n % 4)));
  makeRds(at('rds.db'), rows);
  const sha256 = Array.from({ length: 4000 }, (_, n) => createHash('sha256').update(`f${n}`).digest('hex'));
  writeFileSync(at('list.txt'), `${sha256.join('\n')}\n`);
  const delta = Array.from({ length: 300 }, (_, n) => `INSERT INTO FILE VALUES${fileRow(9000 + n, 502)};`);
  writeFileSync(at('delta.sql'), delta.join('\n'));
  writeFileSync(at('changes.sql'), `${delta.join('\n')}\nUPDATE FILE SET package_id=501 WHERE file_size < 900;`);
  writeFileSync(at('filter.bloom'), filterOf(sha256.slice(0, 100), 90_000, 0.001));
  await buildFrom({ ...named, source: at('rds.db'), target: at('base.acol'), form: 'nsrl-rdsv3' }, hooks);
});
afterAll(() => {
  disk?.remove();
  rmSync(folder, { recursive: true, force: true });
  rmSync(`${folder}.lock`, { force: true });
});

const delta = { source: 'delta.sql', form: 'nsrl-delta', base: 'base.acol' } as const;
const changes = { source: 'changes.sql', form: 'nsrl-delta', baseDatabase: 'rds.db' } as const;
const FORMS = [
  ['a list', { source: 'list.txt', form: 'list' }],
  ['a database', { source: 'rds.db', form: 'nsrl-rdsv3' }],
  ['a delta onto a set', delta],
  ['a delta onto a database', changes],
  ['a filter', { source: 'filter.bloom', form: 'bloom' }],
] as const;

function requestOf(form: (typeof FORMS)[number][1], target: string): BuildRequest {
  const inFolder = Object.fromEntries(
    Object.entries(form).map(([part, name]) => [part, part === 'form' ? name : at(name)]),
  ) as Pick<BuildRequest, 'source' | 'form'>;
  return { ...named, keptFrom: 1, ...inFolder, target };
}

it.skipIf(disk === null).each(FORMS)(
  'says that the disk is full wherever that comes, leaves nothing of %s, and makes it once there is room',
  async (_what, form) => {
    const path = disk?.path ?? '';
    const sets = join(path, 'sets');
    rmSync(sets, { recursive: true, force: true });
    mkdirSync(sets);
    const { bytes } = await buildFrom(requestOf(form, at('whole.acol')), hooks);
    const whole = readFileSync(at('whole.acol'));
    const outcomes: string[] = [];
    const left: string[] = [];
    for (let free = 0; outcomes.at(-1) !== 'made'; free += bytes / 5) {
      disk?.leave(free);
      try {
        await buildFrom(requestOf(form, join(sets, '1.acol')), hooks);
        outcomes.push('made');
      } catch (error) {
        outcomes.push(isAppError(error) ? error.message : String(error));
        left.push(...readdirSync(sets));
      }
    }
    const full = `There is no room left in ${sets}. Nothing was imported. Free some space, or use a data directory on another disk.`;
    expect([new Set(outcomes), left]).toEqual([new Set([full, 'made']), []]);
    expect(outcomes.length).toBeGreaterThan(4);
    expect(readdirSync(sets)).toEqual(['1.acol']);
    expect(readFileSync(join(sets, '1.acol')).equals(whole)).toBe(true);
  },
);

it.skipIf(disk === null)('keeps the edition in force where there is no room for the next one', async () => {
  const data = join(disk?.path ?? '', 'data');
  mkdirSync(data);
  disk?.leave(8 * MIB);
  const database = await openInlineDatabase(data);
  try {
    const service = createKnownSets(database, data, { clock: { now: () => 1_795_305_600_000 } });
    const run = (source: string) =>
      service.import(at(source), { ...named, replace: true }, () => undefined, new AbortController().signal);
    const { set } = await run('list.txt');
    disk?.leave(100 * 1024);
    await expect(run('rds.db')).rejects.toThrow('There is no room left in');
    expect(await service.list()).toEqual([set]);
    expect(readdirSync(join(data, 'known-sets'))).toEqual([`${set.id}.acol`]);
    disk?.leave(8 * MIB);
    expect((await run('rds.db')).set.digests).toEqual({ md5: 2000, sha1: 2000, sha256: 2000 });
  } finally {
    await database.close();
  }
});

it.skipIf(disk === null)('keeps what was read of an import that there is no room to take up again', () => {
  const sets = join(disk?.path ?? '', 'kept');
  mkdirSync(sets);
  disk?.leave(MIB);
  const first = WorkFolder.take(sets, 'one', { name: 'rds.db', bytes: 100 });
  first.save({ last: 5 }, 40);
  first.leave();
  const before = readdirSync(first.path);
  disk?.leave(0);
  expect(() => WorkFolder.take(sets, 'one', { name: 'rds.db', bytes: 100 })).toThrow(/ENOSPC/);
  expect([readdirSync(first.path), leftWork(sets)]).toMatchObject([before, [{ state: 'kept', read: { bytes: 40 } }]]);
  disk?.leave(MIB);
  expect(WorkFolder.take(sets, 'one', { name: 'rds.db', bytes: 100 }).state()).toEqual({ last: 5 });
});
