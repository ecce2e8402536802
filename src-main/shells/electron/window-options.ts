import type { BrowserWindowConstructorOptions } from 'electron';

/** The page's own origin inside Electron. Never `file:`, which would share an origin with every file on disk. */
export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://assay';
export const APP_URL = `${APP_ORIGIN}/index.html`;

/** Options of the one window. Every protection is set by name, defaults included, so that a change of default shows. */
export function windowOptions(preload: string, developing: boolean): BrowserWindowConstructorOptions {
  return {
    // `name` is what Electron keeps position, size and display mode under.
    name: 'main',
    windowStatePersistence: true,
    title: 'Assay',
    width: 1280,
    height: 800,
    minWidth: 640,
    minHeight: 400,
    show: false,
    backgroundColor: '#14171a',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: developing,
    },
  };
}
