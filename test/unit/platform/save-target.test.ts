import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { downloadsOf, folderSaveTarget, saveTargetOutside } from '#main/platform/save-target.ts';
import { showCommand } from '#main/platform/show-in-folder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-save-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('never names a file that is there, nor one name twice', async () => {
  writeFileSync(join(folder, 'a.verdicts.csv'), '');
  const target = folderSaveTarget(() => Promise.resolve(folder));
  const names = [
    await target.choose('a.verdicts.csv'),
    await target.choose('a.verdicts.csv'),
    await target.choose('b'),
  ];
  expect(names).toEqual([join(folder, 'a.verdicts (2).csv'), join(folder, 'a.verdicts (3).csv'), join(folder, 'b')]);
  expect(readdirSync(folder)).toEqual(['a.verdicts.csv']);
});

it.each(['a.csv.manifest.json', 'a.csv.older-1073741823-7', 'a.csv.manifest.json.older-1073741823-7'])(
  'names no file that %s would belong to',
  async (name) => {
    writeFileSync(join(folder, name), '');
    expect(await folderSaveTarget(() => Promise.resolve(folder)).choose('a.csv')).toBe(join(folder, 'a (2).csv'));
  },
);

/** A person who answers each question of a dialog with the next of these. */
function dialogOf(...answers: readonly (string | null)[]): { choose(): Promise<string | null>; asked: number } {
  const dialog = {
    asked: 0,
    choose() {
      dialog.asked += 1;
      return Promise.resolve(answers[dialog.asked - 1] ?? null);
    },
  };
  return dialog;
}

it('refuses a place in the data directory, also where a link leads there', async () => {
  const data = join(folder, 'data');
  mkdirSync(data);
  symlinkSync(data, join(folder, 'link'), 'junction');
  for (const place of [join(data, 'a.csv'), join(folder, 'link', 'a.csv')]) {
    await expect(saveTargetOutside(data, dialogOf(place)).choose('a.csv')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: `${place} lies in the data directory, where only Assay's own files belong. Name another place.`,
    });
  }
  const beside = join(folder, 'data.csv');
  expect(await saveTargetOutside(data, dialogOf(beside)).choose('a.csv')).toBe(beside);
  expect(await saveTargetOutside(data, dialogOf(null)).choose('a.csv')).toBeNull();
});

it('gives what a cut off write left aside its name back and asks once more', async () => {
  const place = join(folder, 'a.csv');
  writeFileSync(`${place}.older-1073741823-7`, 'older');
  const dialog = dialogOf(place, place);
  expect(await saveTargetOutside(join(folder, 'data'), dialog).choose('a.csv')).toBe(place);
  expect([dialog.asked, readFileSync(place, 'utf8'), readdirSync(folder)]).toEqual([2, 'older', ['a.csv']]);
});

it.each([
  ['linux', 'XDG_DOWNLOAD_DIR="$HOME/Herunterladen"\n', '/home/a/Herunterladen'],
  ['linux', '# x\nXDG_DOWNLOAD_DIR="/data/down loads"\n', '/data/down loads'],
  ['linux', '', '/home/a/Downloads'],
  ['darwin', 'XDG_DOWNLOAD_DIR="/x"', '/home/a/Downloads'],
] as const)('on %s with %j downloads lie in %s', (platform, userDirs, expected) => {
  expect(downloadsOf({ platform, home: '/home/a', userDirs })).toBe(expected);
});

it.each([
  ['linux', '/d/a b.csv', 'xdg-open', ['/d']],
  ['darwin', '/d/-R.csv', '/usr/bin/open', ['-R', '/d/-R.csv']],
  ['win32', 'C:\\d\\a.csv', 'explorer.exe', ['/select,C:\\d\\a.csv']],
] as const)('on %s shows %s', (platform, path, program, args) => {
  expect(showCommand(platform, path)).toEqual({ program, args });
});
