import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const EXECUTABLE: Readonly<Record<string, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/**
 * The executable of Electron's runtime, or null when it is not on this machine (or another version's is). Looks where
 * Electron itself looks, without importing it: that would start its download.
 */
export function electronExecutable(
  root: string,
  platform: string,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const name = EXECUTABLE[platform] ?? 'electron';
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override !== undefined && override !== '') {
    const path = join(override, name);
    return existsSync(path) ? path : null;
  }
  const folder = join(root, 'node_modules', 'electron');
  const path = join(folder, 'dist', name);
  try {
    const installed = readFileSync(join(folder, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '');
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const wanted = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : null;
    return installed === wanted && existsSync(path) ? path : null;
  } catch {
    // No dist folder, or half a one: not installed.
    return null;
  }
}
