import { AppError } from '#shared/errors/app-error.ts';
import {
  defaultSyncJob,
  syncJobChangeSchema,
  type SyncJobChange,
  type SyncJobConfig,
} from '#shared/settings/sync-job.ts';
import { misfit } from '../../misfit.ts';

const DEFAULTS = defaultSyncJob();
const NAMES = Object.keys(DEFAULTS) as (keyof SyncJobConfig)[];
/** What stands in the settings of a job and is a list. */
const LISTS: ReadonlySet<string> = new Set(NAMES.filter((name) => Array.isArray(DEFAULTS[name])));
/** Always texts, also where they look like a number or a word. */
const TEXTS: ReadonlySet<string> = new Set(NAMES.filter((name) => typeof DEFAULTS[name] === 'string'));

/** Settings as `name=value` lines that `changeOf` reads back. */
export function settingLines(config: SyncJobConfig): string[] {
  return NAMES.map((name) => `${name}=${textOf(config[name])}`);
}

/**
 * `name=value` words as one change; a list is separated by commas (`\,` is a comma of a name), `none` stands for no value
 * or an empty list. INVALID_ARGUMENT names the word and what it must be; a secret is refused.
 */
export function changeOf(words: readonly string[]): SyncJobChange {
  const change: Record<string, unknown> = {};
  for (const [place, word] of words.entries()) {
    const at = word.indexOf('=');
    const name = at === -1 ? word : word.slice(0, at);
    if (!Object.hasOwn(DEFAULTS, name)) {
      throw refusal(name, place, at === -1);
    }
    if (at === -1) {
      throw new AppError('INVALID_ARGUMENT', `${name}: a value is missing, as in ${name}=value. Nothing was changed.`);
    }
    change[name] = valueOf(name as keyof SyncJobConfig, word.slice(at + 1));
  }
  return checked(change, '');
}

/** The settings in a JSON file: an object with the names of `changeOf`. INVALID_ARGUMENT names file and field. */
export function changeOfFile(text: string, path: string): SyncJobChange {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('INVALID_ARGUMENT', `${path} is no JSON: ${why}. Nothing was changed.`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('INVALID_ARGUMENT', `${path} must hold an object with settings by name. Nothing was changed.`);
  }
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      throw new AppError('INVALID_ARGUMENT', `${path}: ${unknownName(name)} Nothing was changed.`);
    }
  }
  return checked(value, `${path}: `);
}

function checked(change: object, where: string): SyncJobChange {
  const parsed = syncJobChangeSchema.safeParse(change);
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') ?? 'A setting';
  throw new AppError('INVALID_ARGUMENT', `${where}${field}: ${misfit(issue)}. Nothing was changed.`);
}

function refusal(name: string, place: number, isBare: boolean): AppError {
  if (/key|token|password|secret/i.test(name)) {
    // Not repeated back: it may hold the secret.
    return new AppError(
      'INVALID_ARGUMENT',
      'A secret is never an argument: other programs and the shell’s history see it. Use --secret, and replace one that was typed this way.',
    );
  }
  return new AppError(
    'INVALID_ARGUMENT',
    isBare
      ? `Word ${place + 1} after the job is not name=value. Nothing was changed.`
      : `${unknownName(name)} Nothing was changed.`,
  );
}

function unknownName(name: string): string {
  return `"${name}" is not a setting of a sync job. There are ${NAMES.join(', ')}.`;
}

function valueOf(name: keyof SyncJobConfig, text: string): unknown {
  switch (name) {
    case 'threatConnectProxy':
    case 'taniumProxy':
      return text === 'system' || text === 'none' ? { kind: text } : { kind: 'manual', url: text };
    case 'schedule':
      return scheduleOf(text);
    case 'threatConnectCaFile':
    case 'taniumCaFile':
      return text === 'none' ? null : text;
    default:
  }
  if (LISTS.has(name)) {
    return text === 'none' || text === '' ? [] : itemsOf(text);
  }
  if (TEXTS.has(name)) {
    return text === 'none' && name !== 'threatResponseApi' ? '' : text;
  }
  if (text === 'none') {
    return null;
  }
  if (text === 'true' || text === 'false') {
    return text === 'true';
  }
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

/** `every 60 minutes` or `60`, `daily 06:30` or `06:30`. */
function scheduleOf(text: string): unknown {
  const minutes = /^(?:every\s+)?(\d{1,6})(?:\s*(?:m|min|minutes?))?$/i.exec(text.trim())?.[1];
  if (minutes !== undefined) {
    return { kind: 'interval', minutes: Number(minutes) };
  }
  const at = /^(?:daily\s+)?((?:[01]?\d|2[0-3]):[0-5]\d)$/i.exec(text.trim())?.[1];
  if (at === undefined) {
    throw new AppError(
      'INVALID_ARGUMENT',
      `schedule: it must be minutes, as in schedule=60, or a time of day, as in schedule=06:30. Nothing was changed.`,
    );
  }
  return { kind: 'daily', at: at.padStart(5, '0') };
}

function itemsOf(text: string): string[] {
  return text
    .split(/(?<!\\),/)
    .map((item) => item.replaceAll('\\,', ',').trim())
    .filter((item) => item !== '');
}

function textOf(value: SyncJobConfig[keyof SyncJobConfig]): string {
  if (value === null) {
    return 'none';
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? 'none' : value.map((item) => item.replaceAll(',', '\\,')).join(',');
  }
  if (typeof value !== 'object') {
    return String(value);
  }
  if ('minutes' in value || 'at' in value) {
    return value.kind === 'interval' ? String(value.minutes) : value.at;
  }
  return 'url' in value ? value.url : (value as { readonly kind: string }).kind;
}
