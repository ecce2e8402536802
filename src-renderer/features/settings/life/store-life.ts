import type { SourceView } from '#shared/contract/sources.ts';
import type { SourceId } from '#shared/domain/source.ts';
import type { Settings } from '#shared/settings/schema.ts';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import { takeSource } from '../../../app/asking.ts';
import { useApp } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import type { LifeChange } from './draft.ts';

/** Keeps a change: the settings first, then source by source. Rejects at the first that is refused; what was kept stays. */
export async function storeLife({ settings: change, sources }: LifeChange): Promise<void> {
  if (Object.keys(change).length > 0) {
    const settings = await call('settings.set', change);
    useApp.setState((state) => ({ boot: state.boot === null ? null : { ...state.boot, settings } }));
  }
  for (const [source, of] of Object.entries(sources) as [SourceId, SourceConfigChange][]) {
    takeSource(await call('sources.set', { source, change: of }));
  }
}

/** The change that undoes another one: the same fields as they are kept now. */
export function changeBack(change: LifeChange, settings: Settings, sources: readonly SourceView[]): LifeChange {
  const own = sources.flatMap(({ source, config }) => {
    const of = change.sources[source];
    return of === undefined ? [] : [[source, sameFields(of, config)] as const];
  });
  return { settings: sameFields(change.settings, settings), sources: Object.fromEntries(own) };
}

function sameFields<T extends object>(change: T, kept: object): T {
  const known = new Map<string, unknown>(Object.entries(kept));
  return Object.fromEntries(Object.keys(change).map((name) => [name, known.get(name)])) as T;
}
