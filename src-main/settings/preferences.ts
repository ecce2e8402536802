import Conf from 'conf';
import type { PreferencesStore } from '../services/engine-port.ts';
import { preferencesFile, preferencesOver } from './preferences-over.ts';

/** Window preferences outside Electron; the file is the one electron-store keeps inside it. */
export function createPreferences(directory: string): PreferencesStore {
  return preferencesOver(new Conf<Record<string, unknown>>(preferencesFile(directory)));
}
