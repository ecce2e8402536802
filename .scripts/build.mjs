// Builds into .build/. `terminal` (run by the first `assay`) makes only what the assay command needs: under a second, no
// Electron.
// Without an argument: everything a window needs as well, by electron-vite.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
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
  const target = `${root}.build/main`;
  const beside = `${target}-${process.pid}`;
  try {
    await build(terminalBuild(root, beside));
    // Chunks are named by their content: moved before the entries that load them, nobody ever meets half a bundle.
    moveInto(`${beside}/chunks`, `${target}/chunks`);
    moveInto(beside, target);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
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

function moveInto(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true }).filter((each) => each.isFile())) {
    renameSync(`${from}/${entry.name}`, `${to}/${entry.name}`);
  }
}
