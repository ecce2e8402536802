import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import type { WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { appendChange } from '../changes.ts';
import { recordMetric } from '../metrics/record.ts';
import { allSettings } from '../settings.ts';
import { lookAtDisagreements } from './disagreements.ts';
import { effectiveCode, type ItemState } from './item-state.ts';

/** An answer that took the place of another one. Times are seconds since the epoch. */
export interface AnswerChange {
  readonly fileId: number;
  readonly source: number;
  /** When the former one was first heard. */
  readonly from: number;
  readonly at: number;
  readonly before: ItemState;
  readonly after: ItemState;
}

/** Keeps, for one transaction, what follows from changed items: their history, flips, and whether sources disagree. */
export interface LifeRecorder {
  /** Writes one row of history. Both states are answers, and they differ. */
  changed(change: AnswerChange): void;
  /** The same where files became one: the change is between two answers that were both known, and no flip. */
  joined(change: AnswerChange): void;
  /** The items of this file are not what they were: whether they disagree is looked at by `save`. */
  look(fileId: number): void;
  /** Call it when all items are written, before the transaction ends. */
  save(): void;
}

const MALICIOUS = STATUS_CODE.malicious;
const PENDING = STATUS_CODE.pending;

/** `at` is now, seconds since the epoch. Flips are told by the thresholds in force. */
export function recordLife(db: WritableDb, at: number): LifeRecorder {
  const files = new Set<number>();
  const flips = new Map<string, number>();
  let policy: VerdictPolicy | null = null;
  const inForce = (): VerdictPolicy => (policy ??= policyOf(allSettings(db)));

  return {
    changed(change) {
      const flip = flipOf(db, change, inForce());
      const id = insertHistory(db, change, flip);
      if (flip !== 0) {
        appendChange(db, 'flip', id);
        const key = `${change.source}:${flip}`;
        flips.set(key, (flips.get(key) ?? 0) + 1);
      }
    },
    joined(change) {
      insertHistory(db, change, 0);
    },
    look(fileId) {
      files.add(fileId);
    },
    save() {
      for (const [key, amount] of flips) {
        const [source = 0, flip] = key.split(':').map(Number);
        const detail = flip === 1 ? 'to-malicious' : 'from-malicious';
        recordMetric(db, { kind: 'flips', at, source, amount, detail });
      }
      flips.clear();
      if (files.size > 0) {
        lookAtDisagreements(db, [...files], at, inForce());
        files.clear();
      }
    },
  };
}

function insertHistory(db: WritableDb, change: AnswerChange, flip: number): number {
  const { before, after } = change;
  return Number(
    prepared(
      db,
      `INSERT INTO item_history (file_id, source, from_at, at, old_status, old_no_answer, old_score, old_threat_id,
         status, no_answer, score, threat_id, flip) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      change.fileId,
      change.source,
      // A clock that was set back may read less than when the former answer came.
      Math.min(change.from, change.at),
      change.at,
      before.status,
      before.noAnswer,
      before.score,
      before.threatId,
      after.status,
      after.noAnswer,
      after.score,
      after.threatId,
      flip,
    ).lastInsertRowid,
  );
}

/**
 * 1 when the answer turned malicious, -1 when it ceased to be, else 0. While a source is still looking it takes nothing
 * back: what it said before that counts.
 */
function flipOf(db: WritableDb, change: AnswerChange, policy: VerdictPolicy): -1 | 0 | 1 {
  if (change.after.status === PENDING) {
    return 0;
  }
  const before = change.before.status === PENDING ? answerBeforePending(db, change) : change.before;
  if (before === undefined) {
    return 0;
  }
  const was = effectiveCode(change.source, before, policy) === MALICIOUS;
  const is = effectiveCode(change.source, change.after, policy) === MALICIOUS;
  if (was === is) {
    return 0;
  }
  return is ? 1 : -1;
}

/** The one that was heard last: a clock that was set back makes times say otherwise. */
function answerBeforePending(db: WritableDb, { fileId, source }: AnswerChange): ItemState | undefined {
  return prepared<ItemState>(
    db,
    `SELECT old_status AS status, old_no_answer AS noAnswer, old_score AS score, old_threat_id AS threatId
     FROM item_history WHERE file_id = +? AND +source = ? AND old_status <> ${PENDING} ORDER BY id DESC LIMIT 1`,
  ).get(fileId, source);
}
