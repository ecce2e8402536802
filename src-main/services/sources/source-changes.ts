import type { SourceId } from '#shared/domain/source.ts';
import type { Settings } from '#shared/settings/schema.ts';
import { CHANGE } from '../../db/change-kinds.ts';
import type { Database } from '../../db/port.ts';
import type { Secrets } from '../../platform/secrets/port.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { ConfigCache } from './config-cache.ts';
import type { Keys } from './keys.ts';

export interface WatchParts {
  readonly database: Pick<Database, 'onChange'>;
  readonly settings: Pick<SettingsService, 'get'>;
  readonly secrets: Pick<Secrets, 'onChange'>;
  readonly configs: ConfigCache;
  readonly keys: Keys;
  /** Done once, before the first comparison. */
  readonly onStart: () => Promise<void>;
}

export interface SourceChanges {
  /** Begins to watch, so that nothing that is remembered outlives a change. */
  start(): void;
  listen(listener: (source: SourceId) => void): () => void;
  /** The keys of all of them may be others now. */
  tellAll(): void;
  /** Settles when nothing that was begun is at work any more. */
  stop(): Promise<void>;
}

/** Follows changes of settings and keys, whoever made them, and tells which source they concern. */
export function watchSources({ database, settings, secrets, configs, keys, onStart }: WatchParts): SourceChanges {
  const listeners = new Set<(source: SourceId) => void>();
  let marks: ReadonlyMap<SourceId, string> | null = null;
  let common: string | null = null;
  let stopWatching: (() => void) | null = null;
  let last: Promise<void> = Promise.resolve();

  const tell = (sources: Iterable<SourceId>): void => {
    for (const source of sources) {
      for (const listener of listeners) {
        listener(source);
      }
    }
  };
  async function marksNow(): Promise<ReadonlyMap<SourceId, string>> {
    return new Map([...(await configs.all())].map(([source, stored]) => [source, JSON.stringify(stored)]));
  }
  async function compare(): Promise<void> {
    const [before, commonBefore] = [marks, common];
    marks = await marksNow();
    common = commonMark(await settings.get());
    if (commonBefore !== null && commonBefore !== common) {
      keys.forget();
      tell(marks.keys());
      return;
    }
    if (before !== null) {
      tell([...marks].filter(([source, mark]) => before.get(source) !== mark).map(([source]) => source));
    }
  }
  // A database that is being closed has nothing left to tell.
  const lookAgain = (): void => void (last = last.then(compare).catch(() => undefined));

  function start(): void {
    if (stopWatching !== null) {
      return;
    }
    const stopSecrets = secrets.onChange(() => keys.forget());
    const stopDatabase = database.onChange(({ kinds }) => {
      if (kinds.includes(CHANGE.source) || kinds.includes(CHANGE.setting)) {
        configs.forget();
        lookAgain();
      }
    });
    stopWatching = () => {
      stopSecrets();
      stopDatabase();
    };
    last = last.then(onStart).catch(() => undefined);
    // What is set by now is what later changes are compared with.
    lookAgain();
  }
  return {
    start,
    listen(listener) {
      start();
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tellAll: () => lookThrough(),
    async stop() {
      stopWatching?.();
      stopWatching = null;
      listeners.clear();
      await last;
    },
  };

  function lookThrough(): void {
    last = last.then(async () => tell((await configs.all()).keys())).catch(() => undefined);
  }
}

/** The settings of the data directory that concern every source. */
function commonMark(settings: Settings): string {
  const { keysKeptIn, virustotalThreshold, recordedFutureThreshold } = settings;
  return JSON.stringify([keysKeptIn, virustotalThreshold, recordedFutureThreshold]);
}
