import type { Settings } from '#shared/settings/schema.ts';
import { CHANGE } from '../db/change-kinds.ts';
import type { Database } from '../db/port.ts';
import type { Clock } from '../platform/clock.ts';

/** A change of settings as it comes from a parsed call: what is absent or undefined stays. */
export type SettingsChange = { readonly [K in keyof Settings]?: Settings[K] | undefined };

/** Settings of a data directory: the same in every process, acting at once. */
export interface SettingsService {
  /** All settings; what was never set has its default. */
  get(): Promise<Settings>;
  /**
   * Changes the named settings together and returns all of them. A value that does not fit is an INVALID_ARGUMENT and
   * changes nothing; a change to what is set already is none, so that nothing is judged again for it.
   */
  set(change: SettingsChange): Promise<Settings>;
  /** Tells when settings changed, in whichever process. Returns the unsubscribe. */
  onChange(listener: (settings: Settings) => void): () => void;
}

export function createSettings(database: Database, clock: Clock): SettingsService {
  const get = (): Promise<Settings> => database.read('allSettings', undefined);
  return {
    get,
    async set(change) {
      const present = await get();
      const moved = Object.entries(change).filter(
        ([name, value]) =>
          value !== undefined && JSON.stringify(value) !== JSON.stringify(present[name as keyof Settings]),
      );
      if (moved.length === 0) {
        return present;
      }
      const at = Math.floor(clock.now() / 1000);
      return database.write('setSettings', { change: Object.fromEntries(moved), at });
    },
    onChange(listener) {
      let isHeard = true;
      const stop = database.onChange(({ kinds }) => {
        if (kinds.includes(CHANGE.setting)) {
          void get().then(
            (settings) => (isHeard ? listener(settings) : undefined),
            // The database is closing; whoever still listens has nothing left to change.
            () => undefined,
          );
        }
      });
      return () => {
        isHeard = false;
        stop();
      };
    },
  };
}
