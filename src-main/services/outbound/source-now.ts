import type { SourceId } from '#shared/domain/source.ts';
import { sourceCode } from '#shared/domain/source.ts';
import { effectiveLimits, shareOf } from '../../jobs/outbound/effective-limits.ts';
import { untouched } from '../../jobs/outbound/ledger.ts';
import { spendingOf } from '../../jobs/outbound/spending.ts';
import type { OutboundParts } from './outbound.ts';
import type { SourceNow } from './waits.ts';

/** Everything that decides whether a source may be asked at this moment. */
export async function sourceNow(
  { database, settings, sources, minuteMs }: Pick<OutboundParts, 'database' | 'settings' | 'sources' | 'minuteMs'>,
  source: SourceId,
  now: number,
): Promise<SourceNow> {
  const code = sourceCode(source);
  const [states, config, ready, spends, set] = await Promise.all([
    database.read('sourceStates', {}),
    sources.config(source),
    sources.ready(source),
    database.read('windowSpends', { source: code, now, minuteMs }),
    settings.get(),
  ]);
  const state = states.find((one) => one.source === code) ?? untouched(code);
  const limits = effectiveLimits(config, state.learned, now);
  return {
    state,
    config,
    unready: ready.ok ? null : ready.sentence,
    limits,
    rescanLimits: shareOf(limits, spendingOf(set).rescanShare),
    spends,
    now,
  };
}
