import { DEFAULT_PREFERENCES } from '#shared/settings/plain.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import type { PreferencesStore } from './engine-port.ts';

/** Preferences that end with the process: for the terminal, which has no window to remember. */
export function memoryPreferences(): PreferencesStore {
  let kept: Preferences = DEFAULT_PREFERENCES;
  return {
    get: () => kept,
    set: (change) => (kept = { ...kept, ...change }),
  };
}
