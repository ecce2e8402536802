import type { App, Session, WebContents } from 'electron';
import { originOf } from '../../ipc/sender.ts';

export type RefusalListener = (what: string, detail: string) => void;

/** What a session may load and what its pages may ask for: the app's own pages, and writing text to the clipboard. */
export function guardSession(
  session: Pick<
    Session,
    | 'setPermissionRequestHandler'
    | 'setPermissionCheckHandler'
    | 'setDevicePermissionHandler'
    | 'setDisplayMediaRequestHandler'
    | 'webRequest'
  >,
  origins: readonly string[],
  onRefusal: RefusalListener,
): void {
  const ours = (url: string): boolean => {
    const origin = originOf(url);
    return origin !== null && origins.includes(origin);
  };
  session.setPermissionRequestHandler((contents, permission, callback, details) => {
    const granted = permission === 'clipboard-sanitized-write' && details.isMainFrame && ours(contents.getURL());
    if (!granted) {
      onRefusal('permission', permission);
    }
    callback(granted);
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin, details) =>
      permission === 'clipboard-sanitized-write' && details.isMainFrame && ours(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  session.webRequest.onBeforeRequest((details, callback) => {
    const cancel = !mayLoad(details.url, origins);
    if (cancel) {
      onRefusal('request', originOf(details.url) ?? 'no origin');
    }
    callback({ cancel });
  });
}

/** Own pages, pictures inside the page, Electron's own developer tools. In development also the server that reloads. */
export function mayLoad(url: string, origins: readonly string[]): boolean {
  if (!URL.canParse(url)) {
    return false;
  }
  const { protocol } = new URL(url);
  if (protocol === 'data:' || protocol === 'devtools:') {
    return true;
  }
  const origin = originOf(url);
  return origin !== null && (origins.includes(origin) || origins.includes(origin.replace(/^ws:/, 'http:')));
}

/** No page may lead a window elsewhere, open another one or embed a guest; for every contents made from now on. */
export function guardContents(app: Pick<App, 'on'>, onRefusal: RefusalListener): void {
  app.on('web-contents-created', (_event, contents) => guardOne(contents, onRefusal));
}

function guardOne(contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>, onRefusal: RefusalListener): void {
  const refuse = (what: string) => (details: { preventDefault(): void; readonly url: string }) => {
    details.preventDefault();
    onRefusal(what, originOf(details.url) ?? 'no origin');
  };
  contents.on('will-navigate', refuse('navigation'));
  contents.on('will-frame-navigate', refuse('navigation'));
  contents.on('will-redirect', refuse('redirect'));
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    onRefusal('webview', '');
  });
  contents.setWindowOpenHandler(({ url }) => {
    onRefusal('window', originOf(url) ?? 'no origin');
    return { action: 'deny' };
  });
}
