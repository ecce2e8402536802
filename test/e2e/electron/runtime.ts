import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../browser.ts';

/**
 * Electron's program, when its runtime is on this machine and can open a window; never fetched by a test. Root has no
 * sandbox on Linux, and the window is not opened without one.
 */
export function electronProgram(): string | null {
  const { env, platform } = process;
  const hasDisplay = platform !== 'linux' || (env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? '') !== '';
  if (!hasDisplay || process.getuid?.() === 0) {
    return null;
  }
  const folder = join(root, 'node_modules', 'electron');
  const dist = env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  const named = join(folder, 'path.txt');
  const byPlatform = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  } as Readonly<Record<string, string>>;
  const program = join(
    dist,
    existsSync(named) ? readFileSync(named, 'utf8').trim() : (byPlatform[platform] ?? 'electron'),
  );
  return existsSync(program) ? program : null;
}
