import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, sourcesOf, type SourceFile } from './sources.ts';

const shared = sourcesOf('src-shared');
const main = sourcesOf('src-main');
const renderer = sourcesOf('src-renderer');

/** Where an import leads, as a path from the root; packages stay as they are. */
function target(file: SourceFile, name: string): string {
  if (name.startsWith('.')) {
    return normalize(join(dirname(file.path), name)).replaceAll('\\', '/');
  }
  return name.replace(/^#(shared|main|renderer|test)\//, (_, area: string) =>
    area === 'test' ? 'test/' : `src-${area}/`,
  );
}

function offenders(files: readonly SourceFile[], isWrong: (to: string, file: SourceFile) => boolean): string[] {
  return files.flatMap((file) =>
    file.imports
      .map((name) => target(file, name))
      .filter((to) => isWrong(to, file))
      .map((to) => `${file.path} -> ${to}`),
  );
}

const isIn = (path: string, ...folders: readonly string[]): boolean =>
  folders.some((folder) => path.startsWith(`src-main/${folder}`));

describe('direction of imports', () => {
  it('src-shared imports itself and zod only', () => {
    expect(offenders(shared, (to) => !to.startsWith('src-shared/') && to !== 'zod')).toEqual([]);
  });

  it('src-renderer never reaches into src-main or Node', () => {
    expect(
      offenders(renderer, (to) => to.startsWith('src-main/') || to.startsWith('node:') || to === 'electron'),
    ).toEqual([]);
  });

  it('only the database folder knows the driver', () => {
    expect(offenders(main, (to, file) => to === 'better-sqlite3' && !isIn(file.path, 'db/'))).toEqual([]);
  });

  it('Electron is imported by its shell, the preload, the platform and the binding only', () => {
    const allowed = ['shells/electron/', 'preload/', 'platform/', 'ipc/bind.ts', 'index.ts'];
    expect(offenders(main, (to, file) => to === 'electron' && !isIn(file.path, ...allowed))).toEqual([]);
  });

  it('services see ports: no Electron, no sockets, no shells', () => {
    const forbidden = ['electron', 'node:net', 'node:http', 'node:https', 'node:tls', 'node:dgram'];
    const services = main.filter((file) => isIn(file.path, 'services/'));
    expect(offenders(services, (to) => forbidden.includes(to) || to.startsWith('src-main/shells/'))).toEqual([]);
  });

  it('nothing opens an outgoing socket outside src-main/net and the launcher that fetches the runtime', () => {
    const sockets = ['node:http', 'node:https', 'node:net', 'node:tls', 'node:dgram', 'undici'];
    const reaching = offenders(
      main,
      (to, file) =>
        sockets.includes(to) &&
        !isIn(file.path, 'net/', 'shells/launch/', 'shells/chromium/single-', 'simulators/server/'),
    );
    expect(reaching).toEqual([]);
    const fetching = main.filter((file) => /\bfetch\(/.test(file.text) && !isIn(file.path, 'net/', 'shells/launch/'));
    expect(fetching.map((file) => file.path)).toEqual([]);
  });

  it('what a source sends stays in its adapter: only the list of sources knows the folders', () => {
    const folderOf = (path: string): string => /^src-main\/providers\/[^/]+\//.exec(path)?.[0] ?? '';
    const reaching = offenders(
      main,
      (to, file) =>
        folderOf(to) !== '' &&
        folderOf(to) !== folderOf(file.path) &&
        !['src-main/providers/index.ts', 'src-main/providers/indicators.ts'].includes(file.path),
    );
    expect(reaching).toEqual([]);
  });

  it('simulators share nothing with the program: Node and their own files only', () => {
    const simulators = main.filter((file) => isIn(file.path, 'simulators/'));
    expect(simulators.length).toBeGreaterThan(0);
    expect(offenders(simulators, (to) => !to.startsWith('node:') && !to.startsWith('src-main/simulators/'))).toEqual(
      [],
    );
  });

  it('nothing else reaches into the simulators: one command loads them by name while it runs', () => {
    const others = [...shared, ...renderer, ...main.filter((file) => !isIn(file.path, 'simulators/'))];
    const command = 'src-main/shells/terminal/commands/asking/simulate.ts';
    expect(offenders(others, (to) => to.includes('/simulators/'))).toEqual([
      `${command} -> src-main/simulators/main.ts`,
    ]);
    const naming = main.filter((file) => /workerEntry\(\s*'simulators'/.test(file.text)).map((file) => file.path);
    expect(naming).toEqual([command]);
    const text = main.find((file) => file.path === command)?.text ?? '';
    expect(text).toContain("import type * as Simulators from '../../../../simulators/main.ts';");
  });

  it('simulators listen and never ask', () => {
    const taken = main
      .filter((file) => isIn(file.path, 'simulators/'))
      .flatMap((file) => [...file.text.matchAll(/^import (type )?\{([^}]*)\} from 'node:(?:https?|net|tls)';$/gm)])
      .filter((found) => found[1] === undefined)
      .flatMap((found) => (found[2] ?? '').split(',').map((name) => name.trim()))
      .filter((name) => name !== '' && !name.startsWith('type ') && !name.startsWith('createServer as '));
    expect(taken).toEqual([]);
  });

  it('SQL stands in the database folder only', () => {
    const statement = /['"`]\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|PRAGMA|BEGIN)\b\s+\w/;
    const outside = main.filter((file) => !isIn(file.path, 'db/') && statement.test(file.text));
    expect(outside.map((file) => file.path)).toEqual([]);
  });

  it('only the bridge folder touches window.assay', () => {
    const touching = renderer.filter(
      (file) => !file.path.startsWith('src-renderer/bridge/') && /\bwindow\.assay\b/.test(file.text),
    );
    expect(touching.map((file) => file.path)).toEqual([]);
  });

  it('channel names are typed in the binding and the preload only', () => {
    const naming = main.filter(
      (file) => /['"]assay:(call|push|register)/.test(file.text) && !isIn(file.path, 'ipc/', 'preload/'),
    );
    expect(naming.map((file) => file.path)).toEqual([]);
  });
});

describe('shape of the tree', () => {
  it('the top level holds what was agreed and nothing else', () => {
    const visible = readdirSync(root).filter((name) => !name.startsWith('.') && name !== 'node_modules');
    const agreed = [
      'LICENSE',
      'README.md',
      'electron.vite.config.ts',
      'package-lock.json',
      'package.json',
      'resources',
      'src-main',
      'src-renderer',
      'src-shared',
      'test',
      'tsconfig.json',
    ];
    expect(visible.filter((name) => !agreed.includes(name))).toEqual([]);
  });

  it('no file is longer than 500 lines and the composition root stays a table of contents', () => {
    const long = [...shared, ...main, ...renderer].filter((file) => file.text.split('\n').length > 501);
    expect(long.map((file) => file.path)).toEqual([]);
    for (const path of ['src-main/index.ts', 'src-main/engine.ts']) {
      const file = main.find((candidate) => candidate.path === path);
      expect(file?.text.split('\n').length ?? 0, path).toBeLessThanOrEqual(151);
    }
  });

  it('files are kebab-case and none is a drawer for leftovers', () => {
    const names = [...shared, ...main, ...renderer].map((file) => file.path);
    const odd = names.filter((path) => !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(path.split('/').at(-1) ?? ''));
    const drawers = names.filter((path) => /(^|\/)(utils?|helpers?|manager|misc)(\.|\/)/.test(path));
    expect([...odd, ...drawers]).toEqual([]);
  });
});

describe('versions', () => {
  it('every dependency is pinned exactly', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      'dependencies' | 'devDependencies' | 'optionalDependencies',
      Record<string, string>
    >;
    const loose = Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    })
      .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
      .map(([name]) => name);
    expect(loose).toEqual([]);
  });
});
