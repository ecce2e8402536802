import Store from 'electron-store';
import type { PreferencesStore } from '../../services/engine-port.ts';
import { preferencesFile, preferencesOver } from '../../settings/preferences-over.ts';

/** Window preferences through electron-store: the same file and options as outside Electron. */
export function electronPreferences(directory: string): PreferencesStore {
  const { configName: name, ...options } = preferencesFile(directory);
  return preferencesOver(new Store<Record<string, unknown>>({ ...options, name }));
}
