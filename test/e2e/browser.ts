import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBrowser, type Browser } from '#main/shells/chromium/find-browser.ts';
import type { TestLaunch } from '#main/shells/chromium/launch-options.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface TestBrowser extends Browser {
  readonly launch: Omit<TestLaunch, 'onContext'>;
  /** The major version it must report; null for an installed one. */
  readonly major: string | null;
}

const viewport = { width: 1280, height: 800 };
const isRoot = process.getuid?.() === 0;

/**
 * The browser for tests: on Linux x64 the one that comes with the packages, else an installed Chrome, Edge or
 * Chromium. Null where there is none, which skips the tests by name.
 */
export function testBrowser(): Promise<TestBrowser | null> {
  // The package says where its libraries lie only while it is loaded, which happens once in a process.
  found ??= findTestBrowser();
  return found;
}

let found: Promise<TestBrowser | null> | null = null;

async function findTestBrowser(): Promise<TestBrowser | null> {
  if (process.platform === 'linux' && process.arch === 'x64') {
    return carriedBrowser();
  }
  try {
    const launch = { headless: true, chromiumSandbox: !isRoot, env: {}, viewport } as const;
    return { ...findBrowser(), launch, major: null };
  } catch {
    return null;
  }
}

/**
 * Unpacks the carried Chromium once. The package unpacks into TMPDIR and takes any `chromium` it finds there, whatever
 * its version: hence a folder of its own, named by version, and a mark that unpacking came to its end.
 */
async function carriedBrowser(): Promise<TestBrowser> {
  const manifest = join(root, 'node_modules', '@sparticuz', 'chromium', 'package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const folder = join(root, '.build', 'test-browser', version);
  const mark = join(folder, 'unpacked');
  if (!existsSync(mark)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  const before = { ...process.env };
  process.env['TMPDIR'] = folder;
  // Makes the package bring the libraries a bare machine lacks.
  process.env['AWS_EXECUTION_ENV'] = 'AWS_Lambda_nodejs22.x';
  try {
    const { default: carried } = await import('@sparticuz/chromium');
    const path = await carried.executablePath();
    writeFileSync(mark, version);
    const env = { LD_LIBRARY_PATH: process.env['LD_LIBRARY_PATH'] ?? '', FONTCONFIG_FILE: fontsOf(folder) };
    return {
      name: `the carried Chromium ${version}`,
      path,
      launch: { headless: true, chromiumSandbox: !isRoot, env, viewport },
      major: version.split('.')[0] ?? null,
    };
  } finally {
    for (const name of Object.keys(process.env)) {
      if (before[name] === undefined) {
        delete process.env[name];
      }
    }
    Object.assign(process.env, before);
  }
}

/** The package's own list of font folders names places of its cloud only; without any font Chromium draws no text. */
function fontsOf(folder: string): string {
  const path = join(folder, 'fonts.conf');
  writeFileSync(
    path,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
  <match target="pattern">
    <edit name="family" mode="append" binding="weak"><string>Open Sans</string></edit>
  </match>
</fontconfig>
`,
  );
  return path;
}
