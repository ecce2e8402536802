export const SHELLS = ['electron', 'chromium', 'terminal'] as const;
export type ShellName = (typeof SHELLS)[number];

/** What is known about the machine when `npm start` runs. Times are milliseconds since the epoch. */
export interface LaunchFacts {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The effective user is root (never on Windows). */
  readonly isRoot: boolean;
  readonly electronPresent: boolean;
  /** The last fetch of Electron that failed, with its reason. */
  readonly failedFetch: { readonly at: number; readonly why: string } | null;
  /** An installed Chrome, Edge or Chromium was found. */
  readonly browserPresent: boolean;
  readonly now: number;
}

export interface Choice {
  readonly shell: ShellName;
  /** Part of a sentence: why this one. */
  readonly why: string;
  /** Electron's runtime is to be fetched first. */
  readonly fetch: boolean;
}

/** How long a failed fetch is not tried again. */
export const REMEMBERED_MS = 24 * 60 * 60 * 1000;

/** Decides which shell `npm start` opens. Pure: the same facts give the same choice. */
export function chooseShell(facts: LaunchFacts): Choice {
  const wanted = facts.env['ASSAY_SHELL'];
  const override = SHELLS.find((shell) => shell === wanted);
  if (override !== undefined) {
    return {
      shell: override,
      why: 'ASSAY_SHELL asks for it',
      fetch: override === 'electron' && !facts.electronPresent,
    };
  }
  const noWindow = whyNoWindow(facts);
  if (noWindow !== null) {
    return { shell: 'terminal', why: noWindow, fetch: false };
  }
  if (facts.electronPresent) {
    return { shell: 'electron', why: 'its runtime is present', fetch: false };
  }
  const noFetch = whyNoFetch(facts);
  if (noFetch === null) {
    return { shell: 'electron', why: 'its runtime was fetched', fetch: true };
  }
  return facts.browserPresent
    ? { shell: 'chromium', why: noFetch, fetch: false }
    : { shell: 'terminal', why: `${noFetch}, and no Chrome, Edge or Chromium is installed`, fetch: false };
}

/** Why no window can open here, or null. */
function whyNoWindow({ env, platform, isRoot }: LaunchFacts): string | null {
  if (isSet(env['CI'])) {
    return 'this is a CI run';
  }
  if (isSet(env['SSH_CONNECTION']) || isSet(env['SSH_TTY'])) {
    return 'this is an SSH session';
  }
  const hasOwnDisplay = platform === 'win32' || platform === 'darwin';
  if (!hasOwnDisplay && !isSet(env['DISPLAY']) && !isSet(env['WAYLAND_DISPLAY'])) {
    return 'there is no display';
  }
  return !hasOwnDisplay && isRoot ? 'a window opened by root would have to give up its sandbox' : null;
}

function whyNoFetch(facts: LaunchFacts): string | null {
  if (isSet(facts.env['ELECTRON_SKIP_BINARY_DOWNLOAD'])) {
    return "Electron's runtime is absent and ELECTRON_SKIP_BINARY_DOWNLOAD is set";
  }
  const failed = facts.failedFetch;
  // A time ahead of the clock means the clock was set back: nothing can be said about the 24 hours then.
  if (failed !== null && failed.at <= facts.now && facts.now - failed.at < REMEMBERED_MS) {
    return `Electron's runtime could not be fetched (${failed.why})`;
  }
  return null;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}
