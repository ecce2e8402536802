import type { CallParsed } from '#shared/contract/index.ts';
import { SOURCE_IDS, type SourceId } from '#shared/domain/source.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Settings } from '#shared/settings/schema.ts';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { EXIT } from '../../exit-codes.ts';
import { effectsText } from '../../output/effects-text.ts';
import type { Session } from '../../session.ts';
import { changedSettings, topOf } from './settings.ts';
import { changeOf } from './source-settings.ts';

/** What settings in force, or with some of them changed, come to. Keeps and sends nothing. */
export async function settingsEffects(
  session: Session,
  words: readonly string[],
  format: 'table' | 'json',
): Promise<number> {
  return session.withEngine(async (engine) => {
    const draft = await draftOf(engine, words);
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
async function draftOf(engine: Engine, words: readonly string[]): Promise<CallParsed<'life.effects'>> {
  const { settingsChangeSchema } = await import('#shared/settings/schema.ts');
  const named = new Set<keyof Settings>();
  const sources: Partial<Record<SourceId, SourceConfigChange>> = {};
  let settings: Settings | null = null;
  for (const word of words) {
    const at = word.indexOf('=');
    if (at === -1) {
      throw new AppError('INVALID_ARGUMENT', `"${word}" is not name=value.`);
    }
    const name = word.slice(0, at);
    const source = SOURCE_IDS.find((id) => name.startsWith(`${id}.`));
    if (source === undefined) {
      await refuseOfSource(name);
      settings ??= (await engine.handlers['app.bootstrap']({})).settings;
      settings = await changedSettings(settings, name, word.slice(at + 1));
      named.add(topOf(name));
    } else {
      const change = changeOf([word.slice(source.length + 1)]);
      const options = { ...sources[source]?.options, ...change.options };
      sources[source] = { ...sources[source], ...change, ...(Object.keys(options).length === 0 ? {} : { options }) };
    }
  }
  const changed = [...named].map((name) => [name, settings?.[name]]);
  return { settings: settingsChangeSchema.parse(Object.fromEntries(changed)), sources };
}

/** A setting each source has for itself stands in no list of settings; somebody who left its source out is told so. */
async function refuseOfSource(name: string): Promise<void> {
  const { sourceConfigChangeSchema } = await import('#shared/settings/source-config.ts');
  if (Object.hasOwn(sourceConfigChangeSchema.shape, name)) {
    throw new AppError(
      'INVALID_ARGUMENT',
      `${name} is a setting of a source. Name the source too: virustotal.${name}=….`,
    );
  }
}
