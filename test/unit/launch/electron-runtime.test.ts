import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { electronExecutable } from '#main/shells/launch/electron-runtime.ts';
import { readFailedFetch, writeFailedFetch } from '#main/shells/launch/launch-memory.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'assay-launch-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function put(path: string, text: string): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

describe('looking for the runtime of Electron', () => {
  it('finds what was unpacked beside the package', () => {
    put('node_modules/electron/package.json', '{"version":"45.4.1"}');
    put('node_modules/electron/dist/version', 'v45.4.1\n');
    const path = put('node_modules/electron/dist/electron', '');
    expect(electronExecutable(root, 'linux', {})).toBe(path);
  });

  it('does not take the runtime of another version', () => {
    put('node_modules/electron/package.json', '{"version":"45.4.1"}');
    put('node_modules/electron/dist/version', '44.0.0');
    put('node_modules/electron/dist/electron', '');
    expect(electronExecutable(root, 'linux', {})).toBeNull();
  });

  it('does not take a folder without the program, or none', () => {
    expect(electronExecutable(root, 'linux', {})).toBeNull();
    put('node_modules/electron/package.json', '{"version":"45.4.1"}');
    put('node_modules/electron/dist/version', '45.4.1');
    expect(electronExecutable(root, 'linux', {})).toBeNull();
  });

  it('takes the folder of ELECTRON_OVERRIDE_DIST_PATH, with the name of the platform', () => {
    const path = put('own/electron.exe', '');
    const env = { ELECTRON_OVERRIDE_DIST_PATH: join(root, 'own') };
    expect(electronExecutable(root, 'win32', env)).toBe(path);
    expect(electronExecutable(root, 'linux', env)).toBeNull();
  });
});

describe('remembering a failed fetch', () => {
  it('keeps it in the data directory and forgets it', () => {
    const directory = join(root, 'data');
    expect(readFailedFetch(directory)).toBeNull();
    writeFailedFetch(directory, { at: 5, why: 'refused' });
    expect(readFailedFetch(directory)).toEqual({ at: 5, why: 'refused' });
    writeFailedFetch(directory, null);
    expect(readFailedFetch(directory)).toBeNull();
  });

  it.each(['', 'not json', '[]', '{"electronFetchFailed":{"at":"soon","why":"x"}}', 'null'])(
    'takes a damaged file (%s) for none',
    (text) => {
      put('launch.json', text);
      expect(readFailedFetch(root)).toBeNull();
    },
  );
});
