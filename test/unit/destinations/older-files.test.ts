import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asideName, olderFiles, olderSentence, restoreOlder } from '#main/destinations/older-files.ts';
import { keepTogether } from '#main/destinations/keep-together.ts';
import { placeNew } from '#main/destinations/place-new.ts';
import { stageStreamed } from '#main/destinations/write-streamed.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-older-'));
  path = join(folder, 'a.csv');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** No process has this number. */
const DEAD = 1_073_741_823;
const TABLE = 'a.csv';
const MANIFEST = 'a.csv.manifest.json';
const OLD_TABLE = `${TABLE}.older-${DEAD}-1`;
const OLD_MANIFEST = `${MANIFEST}.older-${DEAD}-1`;

const manifestOf = (text: string): string =>
  `{"assay_report":{"manifestOf":"a.csv","bytes":${text.length},"contentSha256":"${'0'.repeat(64)}","head":{}}}\n`;
const OLD = { table: 'old table', manifest: manifestOf('old table') };

const put = (files: Readonly<Record<string, string>>): void =>
  Object.entries(files).forEach(([name, text]) => writeFileSync(join(folder, name), text));
const found = (): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
async function* one(text: string): AsyncGenerator<string> {
  yield text;
}

describe('what a write that was cut off left aside', () => {
  it.each([
    ['before the table was moved', { [TABLE]: OLD.table, [OLD_MANIFEST]: OLD.manifest }],
    ['before the new table came', { [OLD_TABLE]: OLD.table, [OLD_MANIFEST]: OLD.manifest }],
    ['in the putting back', { [MANIFEST]: OLD.manifest, [OLD_TABLE]: OLD.table }],
  ])('%s is put back', async (_, files) => {
    put(files);
    expect(await restoreOlder(path)).toBe(true);
    expect(found()).toEqual({ [TABLE]: OLD.table, [MANIFEST]: OLD.manifest });
    expect(await olderSentence(path)).toBe(null);
  });

  it.each([
    ['the new table', { [TABLE]: 'new table!', [OLD_TABLE]: OLD.table, [OLD_MANIFEST]: OLD.manifest }],
    ['the new pair', { [TABLE]: 'new', [MANIFEST]: 'new', [OLD_TABLE]: OLD.table, [OLD_MANIFEST]: OLD.manifest }],
    ['a table the manifest is not of', { [TABLE]: 'another table', [OLD_MANIFEST]: OLD.manifest }],
  ])('is left beside %s and named', async (_, files) => {
    put(files);
    expect(await restoreOlder(path)).toBe(false);
    expect(found()).toEqual(files);
    const named = Object.keys(files).filter((name) => name.includes('.older-'));
    const sentence = await olderSentence(path);
    expect(named.map((name) => sentence?.includes(join(folder, name)))).toEqual(named.map(() => true));
  });

  it('of another output, or of a replacing under way, is nobody’s', async () => {
    put({ [`b${OLD_TABLE}`]: 'another', 'a.csv.older-x-1': 'another', [asideName(TABLE, 1)]: 'under way' });
    expect(await olderFiles(path)).toEqual([]);
    // A number that another process took over meanwhile keeps nothing aside for ever.
    expect((await olderFiles(path, Date.now() + 3_600_000)).length).toBe(1);
  });

  it('is found after a process that really died, whichever its last step was', async () => {
    const source = `const { keepTogether } = await import(process.argv[1]);
      const { rename, rm, lstat } = await import('node:fs/promises');
      const [path, last] = [process.argv[2], Number(process.argv[3])];
      let steps = 0;
      const step = (work) => async (...args) => { if (++steps > last) process.kill(process.pid, 'SIGKILL'); return work(...args); };
      const staged = (one) => ({ temporary: one + '.part', keep: step(() => rename(one + '.part', one)), drop: async () => {} });
      await keepTogether([path, path + '.manifest.json'].map((one) => ({ path: one, staged: staged(one) })),
        { rename: step(rename), rm: step(rm), lstat: step(lstat) });`;
    const module = join(process.cwd(), 'src-main/destinations/keep-together.ts');
    for (const last of [2, 4, 5, 6]) {
      readdirSync(folder).forEach((name) => rmSync(join(folder, name)));
      put({ [TABLE]: OLD.table, [MANIFEST]: OLD.manifest, [`${TABLE}.part`]: 'new', [`${MANIFEST}.part`]: 'new' });
      const args = ['--input-type=module', '-e', source, module, path, String(last)];
      expect(spawnSync(process.execPath, args).signal).toBe('SIGKILL');
      const isBack = await restoreOlder(path);
      const now = found();
      const isOld = now[TABLE] === OLD.table && now[MANIFEST] === OLD.manifest;
      const isNamed = (await olderSentence(path)) !== null;
      expect([last, isOld !== isNamed, isBack && !isOld]).toEqual([last, true, false]);
      expect(Object.values(now)).toEqual(expect.arrayContaining([OLD.table, OLD.manifest]));
    }
  });
});

describe('a new output', () => {
  const staged = async (name: string, text: string) => ({
    path: join(folder, name),
    staged: await stageStreamed(join(folder, name), one(text)),
  });

  it('takes its place where nothing stands', async () => {
    await placeNew([await staged(TABLE, 'new'), await staged(MANIFEST, 'of new')]);
    expect(found()).toEqual({ [TABLE]: 'new', [MANIFEST]: 'of new' });
  });

  it.each([{ [TABLE]: 'theirs' }, { [MANIFEST]: 'theirs' }])(
    'leaves what was made meanwhile (%j) and is kept as a whole under another name',
    async (theirs) => {
      const files = [await staged(TABLE, 'new'), await staged(MANIFEST, 'of new')] as const;
      put({ ...theirs, 'a (2).csv': 'theirs as well' });
      await expect(placeNew(files)).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining(`is kept as ${join(folder, 'a (3).csv')}.`),
      });
      expect(found()).toEqual({
        ...theirs,
        'a (2).csv': 'theirs as well',
        'a (3).csv': 'new',
        'a (3).csv.manifest.json': 'of new',
      });
    },
  );

  it('of two at once is one of the two, and the other is kept', async () => {
    const files = await Promise.all(['one', 'two', 'three'].map((text) => staged(TABLE, text)));
    const ends = await Promise.allSettled(files.map((file) => placeNew([file])));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(Object.keys(found())).toEqual(['a (2).csv', 'a (3).csv', TABLE]);
    expect(Object.values(found()).toSorted()).toEqual(['one', 'three', 'two']);
  });

  it('that cannot be placed leaves nothing', async () => {
    const file = await staged(TABLE, 'new');
    await expect(placeNew([{ ...file, path: join(folder, 'none', TABLE) }])).rejects.toMatchObject({
      code: 'NOT_WRITABLE',
    });
    expect(found()).toEqual({});
  });

  it('that is to replace an older one does', async () => {
    put({ [TABLE]: 'old' });
    await keepTogether([await staged(TABLE, 'new')]);
    expect(found()).toEqual({ [TABLE]: 'new' });
  });
});
