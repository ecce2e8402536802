import type { CallInput } from '#shared/contract/index.ts';
import { SOURCE_IDS, type SourceId } from '#shared/domain/source.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import { EXIT } from '../exit-codes.ts';
import { effectsText } from '../output/effects-text.ts';
import type { Session } from '../session.ts';
import { changeOf } from './source-settings.ts';

/** What settings in force, or with some of them changed, come to. Keeps and sends nothing. */
export async function settingsEffects(
  session: Session,
  words: readonly string[],
  format: 'table' | 'json',
): Promise<number> {
  const draft = await draftOf(words);
  return session.withEngine(async (engine) => {
    const effects = await engine.life.effects(draft, session.signal);
    const { out, style } = session;
    await out.write(
      format === 'json'
        ? `${JSON.stringify({ ...(engine.simulated ? { simulated: true } : {}), ...effects }, null, 2)}\n`
        : effectsText(effects, { width: out.width, style }),
    );
    return EXIT.done;
  });
}

/** `name=value` for a setting, `SOURCE.name=value` for one of a source. */
async function draftOf(words: readonly string[]) {
  const { settingsChangeSchema } = await import('#shared/settings/schema.ts');
  const settings: Record<string, unknown> = {};
  const sources: Partial<Record<SourceId, SourceConfigChange>> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    if (at === -1) {
      throw new AppError('INVALID_ARGUMENT', `"${word}" is not name=value.`);
    }
    const name = word.slice(0, at);
    const source = SOURCE_IDS.find((id) => name.startsWith(`${id}.`));
    if (source === undefined) {
      settings[name] = valueOf(word.slice(at + 1));
    } else {
      sources[source] = { ...sources[source], ...changeOf([word.slice(source.length + 1)]) };
    }
  }
  const parsed = settingsChangeSchema.safeParse(settings);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = issue?.path.join('.') ?? '';
    throw new AppError(
      'INVALID_ARGUMENT',
      `${name === '' ? 'The settings' : name} cannot be that: ${issue?.message ?? 'it does not fit'}. "assay settings get" lists all settings.`,
    );
  }
  return { settings: parsed.data, sources } satisfies CallInput<'life.effects'>;
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Words stay words; the schema says what it wants instead.
    return text;
  }
}
