import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** First millisecond of the UTC window a request was counted in, as SQL. */
const STARTS = {
  hour: `counted_at / ${HOUR_MS} * ${HOUR_MS}`,
  day: `counted_at / ${DAY_MS} * ${DAY_MS}`,
  month: "unixepoch(counted_at / 1000, 'unixepoch', 'start of month') * 1000",
} as const;

/** Numbers of requests that were lost are not given again. */
const ID_GAP = 1_000_000;

/**
 * Makes what hangs together in the queue and the ledger agree again after some rows of either were lost. The ledger is
 * raised to what the kept requests cost, never lowered.
 */
export function repairAsking(db: WritableDb): void {
  const last = prepared<number>(
    db,
    `SELECT max((SELECT coalesce(max(id), 0) FROM requests), (SELECT coalesce(max(request_id), 0) FROM queue))`,
  )
    .pluck(true)
    .get();
  repairQueue(db);
  for (const [window, start] of Object.entries(STARTS)) {
    db.exec(`
      INSERT INTO spend (source, window, start, spent)
        SELECT source, '${window}', ${start} AS start, sum(billed) FROM requests WHERE true GROUP BY 1, 2, 3
        ON CONFLICT DO UPDATE SET spent = max(spent, excluded.spent)`);
  }
  prepared(db, "DELETE FROM sqlite_sequence WHERE name = 'requests'").run();
  prepared(db, "INSERT INTO sqlite_sequence (name, seq) VALUES ('requests', ?)").run((last ?? 0) + ID_GAP);
}

/** The part of it that is about rows: those on their way with no request wait again, and every count is that of its rows. */
export function repairQueue(db: WritableDb): void {
  db.exec(`
    DELETE FROM queue_also WHERE NOT EXISTS (SELECT 1 FROM queue WHERE queue.id = queue_also.queue_id);
    DELETE FROM reports WHERE NOT EXISTS (
      SELECT 1 FROM items WHERE items.file_id = reports.file_id AND items.source = reports.source);
    UPDATE queue SET bytes = length(digest) WHERE bytes <> length(digest);
    UPDATE queue SET request_id = NULL, not_before = 0 WHERE request_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM requests WHERE requests.id = queue.request_id AND settled_at IS NULL);
    INSERT OR IGNORE INTO queue_groups (source, purpose, intake_id, started_at)
      SELECT source, purpose, intake_id, min(created_at) FROM queue GROUP BY source, purpose, intake_id;
    UPDATE queue_groups SET waiting = (SELECT count(*) FROM queue WHERE queue.source = queue_groups.source
      AND queue.purpose = queue_groups.purpose AND queue.intake_id = queue_groups.intake_id AND request_id IS NULL);
  `);
}

/** What does not agree in the queue, the record and the ledger, as sentences. Reads every row. */
export function askingProblems(db: ReadableDb): string[] {
  const count = (sql: string): number => prepared<number>(db, sql).pluck(true).get() ?? 0;
  const checks: readonly (readonly [count: number, sentence: string])[] = [
    [
      count(
        'SELECT count(*) FROM queue WHERE bytes <> length(digest) OR source NOT BETWEEN 1 AND 5 OR purpose NOT BETWEEN 1 AND 4',
      ),
      'rows of the queue hold a length, source or purpose no version ever wrote',
    ],
    [
      count(`SELECT count(*) FROM queue WHERE request_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM requests WHERE requests.id = queue.request_id AND settled_at IS NULL)`),
      'rows of the queue are on their way with no request',
    ],
    [
      count(`SELECT count(*) FROM (
        SELECT source, purpose, intake_id, waiting FROM queue_groups WHERE waiting <> 0
        EXCEPT SELECT source, purpose, intake_id, count(*) FROM queue WHERE request_id IS NULL GROUP BY 1, 2, 3)`) +
        count(`SELECT count(*) FROM (
        SELECT source, purpose, intake_id, count(*) FROM queue WHERE request_id IS NULL GROUP BY 1, 2, 3
        EXCEPT SELECT source, purpose, intake_id, waiting FROM queue_groups)`),
      'counts of the queue are not those of its rows',
    ],
    [
      count(
        'SELECT count(*) FROM queue_also WHERE NOT EXISTS (SELECT 1 FROM queue WHERE queue.id = queue_also.queue_id)',
      ),
      'intakes wait for rows that are not in the queue',
    ],
    [
      count(`SELECT count(*) FROM reports WHERE NOT EXISTS (
        SELECT 1 FROM items WHERE items.file_id = reports.file_id AND items.source = reports.source)`),
      'reports belong to no item',
    ],
    ...Object.entries(STARTS).map(
      ([window, start]) =>
        [
          count(`SELECT count(*) FROM (
            SELECT source, ${start} AS start, sum(billed) AS billed FROM requests GROUP BY 1, 2
          ) made JOIN spend ON spend.source = made.source AND spend.window = '${window}' AND spend.start = made.start
          WHERE spent < billed`),
          `sums of the ledger by ${window} are less than the requests made`,
        ] as const,
    ),
  ];
  return checks.filter(([found]) => found > 0).map(([found, sentence]) => `${found} ${sentence}`);
}
