import type { WritableDb, ReadableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';

/** Whose rows are counted and held back together. Codes as stored; intake 0 are look-ups. */
export interface GroupKey {
  readonly source: number;
  readonly purpose: number;
  readonly intakeId: number;
}

/** Any, in a rule of what is held back: no code is negative. */
export const ANY = -1;

interface Deltas {
  readonly key: GroupKey;
  waiting: number;
  done: number;
  dropped: number;
}

/** Changes of the groups' counters, gathered during one transaction and written once. */
export interface GroupCounts {
  add(key: GroupKey, what: 'waiting' | 'done' | 'dropped', amount: number): void;
  /** Writes what was gathered; groups that are new start at `at` (milliseconds), held back as the rules say. */
  save(db: WritableDb, at: number): void;
}

export function gatherGroups(): GroupCounts {
  const groups = new Map<string, Deltas>();
  return {
    add(key, what, amount) {
      const name = `${key.source}:${key.purpose}:${key.intakeId}`;
      let deltas = groups.get(name);
      if (deltas === undefined) {
        deltas = { key, waiting: 0, done: 0, dropped: 0 };
        groups.set(name, deltas);
      }
      deltas[what] += amount;
    },
    save(db, at) {
      for (const { key, waiting, done, dropped } of groups.values()) {
        if (waiting === 0 && done === 0 && dropped === 0) {
          continue;
        }
        const { changes } = prepared(
          db,
          `UPDATE queue_groups SET waiting = waiting + ?, done = done + ?, dropped = dropped + ?
           WHERE source = +? AND purpose = +? AND intake_id = +?`,
        ).run(waiting, done, dropped, key.source, key.purpose, key.intakeId);
        if (changes === 0) {
          prepared(
            db,
            `INSERT INTO queue_groups (source, purpose, intake_id, waiting, done, dropped, paused, started_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          ).run(key.source, key.purpose, key.intakeId, waiting, done, dropped, pausedLookup(db)(key) ? 1 : 0, at);
        }
      }
      groups.clear();
    },
  };
}

/** Tells which groups a rule holds back, for one transaction that changes no rule. */
export function pausedLookup(db: ReadableDb): (key: GroupKey) => boolean {
  const rules = prepared<GroupKey>(db, 'SELECT source, purpose, intake_id AS intakeId FROM queue_pauses').all();
  return (key) =>
    rules.some(
      (rule) =>
        (rule.source === ANY || rule.source === key.source) &&
        (rule.purpose === ANY || rule.purpose === key.purpose) &&
        (rule.intakeId === ANY || rule.intakeId === key.intakeId),
    );
}

/** Starts the counters of a group anew when nothing of it waits or is on its way. */
export function startGroup(db: WritableDb, key: GroupKey, at: number): void {
  prepared(
    db,
    `UPDATE queue_groups SET done = 0, dropped = 0, started_at = ?
     WHERE source = ? AND purpose = ? AND intake_id = ? AND waiting = 0
       AND NOT EXISTS (SELECT 1 FROM queue WHERE request_id IS NOT NULL
         AND queue.source = queue_groups.source AND queue.purpose = queue_groups.purpose
         AND queue.intake_id = queue_groups.intake_id)`,
  ).run(at, key.source, key.purpose, key.intakeId);
}
