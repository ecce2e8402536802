import Store from 'electron-store';
import { preferencesSchema, type Preferences } from '#shared/settings/schema.ts';
import type { PreferencesStore } from '../../services/engine-port.ts';

/** Window preferences through electron-store: the same file and options as outside Electron. */
export function electronPreferences(directory: string): PreferencesStore {
  const store = new Store<Partial<Preferences>>({
    cwd: directory,
    name: 'preferences',
    fileExtension: 'json',
    configFileMode: 0o600,
    clearInvalidConfig: true,
  });
  const get = (): Preferences => {
    const kept = preferencesSchema.safeParse(store.store);
    return kept.success ? kept.data : preferencesSchema.parse({});
  };
  return {
    get,
    set(change) {
      const next = preferencesSchema.parse({ ...get(), ...change });
      store.store = next;
      return next;
    },
  };
}
