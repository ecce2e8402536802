import { type SourceConfig, sourceConfigSchema } from '#shared/settings/source-config.ts';

/** Settings of a source as they lie in the database. */
export interface StoredConfig {
  readonly config: SourceConfig;
  /** Counts the changes of its keys, so that every process hears of them; the keys themselves are elsewhere. */
  readonly keyRevision: number;
  /** Tells one key of the environment from the next; null while there was none. */
  readonly environmentMark: number | null;
  /** The host the stored key was given for; null when no key was given here. */
  readonly keyHost: string | null;
}

/** What was stored, field by field; what is missing or does not fit any more has its default. */
export function readStored(stored: unknown, defaults: SourceConfig): StoredConfig {
  const kept = typeof stored === 'object' && stored !== null ? (stored as Readonly<Record<string, unknown>>) : {};
  const config: Record<string, unknown> = { ...defaults };
  for (const [name, field] of Object.entries(sourceConfigSchema.shape)) {
    const parsed = field.safeParse(kept[name]);
    if (parsed.success) {
      config[name] = parsed.data;
    }
  }
  // Options that came with a newer version have their defaults; those this version does not know are dropped.
  const options = config['options'] as SourceConfig['options'];
  config['options'] = Object.fromEntries(
    Object.entries(defaults.options).map(([name, value]) => [name, options[name] ?? value]),
  );
  return {
    config: config as SourceConfig,
    keyRevision: countIn(kept['keyRevision']) ?? 0,
    environmentMark: countIn(kept['environmentMark']),
    keyHost: typeof kept['keyHost'] === 'string' ? kept['keyHost'] : null,
  };
}

/** The form in which it is stored. */
export function writeStored({ config, keyRevision, environmentMark, keyHost }: StoredConfig): unknown {
  return { ...config, keyRevision, environmentMark, keyHost };
}

function countIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
