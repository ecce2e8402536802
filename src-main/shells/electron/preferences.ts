import { ipcMain } from 'electron';
import Store from 'electron-store';
import type { PreferencesStore } from '../../services/engine-port.ts';
import { preferencesFile, preferencesOver } from '../../settings/preferences-over.ts';

/** Window preferences through electron-store: the same file and options as outside Electron. */
export function electronPreferences(directory: string): PreferencesStore {
  const { configName, ...options } = preferencesFile(directory);
  const store = new Store<Record<string, unknown>>({ ...options, name: configName });
  // The store answers pages that ask for its folder, synchronously; no page of Assay does, and none may.
  ipcMain.removeAllListeners('electron-store-get-data');
  return preferencesOver(store);
}
