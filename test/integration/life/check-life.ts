import { join } from 'node:path';
import { sourceCode } from '#shared/domain/source.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import type { ReadableDb } from '#main/db/handles.ts';
import { startReading } from '#main/db/start.ts';
import type { LoggedRequest, SimulatorOptions } from '#main/simulators/port.ts';
import type { SimulatedSource } from '#main/simulators/start.ts';
import { mostInWindow } from '../../soak/sliding-window.ts';

export type Says = (status: string | null, hash: string) => string;

/** How a source's adapter words what its simulator knows: statuses, `not-known` for no record. */
const PLAIN: Says = (status) => status ?? 'not-known';

interface StoredItem {
  readonly hash: string;
  readonly status: number;
  readonly noAnswer: number | null;
  readonly createdAt: number;
  readonly scannedAt: number | null;
  readonly fileId: number;
}

/** What one source's items came to, compared with what its simulator put down. Empty lists mean that all agrees. */
export interface Checked {
  readonly items: number;
  readonly changes: number;
  /** Changes of status the simulator said and the history does not have, or the other way round; the first few. */
  readonly wrong: readonly string[];
}

/** A moment (milliseconds) at which the clock was set back by so much. */
export interface SetBack {
  readonly at: number;
  readonly by: number;
}

/**
 * Compares the history and the present status of every item of a source with the simulator's own log. `forgiven`: so many
 * answers of a hash may be missing beside those that the record of requests knows to be lost.
 */
export function checkHistory(
  directory: string,
  source: SimulatedSource,
  log: readonly LoggedRequest[],
  says: Says = PLAIN,
  forgiven = 0,
  setBacks: readonly SetBack[] = [],
): Checked {
  const { db, use } = startReading(join(directory, 'assay.db'));
  try {
    const heard = heardByHash(log, says);
    const unheard = unheardByHash(db, sourceCode(source));
    const wrong: string[] = [];
    let changes = 0;
    const items = itemsOf(db, sourceCode(source));
    for (const item of items) {
      const since = createdBy(item.createdAt * 1000, setBacks);
      const told = (heard.get(item.hash) ?? []).filter(({ at }) => at >= since - 1000).map(({ status }) => status);
      const kept = keptStates(db, sourceCode(source), item);
      changes += kept.length - 1;
      if (!agree(kept, told, Math.min(3, forgiven + (unheard.get(item.hash) ?? 0)))) {
        wrong.push(`${item.hash.slice(0, 12)}: kept ${kept.join(' > ')}; told ${distinct(told).join(' > ')}`);
      }
    }
    return { items: items.length, changes, wrong };
  } finally {
    db.close();
    use.release();
  }
}

/** The earliest an item can have been told of: one that was made before the clock was set back is told of earlier. */
function createdBy(createdAt: number, setBacks: readonly SetBack[]): number {
  const crossed = setBacks.find(({ at, by }) => createdAt <= at && createdAt > at - by);
  return crossed === undefined ? createdAt : createdAt - crossed.by;
}

/** True when what is kept is what was told, but for at most so many answers that nobody heard. */
function agree(kept: readonly string[], told: readonly string[], unheard: number): boolean {
  if (distinct(told).join(' ') === kept.join(' ')) {
    return true;
  }
  return unheard > 0 && told.some((_, place) => agree(kept, told.toSpliced(place, 1), unheard - 1));
}

/** How many requests with each hash came to no answer here: their process was killed, or a fault spoilt them. */
function unheardByHash(db: ReadableDb, source: number): Map<string, number> {
  const rows = db
    .prepare<[number], { digests: Uint8Array; bytes: number }>(
      // After answer, not-known, pending and invalid-input come the outcomes that are none. A call for details that finds
      // nothing leaves what the batch said.
      'SELECT digests, digest_bytes AS bytes FROM requests WHERE source = ? AND digest_bytes = 32 AND (outcome IS NULL OR outcome > 3 OR (single = 1 AND outcome = 1))',
    )
    .all(source);
  const unheard = new Map<string, number>();
  for (const { digests, bytes } of rows) {
    for (let at = 0; at < digests.length; at += bytes) {
      const hash = Buffer.from(digests.subarray(at, at + bytes)).toString('hex');
      unheard.set(hash, (unheard.get(hash) ?? 0) + 1);
    }
  }
  return unheard;
}

