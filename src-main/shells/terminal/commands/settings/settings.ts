import { AppError } from '#shared/errors/app-error.ts';
import type { Settings } from '#shared/settings/schema.ts';
import { EXIT } from '../../exit-codes.ts';
import { misfit } from '../../misfit.ts';
import type { Session } from '../../session.ts';

/** One setting, or all: `name=value` lines whose values `set` takes back, or JSON. */
export async function getSettings(
  session: Session,
  name: string | undefined,
  format: 'table' | 'json',
): Promise<number> {
  return session.withEngine(async (engine) => {
    const { settings } = await engine.handlers['app.bootstrap']({});
    if (name === undefined) {
      const text =
        format === 'json'
          ? JSON.stringify(settings, null, 2)
          : flatten(settings)
              .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
              .join('\n');
      await session.out.write(`${text}\n`);
      return EXIT.done;
    }
    const value = valueAt(settings, name);
    if (value === undefined) {
      throw unknownSetting(name, settings);
    }
    await session.out.write(`${typeof value === 'string' && format === 'table' ? value : JSON.stringify(value)}\n`);
    return EXIT.done;
  });
}

/** Changes one setting; it acts at once in every process of the data directory. */
export async function setSetting(session: Session, name: string, text: string): Promise<number> {
  return session.withEngine(async (engine) => {
    const { settings } = await engine.handlers['app.bootstrap']({});
    const changed = await changedSettings(settings, name, text);
    const top = topOf(name);
    const after = await engine.handlers['settings.set']({ [top]: changed[top] });
    session.note(`${name} is now ${JSON.stringify(valueAt(after, name))}.`);
    return EXIT.done;
  });
}

/** The settings with one of them as it was typed. INVALID_ARGUMENT says which there are, or what it must be. */
export async function changedSettings(settings: Settings, name: string, text: string): Promise<Settings> {
  const { settingsSchema } = await import('#shared/settings/schema.ts');
  if (valueAt(settings, name) === undefined) {
    throw unknownSetting(name, settings);
  }
  const [top = '', ...below] = name.split('.');
  const current = Object.fromEntries(Object.entries(settings))[top];
  const changed = { ...settings, [top]: withValue(current, below, parseValue(text, valueAt(settings, name))) };
  const parsed = settingsSchema.safeParse(changed);
  if (!parsed.success) {
    throw new AppError('INVALID_ARGUMENT', `${name} cannot be ${text}: ${misfit(parsed.error.issues[0])}.`);
  }
  return parsed.data;
}

/** The setting a dotted name belongs to. */
export function topOf(name: string): keyof Settings {
  return name.split('.')[0] as keyof Settings;
}

function parseValue(text: string, current: unknown): unknown {
  if (typeof current === 'string') {
    return text;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not a number, null or object: words stay words and the schema says what it wants instead.
    return text;
  }
}

function withValue(current: unknown, below: readonly string[], value: unknown): unknown {
  const [next, ...rest] = below;
  if (next === undefined) {
    return value;
  }
  const object = isRecord(current) ? current : {};
  return { ...object, [next]: withValue(object[next], rest, value) };
}

function valueAt(settings: Settings, name: string): unknown {
  let value: unknown = settings;
  for (const part of name.split('.')) {
    if (!isRecord(value) || !Object.hasOwn(value, part)) {
      return undefined;
    }
    value = value[part];
  }
  return value;
}

function flatten(value: Readonly<Record<string, unknown>>, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, inner]): [string, unknown][] =>
    isRecord(inner) ? flatten(inner, `${prefix}${key}.`) : [[`${prefix}${key}`, inner]],
  );
}

function unknownSetting(name: string, settings: Settings): AppError {
  const names = flatten(settings).map(([key]) => key);
  return new AppError('INVALID_ARGUMENT', `There is no setting "${name}". There are ${names.join(', ')}.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
