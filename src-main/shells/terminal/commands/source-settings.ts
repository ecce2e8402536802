import { AppError } from '#shared/errors/app-error.ts';
import {
  sourceConfigChangeSchema,
  type SourceConfig,
  type SourceConfigChange,
} from '#shared/settings/source-config.ts';

/** Settings as `name=value` lines that `changeOf` reads back. */
export function settingLines(config: SourceConfig): string[] {
  return Object.entries(config).map(([name, value]) => `${name}=${textOf(value)}`);
}

/** `name=value` words as one change. INVALID_ARGUMENT names the word and what it must be; a key is refused. */
export function changeOf(words: readonly string[]): SourceConfigChange {
  const change: Record<string, unknown> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    const name = at === -1 ? word : word.slice(0, at);
    if (/key|token|password|secret/i.test(name)) {
      // Not repeated back: it may hold the key.
      throw new AppError(
        'INVALID_ARGUMENT',
        'A key is never an argument: other programs and the shell’s history see it. Use --key or --key-stdin, and replace a key that was typed this way.',
      );
    }
    if (at === -1) {
      // Not repeated back either.
      const place = words.indexOf(word) + 1;
      throw new AppError('INVALID_ARGUMENT', `Word ${place} after the source is not name=value. Nothing was changed.`);
    }
    if (!Object.hasOwn(sourceConfigChangeSchema.shape, name)) {
      const names = Object.keys(sourceConfigChangeSchema.shape).join(', ');
      throw new AppError('INVALID_ARGUMENT', `There is no setting "${name}" of a source. There are ${names}.`);
    }
    change[name] = valueOf(name, word.slice(at + 1));
  }
  const parsed = sourceConfigChangeSchema.safeParse(change);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AppError(
      'INVALID_ARGUMENT',
      `${issue?.path[0]?.toString() ?? 'A setting'}: ${issue?.message ?? 'unfit'}. Nothing was changed.`,
    );
  }
  return parsed.data;
}

function valueOf(name: string, text: string): unknown {
  if (name === 'proxy') {
    return text === 'system' || text === 'none' ? { kind: text } : { kind: 'manual', url: text };
  }
  if (name === 'url' || name === 'agent') {
    return text;
  }
  if (text === 'none') {
    return null;
  }
  if (text === 'true' || text === 'false') {
    return text === 'true';
  }
  return name !== 'caFile' && /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

function textOf(value: SourceConfig[keyof SourceConfig]): string {
  if (value === null) {
    return 'none';
  }
  if (typeof value === 'object') {
    return value.kind === 'manual' ? value.url : value.kind;
  }
  return String(value);
}
