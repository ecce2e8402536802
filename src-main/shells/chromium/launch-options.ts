import type { BrowserContext, BrowserType, Page } from 'playwright-core';
import { childEnvironment } from '../../platform/child-environment.ts';

export type LaunchOptions = NonNullable<Parameters<BrowserType['launchPersistentContext']>[1]>;

/** The page's own origin. No resolver knows it in this browser: only the route answers. */
export const PAGE_ORIGIN = 'https://assay.localhost';
export const PAGE_URL = `${PAGE_ORIGIN}/`;

/** What tests change, in code only: no environment variable or argument weakens a window. */
export interface TestLaunch {
  readonly headless: true;
  /** Root in a container cannot have Chromium's sandbox. */
  readonly chromiumSandbox: boolean;
  /** Further variables the carried browser needs, such as where its libraries lie. */
  readonly env: Readonly<Record<string, string>>;
  readonly viewport: { readonly width: number; readonly height: number };
  /** Called before the page is loaded, so that nothing it does is missed. */
  readonly onContext?: (context: BrowserContext, page: Page) => Promise<void>;
}

export interface LaunchParts {
  readonly executable: string;
  readonly env: NodeJS.ProcessEnv;
  /** Address of the development server, or null. */
  readonly devUrl: string | null;
  readonly test?: TestLaunch;
}

/** How the browser is started: a pipe instead of a port, sandboxed, no names resolved, no proxy, no extras. */
export function launchOptions({ executable, env, devUrl, test }: LaunchParts): LaunchOptions {
  const exclude = devUrl === null ? '' : `, EXCLUDE ${new URL(devUrl).hostname}`;
  return {
    executablePath: executable,
    headless: test?.headless ?? false,
    chromiumSandbox: test?.chromiumSandbox ?? true,
    ignoreDefaultArgs: [
      '--enable-automation',
      '--disable-popup-blocking',
      '--disable-ipc-flooding-protection',
      '--unsafely-disable-devtools-self-xss-warnings',
      '--enable-unsafe-swiftshader',
      '--allow-pre-commit-input',
    ],
    args: [
      `--host-resolver-rules=MAP * ~NOTFOUND${exclude}`,
      '--no-proxy-server',
      '--disable-quic',
      '--dns-prefetch-disable',
      '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
      '--hide-crash-restore-bubble',
      ...(test === undefined ? [`--app=${devUrl ?? PAGE_URL}`, '--window-size=1280,800'] : []),
    ],
    env: { ...withUnicodeNames(childEnvironment(env)), ...test?.env },
    serviceWorkers: 'block',
    acceptDownloads: false,
    viewport: test === undefined ? null : { ...test.viewport },
    // Null leaves them to the person's system; the default would pretend a light theme.
    colorScheme: null,
    reducedMotion: null,
    forcedColors: null,
    contrast: null,
    timeout: 30_000,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  };
}

/**
 * Chromium reads names of files by the locale (glibc, `setlocale(3)`), and leaves out without a word what does not fit:
 * with none, as in containers and services, that is every name beyond ASCII. Language and formats stay as they are.
 */
function withUnicodeNames(env: Record<string, string>): Record<string, string> {
  const decisive = ['LC_ALL', 'LC_CTYPE', 'LANG'].find((name) => (env[name] ?? '') !== '');
  if (decisive !== undefined && /utf-?8/i.test(env[decisive] ?? '')) {
    return env;
  }
  return { ...env, [decisive === 'LC_ALL' ? 'LC_ALL' : 'LC_CTYPE']: 'C.UTF-8' };
}
