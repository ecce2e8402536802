import { describe, expect, it } from 'vitest';
import { chooseShell, REMEMBERED_MS, type LaunchFacts } from '#main/shells/launch/choose-shell.ts';

const NOW = 1_800_000_000_000;
const desk: LaunchFacts = {
  platform: 'linux',
  env: { DISPLAY: ':0' },
  isRoot: false,
  electronPresent: true,
  failedFetch: null,
  browserPresent: true,
  now: NOW,
};
const bare = { ...desk, electronPresent: false };
const failed = (hoursAgo: number): LaunchFacts['failedFetch'] => ({
  at: NOW - hoursAgo * 3_600_000,
  why: 'no bytes for 10 s',
});

const table: readonly [string, LaunchFacts, string, boolean, RegExp][] = [
  ['a display and the runtime', desk, 'electron', false, /its runtime is present/],
  ['Wayland alone is a display', { ...desk, env: { WAYLAND_DISPLAY: 'wayland-0' } }, 'electron', false, /present/],
  ['no display', { ...desk, env: {} }, 'terminal', false, /there is no display/],
  ['an empty DISPLAY is none', { ...desk, env: { DISPLAY: '' } }, 'terminal', false, /there is no display/],
  ['Windows needs no DISPLAY', { ...desk, platform: 'win32', env: {} }, 'electron', false, /present/],
  ['macOS needs no DISPLAY', { ...desk, platform: 'darwin', env: {} }, 'electron', false, /present/],
  ['CI', { ...desk, env: { DISPLAY: ':0', CI: 'true' } }, 'terminal', false, /CI run/],
  ['CI=false is none', { ...desk, env: { DISPLAY: ':0', CI: 'false' } }, 'electron', false, /present/],
  ['ssh', { ...desk, env: { DISPLAY: 'localhost:10.0', SSH_CONNECTION: '1 2 3 4' } }, 'terminal', false, /SSH/],
  ['ssh to a Mac', { ...desk, platform: 'darwin', env: { SSH_TTY: '/dev/ttys1' } }, 'terminal', false, /SSH/],
  ['root', { ...desk, isRoot: true }, 'terminal', false, /give up its sandbox/],
  ['no runtime: one fetch', bare, 'electron', true, /fetched/],
  ['a fetch that failed an hour ago', { ...bare, failedFetch: failed(1) }, 'chromium', false, /no bytes for 10 s/],
  ['a fetch that failed a day ago', { ...bare, failedFetch: failed(24) }, 'electron', true, /fetched/],
  ['a fetch that fails tomorrow (clock set back)', { ...bare, failedFetch: failed(-5) }, 'electron', true, /fetched/],
  [
    'a failure does not matter once the runtime is there',
    { ...desk, failedFetch: failed(1) },
    'electron',
    false,
    /present/,
  ],
  [
    'failed, and no browser',
    { ...bare, failedFetch: failed(1), browserPresent: false },
    'terminal',
    false,
    /no Chrome, Edge or Chromium/,
  ],
  [
    'fetching is switched off',
    { ...bare, env: { DISPLAY: ':0', ELECTRON_SKIP_BINARY_DOWNLOAD: '1' } },
    'chromium',
    false,
    /ELECTRON_SKIP_BINARY_DOWNLOAD/,
  ],
  ['asked: terminal', { ...desk, env: { DISPLAY: ':0', ASSAY_SHELL: 'terminal' } }, 'terminal', false, /asks for it/],
  ['asked: chromium', { ...desk, env: { DISPLAY: ':0', ASSAY_SHELL: 'chromium' } }, 'chromium', false, /asks for it/],
  [
    'asked: electron without a display',
    { ...desk, env: { ASSAY_SHELL: 'electron' } },
    'electron',
    false,
    /asks for it/,
  ],
  [
    'asked: electron, in spite of a failure an hour ago',
    { ...bare, env: { DISPLAY: ':0', ASSAY_SHELL: 'electron' }, failedFetch: failed(1) },
    'electron',
    true,
    /asks for it/,
  ],
];

describe('choosing the shell', () => {
  it.each(table)('%s', (_, facts, shell, fetch, why) => {
    const choice = chooseShell(facts);
    expect({ shell: choice.shell, fetch: choice.fetch }).toEqual({ shell, fetch });
    expect(choice.why).toMatch(why);
  });

  it('forgets a failure after exactly a day', () => {
    const at = (ago: number): boolean => chooseShell({ ...bare, failedFetch: { at: NOW - ago, why: 'refused' } }).fetch;
    expect([at(REMEMBERED_MS - 1), at(REMEMBERED_MS)]).toEqual([false, true]);
  });

  it('never fetches for a terminal or a browser', () => {
    for (const [, facts] of table) {
      const choice = chooseShell(facts);
      expect(choice.fetch && choice.shell !== 'electron').toBe(false);
    }
  });
});
