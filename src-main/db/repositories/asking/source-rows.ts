import { AppError } from '#shared/errors/app-error.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import type { Sliced } from '../../slices.ts';
import { appendChange } from '../changes.ts';
import { allCounters } from '../counters.ts';
import type { SourceState } from '../queue-types.ts';
import { wakeParked } from './queue/rows.ts';

interface StoredState {
  readonly source: number;
  readonly state: SourceState['state'];
  readonly reason: string | null;
  readonly until: number | null;
  readonly faults: number;
  readonly last_answer_at: number | null;
  readonly learned: string;
  readonly updated_at: number;
}

/** How many items, and how many queued hashes, one source has. */
export interface SourceCounts {
  readonly source: number;
  readonly items: number;
  /** Items with an answer, "does not know" included; without those that were not asked or could not be asked about. */
  readonly processed: number;
  readonly malicious: number;
  /** Queued to be asked for the first time. */
  readonly new: number;
  /** Queued to be asked again. */
  readonly rescanning: number;
}

/** Changes what is remembered of a source, in one transaction; what the change leaves out stays. */
export function* setSourceState(
  db: WritableDb,
  args: {
    readonly source: number;
    readonly change: Partial<Omit<SourceState, 'source' | 'updatedAt'>>;
    /** Milliseconds since the epoch. */
    readonly at: number;
    /** Leaves state, reason and until as they are when somebody paused the source meanwhile. */
    readonly unlessPaused?: boolean | undefined;
  },
): Sliced<SourceState> {
  const before = stateOf(db, args.source);
  const given = Object.fromEntries(Object.entries(args.change).filter(([, value]) => value !== undefined));
  const held =
    args.unlessPaused === true && before.state === 'paused'
      ? { state: before.state, reason: before.reason, until: before.until }
      : {};
  const state: SourceState = { ...before, ...given, ...held, source: args.source, updatedAt: args.at };
  prepared(
    db,
    `INSERT INTO source_states (source, state, reason, until, faults, last_answer_at, learned, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET state = excluded.state, reason = excluded.reason, until = excluded.until,
       faults = excluded.faults, last_answer_at = excluded.last_answer_at, learned = excluded.learned,
       updated_at = excluded.updated_at`,
  ).run(
    state.source,
    state.state,
    state.reason,
    state.until,
    state.faults,
    state.lastAnswerAt,
    JSON.stringify(state.learned),
    state.updatedAt,
  );
  appendChange(db, 'source', args.source);
  if (isHeld(state) && !isHeld(before)) {
    yield* wakeParked(db);
  }
  return state;
}

/** True when nothing is asked of the source until somebody changes that. */
export function isHeld(state: Pick<SourceState, 'state'>): boolean {
  return state.state === 'paused' || state.state === 'stopped';
}

/** Keeps the settings of one source, in one transaction. `at` is milliseconds since the epoch. */
export function* setSourceConfig(
  db: WritableDb,
  args: { readonly source: number; readonly config: unknown; readonly at: number },
): Sliced<void> {
  const config = JSON.stringify(args.config) as string | undefined;
  if (config === undefined) {
    throw new AppError('INVALID_ARGUMENT', 'The settings of a source are missing. Nothing was changed.');
  }
  prepared(
    db,
    `INSERT INTO source_configs (source, config, updated_at) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET config = excluded.config, updated_at = excluded.updated_at`,
  ).run(args.source, config, args.at);
  appendChange(db, 'source', args.source);
  if (isSwitchedOff(db, args.source)) {
    yield* wakeParked(db);
  }
}

/** What is remembered of every source that was ever asked or paused; any other is ready. */
export function sourceStates(db: ReadableDb, _args: Record<string, never> = {}): SourceState[] {
  return prepared<StoredState>(db, 'SELECT * FROM source_states ORDER BY source').all().map(toState);
}

/** What is remembered of one source. */
export function stateOf(db: ReadableDb, source: number): SourceState {
  const row = prepared<StoredState>(db, 'SELECT * FROM source_states WHERE source = +?').get(source);
  return row === undefined
    ? { source, state: 'ready', reason: null, until: null, faults: 0, lastAnswerAt: null, learned: [], updatedAt: 0 }
    : toState(row);
}

/** Kept settings of sources as they were stored; the caller checks them. Null where the text is damaged. */
export function sourceConfigs(
  db: ReadableDb,
  _args: Record<string, never> = {},
): { readonly source: number; readonly config: unknown }[] {
  return prepared<{ source: number; config: string }>(db, 'SELECT source, config FROM source_configs ORDER BY source')
    .all()
    .map((row) => ({ source: row.source, config: parsed(row.config) }));
}

/** True when the kept settings switch the source off; a source without settings is the caller's to decide. */
export function isSwitchedOff(db: ReadableDb, source: number): boolean {
  const row = prepared<{ config: string }>(db, 'SELECT config FROM source_configs WHERE source = +?').get(source);
  const config = row === undefined ? null : parsed(row.config);
  return typeof config === 'object' && config !== null && (config as { enabled?: unknown }).enabled === false;
}

/** Totals per source that has any; from counters, so that a million items cost nothing to count. */
export function sourceCounts(db: ReadableDb, _args: Record<string, never> = {}): SourceCounts[] {
  const counts = new Map<number, { -readonly [K in keyof SourceCounts]: SourceCounts[K] }>();
  const of = (source: number) => {
    const found = counts.get(source) ?? { source, items: 0, processed: 0, malicious: 0, new: 0, rescanning: 0 };
    counts.set(source, found);
    return found;
  };
  for (const [name, amount] of allCounters(db)) {
    const match = /^items:(\d+):(\d+)$/.exec(name);
    if (match !== null && amount > 0) {
      const entry = of(Number(match[1]));
      entry.items += amount;
      entry.processed += amount;
      entry.malicious += statusOfCode(Number(match[2])) === 'malicious' ? amount : 0;
    }
    const unasked = /^unasked:(\d+)$/.exec(name);
    if (unasked !== null && amount > 0) {
      of(Number(unasked[1])).processed -= amount;
    }
  }
  for (const { source, n } of prepared<{ source: number; n: number }>(
    db,
    'SELECT source, count(*) AS n FROM items WHERE no_answer = 2 GROUP BY source',
  ).all()) {
    of(source).processed -= n;
  }
  for (const { source, first, n } of prepared<{ source: number; first: number; n: number }>(
    db,
    `SELECT source, purpose <= 2 AS first, sum(n) AS n FROM (
       SELECT source, purpose, waiting AS n FROM queue_groups
       UNION ALL SELECT source, purpose, 1 FROM queue WHERE request_id IS NOT NULL
     ) GROUP BY source, first`,
  ).all()) {
    of(source)[first === 1 ? 'new' : 'rescanning'] += n;
  }
  return [...counts.values()].sort((a, b) => a.source - b.source);
}

function toState(row: StoredState): SourceState {
  const learned = parsed(row.learned);
  return {
    source: row.source,
    state: row.state,
    reason: row.reason,
    until: row.until,
    faults: row.faults,
    lastAnswerAt: row.last_answer_at,
    learned: Array.isArray(learned) ? (learned as SourceState['learned']) : [],
    updatedAt: row.updated_at,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Written by hand or damaged: the same as nothing kept.
    return null;
  }
}
