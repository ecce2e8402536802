import { expect, it } from 'vitest';
import { launchOptions } from '#main/shells/chromium/launch-options.ts';

it.each([
  [{}, { LC_CTYPE: 'C.UTF-8' }],
  [{ LANG: 'C' }, { LANG: 'C', LC_CTYPE: 'C.UTF-8' }],
  [
    { LANG: 'de_DE.UTF-8', LC_CTYPE: 'POSIX' },
    { LANG: 'de_DE.UTF-8', LC_CTYPE: 'C.UTF-8' },
  ],
  [
    { LANG: 'de_DE.UTF-8', LC_ALL: 'C' },
    { LANG: 'de_DE.UTF-8', LC_ALL: 'C.UTF-8' },
  ],
  [{ LANG: 'de_DE.utf8' }, { LANG: 'de_DE.utf8' }],
  [
    { LC_ALL: '', LANG: 'en_US.UTF-8' },
    { LC_ALL: '', LANG: 'en_US.UTF-8' },
  ],
])('a browser reads names of files as UTF-8: %j', (env, given) => {
  expect(launchOptions({ executable: '/x', env, devUrl: null }).env).toEqual(given);
});
