import type { Browser } from './find-browser.ts';

const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /remote debugging is disallowed|RemoteDebuggingAllowed/i,
    'A policy of this machine forbids debugging pipes (RemoteDebuggingAllowed), which this window needs. ' +
      'Ask for an exception, or use the Electron window or the `assay` command.',
  ],
  [
    /no usable sandbox|running as root without --no-sandbox|setuid sandbox/i,
    'Its sandbox cannot be used here, and Assay opens no window without one. ' +
      'Allow user namespaces, do not run as root, or use the `assay` command.',
  ],
  [
    /missing x server|cannot open display|no display|ozone_platform/i,
    'There is no display to open a window on. Use the `assay` command.',
  ],
  [
    /profile appears to be in use|processsingleton|process_singleton/i,
    'Its profile in the data directory is in use by another process. Close that window first.',
  ],
  [/permission denied|EACCES/i, 'It may not be run by this account.'],
];

/** One sentence or two on why a browser did not start and what to do; never its log, which names paths. */
export function launchFault(browser: Browser, error: unknown, what = 'The window could not be opened'): string {
  const text = error instanceof Error ? error.message : String(error);
  const reason = REASONS.find(([pattern]) => pattern.test(text))?.[1];
  return `${what} in ${browser.name}. ${
    reason ?? 'The browser ended at once. Set ASSAY_BROWSER to another Chrome, Edge or Chromium.'
  }`;
}