/** Every status a hash was given, in order, by answers that arrived whole. */
function heardByHash(log: readonly LoggedRequest[], says: Says): Map<string, { at: number; status: string }[]> {
  const heard = new Map<string, { at: number; status: string }[]>();
  for (const { at, status, said = [] } of log) {
    if (status !== 200 && status !== 404) {
      continue;
    }
    for (const [hash, known] of said) {
      const list = heard.get(hash) ?? [];
      list.push({ at, status: says(known, hash) });
      heard.set(hash, list);
    }
  }
  return heard;
}

function itemsOf(db: ReadableDb, source: number): StoredItem[] {
  return db
    .prepare<[number], StoredItem>(
      `SELECT lower(hex(files.sha256)) AS hash, status, no_answer AS noAnswer, created_at AS createdAt,
         scanned_at AS scannedAt, file_id AS fileId
       FROM items JOIN files ON files.id = items.file_id
       WHERE source = ? AND sha256 IS NOT NULL AND no_answer IS NOT 3 AND no_answer IS NOT 2`,
    )
    .all(source);
}

/** Statuses in order as history and item have them, equal neighbours once. */
function keptStates(db: ReadableDb, source: number, item: StoredItem): string[] {
  const rows = db
    .prepare<[number, number], { before: number; beforeNone: number | null; after: number; afterNone: number | null }>(
      `SELECT old_status AS before, old_no_answer AS beforeNone, status AS after, no_answer AS afterNone
       FROM item_history WHERE file_id = ? AND source = ? ORDER BY id`,
    )
    .all(item.fileId, source);
  const states = rows.flatMap((row, index) =>
    index === 0
      ? [wordOf(row.before, row.beforeNone), wordOf(row.after, row.afterNone)]
      : [wordOf(row.after, row.afterNone)],
  );
  const kept = [...states, wordOf(item.status, item.noAnswer)];
  return distinct(source === sourceCode('recorded-future') ? kept.map(riskless) : kept);
}

/** Without risk Recorded Future says nothing of a file, known to it or not. */
function riskless(word: string): string {
  return word === 'unknown' ? 'not-known' : word;
}

function wordOf(status: number, noAnswer: number | null): string {
  return noAnswer === 1 ? 'not-known' : noAnswer === null ? statusOfCode(status) : `no answer ${noAnswer}`;
}

function distinct(states: readonly string[]): string[] {
  return states.filter((state, index) => state !== states[index - 1]);
}

/** Calls over a limit in any minute, UTC day or month by the simulator's own log, as sentences. */
export function checkQuotas(log: readonly LoggedRequest[], limits: SimulatorOptions['limits']): string[] {
  const faults: string[] = [];
  const over = (name: string, most: number, limit: number | null): void => {
    if (limit !== null && most > limit) {
      faults.push(`${most} calls in a ${name}, ${limit} allowed`);
    }
  };
  over('minute', mostInWindow(log, 60_000), limits.perMinute);
  over('day', mostIn(log, 10), limits.perDay);
  over('month', mostIn(log, 7), limits.perMonth);
  const refused = log.filter(({ status }) => status === 429 || status === 419).length;
  return refused > 0 ? [...faults, `${refused} requests were refused for a limit`] : faults;
}

/** The most calls in any UTC day or month: by the first letters of the time. */
function mostIn(log: readonly LoggedRequest[], letters: number): number {
  const spent = new Map<string, number>();
  for (const { at, billed } of log) {
    const window = new Date(at).toISOString().slice(0, letters);
    spent.set(window, (spent.get(window) ?? 0) + billed);
  }
  return Math.max(0, ...spent.values());
}
