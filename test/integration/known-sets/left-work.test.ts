import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { buildSet } from '#main/services/known-sets/build-set.ts';
import { discardWork, filesOfWork, leftWork } from '#main/services/known-sets/left-work.ts';
import { WorkFolder } from '#main/services/known-sets/work-folder.ts';
import { assay, type Ended } from '../terminal/assay.ts';

let folder = '';
const put = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const run = (args: readonly string[]): Promise<Ended> => assay(['--data', join(folder, 'data'), ...args]);
const DEAD = '999999999:1';
const sets = (): string => join(folder, 'data', 'known-sets');
const text = Array.from({ length: 80_000 }, (_, n) => `${createHash('sha256').update(`l${n}`).digest('hex')}\n`).join(
  '',
);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-left-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
beforeEach(() => mkdirSync(sets(), { recursive: true }));
afterEach(() => rmSync(sets(), { recursive: true, force: true }));

/** Reads part of a list and is cancelled; whether the set was made. */
async function importList(source: string, most = Number.POSITIVE_INFINITY): Promise<boolean> {
  const set = { name: 'x', edition: '', mark: 'known', datedAt: null, importedAt: 5, form: 'list' } as const;
  let looks = 0;
  const hooks = { onProgress: () => undefined, isCancelled: () => (looks += 1) > most };
  try {
    await buildSet({ ...set, source, target: join(sets(), '9.acol'), runRecords: 20_000, keptFrom: 1 }, hooks);
    return true;
  } catch {
    return false;
  }
}

it('shows a cancelled import: of what, how far, how large, until when', async () => {
  const source = put('long.txt', text);
  expect(await importList(source, 3)).toBe(false);
  const [work] = leftWork(sets());
  expect(work).toMatchObject({ file: 'long.txt', state: 'kept', read: { of: text.length } });
  expect(work?.read?.bytes).toBeGreaterThan(65_536);
  expect(work?.read?.bytes).toBeLessThan(text.length);
  const kept = join(sets(), `work-${work?.id ?? ''}`);
  expect(work?.size).toBe(readdirSync(kept).reduce((sum, name) => sum + statSync(join(kept, name)).size, 0));
  expect((work?.keptUntil ?? 0) - (work?.keptAt ?? 0)).toBe(7 * 86_400);
  // Continued, it is gone.
  expect(await importList(source)).toBe(true);
  expect(leftWork(sets())).toEqual([]);
});

it('shows what is read of work whose process died, and keeps that when it is taken up again', () => {
  const first = WorkFolder.take(sets(), 'one', { name: 'rds.db', bytes: 100 });
  first.save({ last: 5 }, 40);
  expect(leftWork(sets())).toMatchObject([{ state: 'running', read: { bytes: 40, of: 100 } }]);
  writeFileSync(join(first.path, 'owner'), DEAD);
  expect(leftWork(sets())).toMatchObject([{ state: 'kept' }]);
  WorkFolder.take(sets(), 'one', { name: 'rds.db', bytes: 100 });
  expect(leftWork(sets())).toMatchObject([{ state: 'running', read: { bytes: 40, of: 100 } }]);
});

it('shows work that says nothing of its file, and work that no import finds', () => {
  const old = WorkFolder.take(sets(), 'old', { name: 'x', bytes: 1 });
  rmSync(join(old.path, 'source.json'));
  old.leave();
  WorkFolder.take(sets(), 'twice', { name: 'rds.db', bytes: 7 }).leave();
  const second = WorkFolder.take(sets(), 'second', { name: 'two.db', bytes: 7 });
  const own = join(sets(), 'work-8a0d2b3c-0000-4000-8000-000000000000');
  renameSync(second.path, own);
  writeFileSync(join(own, 'owner'), DEAD);
  const seen = leftWork(sets()).map(({ file: name, state, read }) => ({ name, state, read }));
  expect(seen).toHaveLength(3);
  expect(seen).toContainEqual({ name: null, state: 'kept', read: null });
  expect(seen).toContainEqual({ name: 'rds.db', state: 'kept', read: { bytes: 0, of: 7 } });
  expect(seen).toContainEqual({ name: 'two.db', state: 'lost', read: { bytes: 0, of: 7 } });
});

