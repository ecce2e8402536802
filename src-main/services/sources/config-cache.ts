import { sourceCode, sourceLabel, type SourceId } from '#shared/domain/source.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../db/port.ts';
import type { Provider } from '../../providers/port.ts';
import { readStored, type StoredConfig, writeStored } from './stored-config.ts';

/** Settings of all sources as the database has them, read again after every change, whoever made it. */
export interface ConfigCache {
  get(source: SourceId): Promise<StoredConfig>;
  all(): Promise<ReadonlyMap<SourceId, StoredConfig>>;
  /** One change at a time in this process. `at` is milliseconds since the epoch. */
  change(source: SourceId, at: number, next: (before: StoredConfig) => StoredConfig): Promise<StoredConfig>;
  forget(): void;
}

/** Nothing is read before the first question. */
export function createConfigCache(
  database: Pick<Database, 'read' | 'write'>,
  providers: readonly Provider[],
): ConfigCache {
  let known: Promise<ReadonlyMap<SourceId, StoredConfig>> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function load(): Promise<ReadonlyMap<SourceId, StoredConfig>> {
    const rows = await database.read('sourceConfigs', {});
    const kept = new Map(rows.map((row) => [row.source, row.config]));
    return new Map(
      providers.map(({ facts }) => [facts.source, readStored(kept.get(sourceCode(facts.source)), facts.defaults)]),
    );
  }
  function all(): Promise<ReadonlyMap<SourceId, StoredConfig>> {
    if (known === null) {
      const loading = load();
      known = loading;
      loading.catch(() => {
        known = known === loading ? null : known;
      });
    }
    return known;
  }
  async function get(source: SourceId): Promise<StoredConfig> {
    const found = (await all()).get(source);
    if (found === undefined) {
      throw new AppError('UNSUPPORTED', `This version cannot ask ${sourceLabel(source)}.`);
    }
    return found;
  }
  return {
    get,
    all,
    change(source, at, next) {
      const work = last.then(async () => {
        // What another process wrote a moment ago may not have been told yet.
        known = null;
        const before = await get(source);
        const after = next(before);
        if (JSON.stringify(writeStored(after)) !== JSON.stringify(writeStored(before))) {
          await database.write('setSourceConfig', { source: sourceCode(source), config: writeStored(after), at });
          known = null;
        }
        return after;
      });
      last = work.catch(() => undefined);
      return work;
    },
    forget() {
      known = null;
    },
  };
}
