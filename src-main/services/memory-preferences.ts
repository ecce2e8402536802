import { defaultPreferences, preferencesSchema, type Preferences } from '#shared/settings/schema.ts';
import type { PreferencesStore } from './engine-port.ts';

/** Preferences that end with the process: for the terminal, which has no window to remember. */
export function memoryPreferences(): PreferencesStore {
  let kept: Preferences = defaultPreferences();
  return {
    get: () => kept,
    set: (change) => (kept = preferencesSchema.parse({ ...kept, ...change })),
  };
}
