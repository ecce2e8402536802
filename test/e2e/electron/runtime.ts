import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../browser.ts';

/** Electron's program, when its runtime is on this machine; never fetched by a test. */
export function electronProgram(): string | null {
  const folder = join(root, 'node_modules', 'electron');
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  const named = join(folder, 'path.txt');
  const byPlatform = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  } as Readonly<Record<string, string>>;
  const program = join(
    dist,
    existsSync(named) ? readFileSync(named, 'utf8').trim() : (byPlatform[process.platform] ?? 'electron'),
  );
  return existsSync(program) ? program : null;
}
