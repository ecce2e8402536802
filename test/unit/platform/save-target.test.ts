import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { downloadsOf, folderSaveTarget } from '#main/platform/save-target.ts';
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