it('discards what is left, once, and nothing that a process works on', () => {
  const folder = WorkFolder.take(sets(), 'one', { name: 'rds.db', bytes: 100 });
  const id = leftWork(sets())[0]?.id ?? '';
  expect(() => discardWork(sets(), id)).toThrow('rds.db is being imported. Cancel the import instead');
  expect(existsSync(join(folder.path, 'owner'))).toBe(true);
  folder.leave();
  discardWork(sets(), id);
  expect(readdirSync(sets())).toEqual([]);
  expect(() => discardWork(sets(), id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  expect(() => discardWork(sets(), '../../x')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

it('names the files of work that are there, to be imported again', async () => {
  const source = put('long.txt', text);
  await importList(source, 3);
  const [work] = leftWork(sets());
  const asked = { path: source, base: null, name: 'x', edition: '', datedAt: null, mark: 'known', form: 'list' };
  expect(work?.asked).toEqual(asked);
  expect(await filesOfWork(sets(), work?.id ?? '')).toEqual({ path: source, base: null });
  rmSync(source);
  expect(await filesOfWork(sets(), work?.id ?? '')).toEqual({ path: null, base: null });
  const busy = WorkFolder.take(sets(), 'two', { name: 'two.db', bytes: 7 }).path.slice(-24);
  await expect(filesOfWork(sets(), busy)).rejects.toThrow('two.db is being imported already.');
  await expect(filesOfWork(sets(), 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('lists and discards in the terminal, but nothing that another process works on', async () => {
  const source = put('long \u009b1m.txt', text);
  await importList(source, 3);
  const [work] = leftWork(sets());
  const busy = WorkFolder.take(sets(), 'one', { name: 'rds.db', bytes: 100 });
  const listed = await run(['known-sets', 'left']);
  expect(listed.out).toMatch(/^[0-9a-f]{24} +long \\x9b1m\.txt +\S+ \S+ of \d\.\d+ \S+ .* kept$/m);
  expect(listed.out).toContain(`${work?.id ?? ''} is of ${source.replace('\u009b', '\\x9b')}, as x\n`);
  expect(listed.out).toMatch(/rds\.db .* running$/m);
  expect(listed.err).toContain('To continue one, import the same file again: assay known-sets import FILE');
  const refused = await run(['known-sets', 'left', '--discard', busy.path.slice(-24)]);
  expect(refused.code).not.toBe(0);
  expect(refused.err).toContain('rds.db is being imported');
  expect(existsSync(busy.path)).toBe(true);
  busy.remove();
  const [json] = (await run(['known-sets', 'left', '--format', 'jsonl'])).out.split('\n');
  expect(JSON.parse(json ?? '')).toMatchObject({
    id: work?.id,
    file: 'long \u009b1m.txt',
    path: source,
    base: null,
    bytesTotal: text.length,
    state: 'kept',
  });
  const discarded = await run(['known-sets', 'left', '--discard', work?.id.slice(0, 6) ?? '']);
  expect(discarded).toMatchObject({ code: 0 });
  expect(discarded.err).toContain('What was kept of long \\x9b1m.txt is removed');
  expect(leftWork(sets())).toEqual([]);
});

it('offers nothing to discard where all of it is running', async () => {
  WorkFolder.take(sets(), 'one', { name: 'rds.db', bytes: 100 });
  expect((await run(['known-sets', 'left'])).err).not.toContain('--discard');
});

it('goes by itself after a week', async () => {
  const source = put('long.txt', text);
  await importList(source, 3);
  const [work] = leftWork(sets());
  const folder = join(sets(), `work-${work?.id ?? ''}`);
  const before = Date.now() / 1000 - 8 * 86_400;
  utimesSync(join(folder, 'state.json'), before, before);
  expect((await run(['known-sets', 'left'])).err).toContain('No unfinished imports.');
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(source)).toBe(true);
});
