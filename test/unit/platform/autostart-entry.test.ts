import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { autostartEntry } from '#main/platform/autostart-entry.ts';

let configHome: string;
beforeEach(() => {
  configHome = mkdtempSync(join(tmpdir(), 'assay-autostart-'));
});
afterEach(() => rmSync(configHome, { recursive: true, force: true }));

const file = (): string => join(configHome, 'autostart', 'assay.desktop');

it('is off until it is switched on, and gone when it is switched off', () => {
  const entry = autostartEntry({ configHome, command: ['/opt/assay/assay', '--hidden'] });
  expect(entry.get()).toBe(false);
  entry.set(true);
  expect([entry.get(), readFileSync(file(), 'utf8')]).toEqual([
    true,
    '[Desktop Entry]\nType=Application\nName=Assay\nExec="/opt/assay/assay" "--hidden"\n',
  ]);
  entry.set(false);
  entry.set(false);
  expect([entry.get(), existsSync(file())]).toEqual([false, false]);
});

it('keeps a path with special characters one argument', () => {
  autostartEntry({ configHome, command: ['/my case/$a "b" 100%\\'] }).set(true);
  expect(readFileSync(file(), 'utf8')).toContain(String.raw`Exec="/my case/\\$a \\"b\\" 100%%\\\\"`);
});

it('an entry for another command or directory is off, and is replaced', () => {
  const entry = autostartEntry({ configHome, command: ['/opt/assay/assay', '--data', '/cases'] });
  autostartEntry({ configHome, command: ['/old/assay'] }).set(true);
  expect(entry.get()).toBe(false);
  entry.set(true);
  expect(entry.get()).toBe(true);
  writeFileSync(file(), 'Hidden=true\n');
  expect(entry.get()).toBe(false);
});
