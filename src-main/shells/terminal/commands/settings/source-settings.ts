import { AppError } from '#shared/errors/app-error.ts';
import {
  sourceConfigChangeSchema,
  type SourceConfig,
  type SourceConfigChange,
} from '#shared/settings/source-config.ts';
import { misfit } from '../../misfit.ts';

/** Settings as `name=value` lines that `changeOf` reads back. */
export function settingLines(config: SourceConfig): string[] {
  const { options, ...common } = config;
  return [
    ...Object.entries(common).map(([name, value]) => `${name}=${textOf(value)}`),
    ...Object.entries(options).map(([name, value]) => `${name}=${value}`),
  ];
}

/**
 * `name=value` words as one change; names that not every source has become its options. INVALID_ARGUMENT names the word
 * and what it must be; a key is refused.
 */
export function changeOf(words: readonly string[]): SourceConfigChange {
  const change: Record<string, unknown> = {};
  const options: Record<string, string> = {};
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
    if (name === 'options' || !Object.hasOwn(sourceConfigChangeSchema.shape, name)) {
      // Only the source itself knows which further ones it has.
      options[name] = word.slice(at + 1);
      change['options'] = options;
      continue;
    }
    change[name] = valueOf(name, word.slice(at + 1));
  }
  const parsed = sourceConfigChangeSchema.safeParse(change);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AppError(
      'INVALID_ARGUMENT',
      `${issue?.path[0]?.toString() ?? 'A setting'}: ${misfit(issue)}. Nothing was changed.`,
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

function textOf(value: Omit<SourceConfig, 'options'>[keyof Omit<SourceConfig, 'options'>]): string {
  if (value === null) {
    return 'none';
  }
  if (typeof value === 'object') {
    return value.kind === 'manual' ? value.url : value.kind;
  }
  return String(value);
}
