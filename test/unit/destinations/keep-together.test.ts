import { lstat, rename, rm } from 'node:fs/promises';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepTogether, type Disk } from '#main/destinations/keep-together.ts';
import type { PlacedFile } from '#main/destinations/place-new.ts';
import { stageStreamed } from '#main/destinations/write-streamed.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-pair-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const OLD = { 'a.csv': 'old table', 'a.csv.manifest.json': 'old manifest' };
const NEW = { 'a.csv': 'new table', 'a.csv.manifest.json': 'new manifest' };

const put = (files: Readonly<Record<string, string>>): void =>
  Object.entries(files).forEach(([name, text]) => writeFileSync(join(folder, name), text));
const found = (): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

async function* one(text: string): AsyncGenerator<string> {
  yield text;
}

/** A disk and staged files of which the n-th move fails, counted from 1. */
async function failing(step: number): Promise<{ files: PlacedFile[]; disk: Disk; steps: () => number }> {
  let done = 0;
  const count = <A extends readonly unknown[], R>(work: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      done += 1;
      if (done === step) {
        throw Object.assign(new Error('refused'), { code: 'EIO' });
      }
      return work(...args);
    };
  };
  const files = await Promise.all(
    Object.entries(NEW).map(async ([name, text]) => {
      const path = join(folder, name);
      const staged = await stageStreamed(path, one(text));
      return { path, staged: { ...staged, keep: count(() => staged.keep()) } };
    }),
  );
  return { files, disk: { rename: count(rename), rm: count(rm), lstat: count(lstat) }, steps: () => done };
}

describe('files that belong together', () => {
  it.each([
    ['over an older pair', OLD, 8],
    ['where nothing stands', {}, 4],
    ['over a file without its manifest', { 'a.csv': 'old table' }, 6],
    ['beside a manifest without its file', { 'a.csv.manifest.json': 'old manifest' }, 6],
  ])('%s are kept together, or what stood there stays, whichever step fails', async (_, before, steps) => {
    put(before);
    const well = await failing(0);
    await keepTogether(well.files, well.disk);
    expect([found(), well.steps()]).toEqual([NEW, steps]);
    for (let step = 1; step <= steps; step += 1) {
      readdirSync(folder).forEach((name) => rmSync(join(folder, name)));
      put(before);
      const { files, disk } = await failing(step);
      const kept = await keepTogether(files, disk).then(
        () => true,
        () => false,
      );
      // Where only the copy of an older one could not be removed, it lies beside the new ones.
      const names = Object.keys(kept ? NEW : before);
      const now = found();
      expect([step, Object.fromEntries(names.map((name) => [name, now[name]]))]).toEqual([step, kept ? NEW : before]);
      expect([step, Object.keys(now).filter((name) => !names.includes(name) && !name.includes('.older-'))]).toEqual([
        step,
        [],
      ]);
      expect([step, Object.keys(now).length - names.length]).toEqual([
        step,
        kept && step > steps - Object.keys(before).length ? 1 : 0,
      ]);
    }
  });

  it.each(['a.csv', 'a.csv.manifest.json'])('do not take the place of a folder called %s', async (name) => {
    const other = Object.fromEntries(Object.entries(OLD).filter(([one]) => one !== name));
    put(other);
    mkdirSync(join(folder, name));
    const { files, disk } = await failing(0);
    await expect(keepTogether(files, disk)).rejects.toMatchObject({
      code: 'NOT_WRITABLE',
      message: expect.stringContaining('it is a folder'),
    });
    rmSync(join(folder, name), { recursive: true });
    expect(found()).toEqual(other);
  });

  it('that cannot be put back are named where they lie', async () => {
    put(OLD);
    const { files, disk } = await failing(5);
    let moved = 0;
    const stuck: Disk = {
      ...disk,
      rename: async (from, to) => {
        moved += 1;
        if (moved > 2) {
          throw Object.assign(new Error('refused'), { code: 'EIO' });
        }
        await disk.rename(from, to);
      },
    };
    const error: unknown = await keepTogether(files, stuck).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'NOT_WRITABLE' });
    for (const name of Object.keys(found())) {
      expect(String(error)).toContain(join(folder, name));
    }
    expect(Object.values(found()).toSorted()).toEqual(Object.values(OLD).toSorted());
  });
});
