// Builds into .build/. `terminal` (run by `npm ci`) makes only what the assay command needs: under a second, no Electron.
// Without an argument: everything a window needs as well, by electron-vite.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const what = process.argv[2] ?? 'all';

if (what === 'terminal') {
  if (!existsSync(`${root}node_modules/vite`)) {
    console.error('assay: development packages are absent; the command runs from its sources.');
    process.exit(0);
  }
  const { build } = await import('vite');
  const { terminalBuild } = await import('./targets.mjs');
  await build(terminalBuild(root));
} else {
  const cli = `${root}node_modules/electron-vite/bin/electron-vite.js`;
  const run = spawnSync(process.execPath, [cli, 'build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) {
    process.exit(run.status ?? 1);
  }
  const again = spawnSync(process.execPath, [fileURLToPath(import.meta.url), 'terminal'], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exit(again.status ?? 1);
}
