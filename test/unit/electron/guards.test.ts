import { EventEmitter } from 'node:events';
import type { App, Session, WebContents } from 'electron';
import { expect, it } from 'vitest';
import { guardContents, guardSession } from '#main/shells/electron/guards.ts';
import { ContentsDouble, SessionDouble } from './electron-double.ts';

function guarded(origins: readonly string[] = ['app://assay']): { session: SessionDouble; refused: string[] } {
  const session = new SessionDouble();
  const refused: string[] = [];
  guardSession(session as unknown as Session, origins, (what, detail) => refused.push(`${what} ${detail}`));
  return { session, refused };
}

function asks(session: SessionDouble, permission: string, url: string, isMainFrame = true): boolean {
  let granted = true;
  session.request?.(
    { getURL: () => url } as unknown as WebContents,
    permission as 'media',
    (answer) => {
      granted = answer;
    },
    { isMainFrame, requestingUrl: url },
  );
  return granted;
}

it.each([
  ['app://assay/index.html', true],
  ['app://assay/assets/main.js', true],
  ['data:image/png;base64,AAAA', true],
  ['devtools://devtools/bundled/x.js', true],
  ['app://other/index.html', false],
  ['https://example.invalid/', false],
  ['http://127.0.0.1:8080/', false],
  ['ws://127.0.0.1:8080/', false],
  ['file:///etc/passwd', false],
  ['ftp://host/x', false],
  ['blob:app://assay/1', false],
  ['not a url', false],
])('lets %s load: %s', (url, expected) => {
  expect(guarded().session.lets(url)).toBe(expected);
});

it('lets a page in development load from the reloading server, over both of its protocols, and nothing else', () => {
  const { session, refused } = guarded(['app://assay', 'http://127.0.0.1:5173']);
  expect(
    ['http://127.0.0.1:5173/main.tsx', 'ws://127.0.0.1:5173/', 'http://127.0.0.1:5174/', 'https://127.0.0.1:5173/'].map(
      (url) => session.lets(url),
    ),
  ).toEqual([true, true, false, false]);
  expect(refused).toEqual(['request http://127.0.0.1:5174', 'request https://127.0.0.1:5173']);
});

it('grants writing text to the clipboard to its own top frame and refuses everything else', () => {
  const { session } = guarded();
  expect(asks(session, 'clipboard-sanitized-write', 'app://assay/')).toBe(true);
  expect(asks(session, 'clipboard-sanitized-write', 'app://assay/', false)).toBe(false);
  expect(asks(session, 'clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
  for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'usb', 'openExternal', 'hid']) {
    expect(asks(session, permission, 'app://assay/'), permission).toBe(false);
  }
});

it('answers checks, devices and screen captures the same way', () => {
  const { session } = guarded();
  const check = (permission: string, origin: string, isMainFrame = true): unknown =>
    session.check?.(null, permission as 'media', origin, { isMainFrame, securityOrigin: origin });
  expect([
    check('clipboard-sanitized-write', 'app://assay'),
    check('clipboard-sanitized-write', 'app://assay/'),
    check('clipboard-sanitized-write', 'app://assay', false),
    check('media', 'app://assay'),
    check('clipboard-sanitized-write', ''),
  ]).toEqual([true, true, false, false, false]);
  expect(session.device?.({} as Parameters<NonNullable<SessionDouble['device']>>[0])).toBe(false);
  let streams: unknown = 'not called';
  session.display?.({} as Parameters<NonNullable<SessionDouble['display']>>[0], (given) => {
    streams = given;
  });
  expect(streams).toBeNull();
});

it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('prevents %s, even to its own page', (event) => {
  const { app, contents, refused } = watched();
  app.emit('web-contents-created', {}, contents);
  let prevented = 0;
  for (const url of ['https://evil.example/x?token=1', 'app://assay/index.html']) {
    contents.emit(event, { preventDefault: () => (prevented += 1), url });
  }
  expect(prevented).toBe(2);
  expect(refused.join()).not.toContain('token');
});

it('opens no window and attaches no guest', () => {
  const { app, contents } = watched();
  app.emit('web-contents-created', {}, contents);
  let prevented = false;
  contents.emit('will-attach-webview', { preventDefault: () => (prevented = true) }, {}, {});
  const details = { url: 'https://example.com' } as Parameters<NonNullable<ContentsDouble['openHandler']>>[0];
  expect([prevented, contents.openHandler?.(details)]).toEqual([true, { action: 'deny' }]);
});

function watched(): { app: EventEmitter; contents: ContentsDouble; refused: string[] } {
  const app = new EventEmitter();
  const refused: string[] = [];
  guardContents(app as unknown as App, (what, detail) => refused.push(`${what} ${detail}`));
  return { app, contents: new ContentsDouble(1), refused };
}
