import { CHANGE } from '../../db/change-kinds.ts';
import type { Scheduler, SchedulerParts } from '../../jobs/outbound/scheduler.ts';
import { startRescans } from '../../jobs/rescans/rescans.ts';
import { rescanStoreOf } from '../../jobs/rescans/store.ts';

/** Changes after which there may be something to queue, or none any more. */
const KINDS: readonly number[] = [CHANGE.setting, CHANGE.source, CHANGE.queue];

/** Asks again what is due, beside a scheduler that sends it. Returns the end of it. */
export function beginRescans(parts: SchedulerParts, scheduler: Pick<Scheduler, 'ready'>): () => Promise<void> {
  const { database, settings, sources, timer, onFault } = parts;
  return startRescans({
    store: rescanStoreOf(database),
    timer,
    facts: sources.providers.map(({ facts }) => facts),
    ready: (source) => scheduler.ready(source),
    settings: () => settings.get(),
    onChange(listener) {
      const ends = [
        database.onChange(({ kinds }) => (kinds.some((kind) => KINDS.includes(kind)) ? listener() : undefined)),
        sources.onChange(listener),
      ];
      return () => ends.forEach((end) => end());
    },
    onFault,
  });
}
