import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { appendChange } from '../changes.ts';
import { allSettings } from '../settings.ts';
import { effectiveCode } from './item-state.ts';

/** Files looked at with one statement. */
const AT_ONCE = 500;
const { pending, suspicious } = STATUS_CODE;
const GOOD = STATUS_CODE['non-malicious'];

/** What a source said about a file, by stored codes. */
export interface SaidRow {
  readonly fileId: number;
  readonly source: number;
  readonly status: number;
  readonly score: number | null;
}

const SAID = `SELECT file_id AS fileId, source, status, score FROM json_each(?) j
  CROSS JOIN items ON file_id = j.value AND no_answer IS NULL AND status <> ${pending}`;

/**
 * Makes the list of disagreements true for these files, by the thresholds in force; call it in the transaction that
 * changed their items. `at` is now, seconds since the epoch. Returns how many rows were made or removed.
 */
export function lookAtDisagreements(
  db: WritableDb,
  fileIds: readonly number[],
  at: number,
  policy: VerdictPolicy = policyOf(allSettings(db)),
): number {
  const hasAny = prepared(db, 'SELECT 1 FROM disagreements LIMIT 1').get() !== undefined;
  let changed = 0;
  for (let from = 0; from < fileIds.length; from += AT_ONCE) {
    const ids = fileIds.slice(from, from + AT_ONCE);
    const disputed = disputedOf(db, ids, policy);
    for (const id of ids) {
      changed += setDisputed(db, id, disputed.has(id), hasAny, at);
    }
  }
  return changed;
}

/** Those of the files about which sources disagree. */
function disputedOf(db: ReadableDb, fileIds: readonly number[], policy: VerdictPolicy): ReadonlySet<number> {
  return disputedAmong(prepared<SaidRow>(db, SAID).all(JSON.stringify(fileIds)), policy);
}

/** Files about which one source says suspicious or worse, another non-malicious. The rows are answers, none pending. */
export function disputedAmong(rows: Iterable<SaidRow>, policy: VerdictPolicy): ReadonlySet<number> {
  const good = new Set<number>();
  const bad = new Set<number>();
  for (const row of rows) {
    const code = effectiveCode(row.source, { status: row.status, noAnswer: null, score: row.score }, policy);
    if (code >= suspicious) {
      bad.add(row.fileId);
    } else if (code === GOOD) {
      good.add(row.fileId);
    }
  }
  return new Set([...good].filter((id) => bad.has(id)));
}

function setDisputed(db: WritableDb, fileId: number, isDisputed: boolean, hasAny: boolean, at: number): number {
  if (!isDisputed && !hasAny) {
    return 0;
  }
  const { changes } = isDisputed
    ? prepared(db, 'INSERT OR IGNORE INTO disagreements (file_id, since) VALUES (?, ?)').run(fileId, at)
    : prepared(db, 'DELETE FROM disagreements WHERE file_id = +?').run(fileId);
  if (changes > 0) {
    appendChange(db, 'disagreement', fileId);
  }
  return changes;
}
