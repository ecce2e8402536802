import type { ReadableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';
import { lastSeq } from './changes.ts';
import { NOT_ASKED } from '../codes.ts';
import { allCounters, COUNT_DIGESTS, COUNT_FILES, itemCounter, unaskedCounter } from './counters.ts';

/** What the tables hold. Files, digests and items come from counters, so that a million rows cost nothing to count. */
export interface TableStats {
  readonly files: number;
  readonly digests: number;
  readonly items: readonly { readonly source: number; readonly status: number; readonly count: number }[];
  /** Of the unknown ones: made when their hash was queued, and without an answer. */
  readonly unasked: number;
  readonly listEntries: number;
  readonly knownSets: number;
  readonly knownSetBytes: number;
  readonly intakes: number;
  readonly syncJobs: number;
  readonly syncIndicators: number;
  readonly changesSeq: number;
  readonly schemaVersion: number;
}

/** What is counted by looking at the rows. */
type CountedTables = Pick<
  TableStats,
  'listEntries' | 'knownSets' | 'knownSetBytes' | 'intakes' | 'syncJobs' | 'syncIndicators'
>;

export function tableStats(db: ReadableDb): TableStats {
  const counters = allCounters(db);
  return {
    files: counters.get(COUNT_FILES) ?? 0,
    digests: counters.get(COUNT_DIGESTS) ?? 0,
    items: [...counters].flatMap(([name, count]) => {
      const match = /^items:(\d+):(\d+)$/.exec(name);
      return match === null || count === 0 ? [] : [{ source: Number(match[1]), status: Number(match[2]), count }];
    }),
    unasked: [...counters].reduce((sum, [name, count]) => sum + (name.startsWith('unasked:') ? count : 0), 0),
    ...(prepared<CountedTables>(
      db,
      `SELECT (SELECT count(*) FROM hash_list) AS listEntries,
              (SELECT count(*) FROM known_sets WHERE state = 'ready') AS knownSets,
              (SELECT coalesce(sum(bytes), 0) FROM known_sets WHERE state = 'ready') AS knownSetBytes,
              (SELECT count(*) FROM intakes) AS intakes,
              (SELECT count(*) FROM sync_jobs) AS syncJobs,
              (SELECT count(*) FROM sync_indicators) AS syncIndicators`,
    ).get() as CountedTables),
    changesSeq: lastSeq(db),
    schemaVersion: db.pragma('user_version', { simple: true }) as number,
  };
}

/** Counters that do not agree with the rows they count, as sentences. Reads every row. */
export function counterProblems(db: ReadableDb): string[] {
  const counters = new Map(allCounters(db));
  const found = new Map<string, number>();
  const count = (sql: string): number => (prepared<{ n: number }>(db, sql).get() as { n: number }).n;
  found.set(COUNT_FILES, count('SELECT count(*) AS n FROM files'));
  found.set(COUNT_DIGESTS, count('SELECT count(md5) + count(sha1) + count(sha256) AS n FROM files'));
  for (const row of prepared<{ source: number; status: number; n: number }>(
    db,
    'SELECT source, status, count(*) AS n FROM items GROUP BY source, status',
  ).all()) {
    found.set(itemCounter(row.source, row.status), row.n);
  }
  for (const row of prepared<{ source: number; n: number }>(
    db,
    `SELECT source, count(*) AS n FROM items WHERE no_answer = ${NOT_ASKED} GROUP BY source`,
  ).all()) {
    found.set(unaskedCounter(row.source), row.n);
  }
  return [...new Set([...counters.keys(), ...found.keys()])]
    .filter((name) => (counters.get(name) ?? 0) !== (found.get(name) ?? 0))
    .map((name) => `counter ${name} says ${counters.get(name) ?? 0}, there are ${found.get(name) ?? 0} rows`);
}

export const statsReads = { tableStats } as const;
