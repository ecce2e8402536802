import { AppError } from '#shared/errors/app-error.ts';
import { DEFAULT_SETTINGS, settingFault } from '#shared/settings/plain.ts';
import type { Settings } from '#shared/settings/schema.ts';
import type { ReadableDb, WritableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';
import { appendChange } from './changes.ts';

/** All settings: stored values over the defaults. A stored value that no longer fits falls back to its default. */
export function allSettings(db: ReadableDb): Settings {
  const rows = prepared<{ key: string; value: string }>(db, 'SELECT key, value FROM settings').all();
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const { key, value } of rows) {
    const stored = parseStored(value);
    if (settingFault(key, stored) === null) {
      settings[key] = stored;
    }
  }
  return settings as Settings;
}

/** Changes the named settings together and returns all of them. `at` is seconds since the epoch. */
function setSettings(db: WritableDb, args: { readonly change: Partial<Settings>; readonly at: number }): Settings {
  const change = Object.entries(args.change).filter(([, value]) => value !== undefined);
  for (const [key, value] of change) {
    const wanted = settingFault(key, value);
    if (wanted !== null) {
      throw new AppError('INVALID_ARGUMENT', `${key} must be ${wanted}. Nothing was changed.`);
    }
  }
  for (const [key, value] of change) {
    prepared(
      db,
      `INSERT INTO settings (key, value, updated_at) VALUES (?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
    ).run(key, JSON.stringify(value), args.at);
  }
  appendChange(db, 'setting', 0);
  return allSettings(db);
}

function parseStored(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A value written by hand: the field's default applies.
    return undefined;
  }
}

export const settingsReads = { allSettings } as const;
export const settingsWrites = { setSettings } as const;
