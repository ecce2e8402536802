import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withoutRoom } from '#main/services/known-sets/refusals.ts';
import { WorkFolder } from '#main/services/known-sets/work-folder.ts';

let root: string;
let sets: string;
const source = { name: 'rds.db', bytes: 100 };
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-work-'));
  sets = join(root, 'known-sets');
  mkdirSync(sets);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('is taken over with what it holds once its process is dead, and by nobody before', () => {
  const first = WorkFolder.take(sets, 'one', source);
  first.save({ last: 5 }, 40);
  const second = WorkFolder.take(sets, 'one', source);
  expect([second.path === first.path, second.state()]).toEqual([false, null]);
  writeFileSync(join(first.path, 'owner'), '999999999:1');
  const third = WorkFolder.take(sets, 'one', source);
  expect([third.path, third.state()]).toEqual([first.path, { last: 5 }]);
  second.remove();
  third.remove();
  expect(readdirSync(sets)).toEqual([]);
});

it('begins anew where its state was cut off', () => {
  const folder = WorkFolder.take(sets, 'one', source);
  writeFileSync(join(folder.path, 'state.json'), '{"last":');
  expect(folder.state()).toBeNull();
  expect(WorkFolder.take(sets, 'two', source).path).not.toBe(folder.path);
});

it('is removed when nobody came back for a week', () => {
  const folder = WorkFolder.take(sets, 'one', source);
  WorkFolder.removeStale(sets, Date.now() + 8 * 86_400_000);
  expect(existsSync(folder.path)).toBe(true);
  writeFileSync(join(folder.path, 'owner'), '999999999:1');
  WorkFolder.removeStale(sets, Date.now() + 6 * 86_400_000);
  expect(existsSync(folder.path)).toBe(true);
  WorkFolder.removeStale(sets, Date.now() + 8 * 86_400_000);
  expect(existsSync(folder.path)).toBe(false);
});

it('says plainly that a disk is full', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(withoutRoom('/data/known-sets/1.acol', full)).toMatchObject({
    code: 'NOT_WRITABLE',
    message:
      'There is no room left in /data/known-sets. Nothing was imported. Free some space, or use a data directory on another disk.',
  });
  const other = new Error('another');
  expect(withoutRoom('/data/known-sets/1.acol', other)).toBe(other);
});
