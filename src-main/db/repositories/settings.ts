import { AppError } from '#shared/errors/app-error.ts';
import { defaultSettings, settingsSchema, type Settings } from '#shared/settings/schema.ts';
import type { ReadableDb, WritableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';
import { appendChange } from './changes.ts';

/** All settings: stored values over the defaults. A stored value that no longer fits falls back to its default. */
export function allSettings(db: ReadableDb): Settings {
  const rows = prepared<{ key: string; value: string }>(db, 'SELECT key, value FROM settings').all();
  const settings: Record<string, unknown> = { ...defaultSettings() };
  for (const { key, value } of rows) {
    const field = settingsSchema.shape[key as keyof Settings];
    const parsed = field?.safeParse(parseStored(value));
    if (parsed?.success) {
      settings[key] = parsed.data;
    }
  }
  return settings as Settings;
}

/** Changes the named settings together and returns all of them. `at` is seconds since the epoch. */
function setSettings(db: WritableDb, args: { readonly change: Partial<Settings>; readonly at: number }): Settings {
  const merged = settingsSchema.safeParse({ ...allSettings(db), ...withoutUndefined(args.change) });
  if (!merged.success) {
    const issue = merged.error.issues[0];
    throw new AppError(
      'INVALID_ARGUMENT',
      `Setting ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not accepted'}. Nothing was changed.`,
    );
  }
  for (const key of Object.keys(withoutUndefined(args.change)) as (keyof Settings)[]) {
    prepared(
      db,
      `INSERT INTO settings (key, value, updated_at) VALUES (?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
    ).run(key, JSON.stringify(merged.data[key]), args.at);
  }
  appendChange(db, 'setting', 0);
  return merged.data;
}

function withoutUndefined(change: Partial<Settings>): Partial<Settings> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
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
