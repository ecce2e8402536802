import { expect, it } from 'vitest';
import { findBrowser } from '#main/shells/chromium/find-browser.ts';
import { launchFault } from '#main/shells/chromium/launch-fault.ts';

const with_ = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, present: readonly string[]) => ({
  platform,
  env,
  canRun: (path: string) => present.includes(path),
});

it.each<readonly [NodeJS.Platform, NodeJS.ProcessEnv, readonly string[], string]>([
  ['linux', { PATH: '/usr/bin:/bin' }, ['/usr/bin/chromium', '/usr/bin/google-chrome'], '/usr/bin/google-chrome'],
  ['linux', { PATH: '/usr/local/bin:/usr/bin' }, ['/usr/bin/microsoft-edge-stable'], '/usr/bin/microsoft-edge-stable'],
  ['linux', { PATH: '.:bin::/usr/bin' }, ['/opt/google/chrome/chrome', 'bin/chromium'], '/opt/google/chrome/chrome'],
  [
    'darwin',
    { HOME: '/Users/a' },
    ['/Users/a/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'],
    '/Users/a/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  [
    'win32',
    { 'ProgramFiles(x86)': 'C:\\Program Files (x86)', LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' },
    ['C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'],
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
  ['linux', { PATH: '/usr/bin', ASSAY_BROWSER: '/opt/b' }, ['/usr/bin/chromium', '/opt/b'], '/opt/b'],
])('on %s with %o finds %o', (platform, env, present, expected) => {
  expect(findBrowser(with_(platform, env, present)).path).toBe(expected);
});

it('passes over packages of snap, which cannot read the profile', () => {
  expect(() => findBrowser(with_('linux', { PATH: '/snap/bin' }, ['/snap/bin/chromium']))).toThrow('No Chrome, Edge');
});

it('says what to do when there is none, or when the one named cannot be run', () => {
  expect(() => findBrowser(with_('win32', {}, []))).toThrow('set ASSAY_BROWSER');
  expect(() => findBrowser(with_('linux', { ASSAY_BROWSER: '/no' }, []))).toThrow('ASSAY_BROWSER names /no');
});

it.each([
  ['DevTools remote debugging is disallowed by the system admin.', 'policy'],
  ['[1:FATAL:zygote_host_impl_linux.cc] No usable sandbox!', 'sandbox'],
  ['ERROR:ozone_platform_x11.cc Missing X server or $DISPLAY', 'display'],
  ['The profile appears to be in use by another Google Chrome process', 'profile'],
  ['spawn /opt/x EACCES', 'may not be run'],
  ['anything else /home/a/secret', 'ended at once'],
])('explains "%s"', (log, expected) => {
  const sentence = launchFault({ name: 'Google Chrome', path: '/x' }, new Error(log));
  expect(sentence).toContain('could not be opened in Google Chrome');
  expect(sentence).toContain(expected);
  expect(sentence).not.toContain('secret');
});
