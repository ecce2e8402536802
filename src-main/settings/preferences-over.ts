import { AppError } from '#shared/errors/app-error.ts';
import { defaultPreferences, type Preferences, preferencesSchema } from '#shared/settings/schema.ts';
import type { PreferencesStore } from '../services/engine-port.ts';

/** What conf and electron-store have in common: the whole file as one object. */
export interface WholeStore {
  get store(): object;
  set store(value: object);
  readonly path: string;
}

/**
 * Options of the preferences file, the same for conf and electron-store: `preferences.json` in the data directory,
 * readable by its owner only; a file that is no JSON is started afresh.
 */
export function preferencesFile(directory: string): {
  readonly cwd: string;
  readonly configName: string;
  readonly fileExtension: string;
  readonly configFileMode: number;
  readonly clearInvalidConfig: boolean;
} {
  return {
    cwd: directory,
    configName: 'preferences',
    fileExtension: 'json',
    configFileMode: 0o600,
    clearInvalidConfig: true,
  };
}

/** Preferences over such a file. A value that does not fit falls back to its default; the others stay. */
export function preferencesOver(store: WholeStore): PreferencesStore {
  const get = (): Preferences => {
    const kept = store.store as Readonly<Record<string, unknown>>;
    const preferences: Record<string, unknown> = { ...defaultPreferences() };
    for (const [name, field] of Object.entries(preferencesSchema.shape)) {
      const parsed = field.safeParse(kept[name]);
      if (parsed.success) {
        preferences[name] = parsed.data;
      }
    }
    return preferences as Preferences;
  };
  return {
    get,
    set(change) {
      const next = preferencesSchema.parse({ ...get(), ...change });
      try {
        store.store = next;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new AppError('NOT_WRITABLE', `${store.path} could not be written (${reason}). The change was not kept.`, {
          cause: error,
        });
      }
      return next;
    },
  };
}
