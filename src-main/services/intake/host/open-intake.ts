import { existsSync } from 'node:fs';
import type { Counts } from '#shared/contract/common.ts';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { isFelt } from '../../../db/repositories/changes.ts';
import { expiredEntries } from '../../../db/repositories/evidence.ts';
import { IntakeFile } from '../../../intakes/intake-file.ts';
import { emptyVerdictColumns, type VerdictColumns } from '../../../intakes/verdict-columns.ts';
import { copyVerdicts, readVerdicts, writeVerdicts, type VerdictStamp } from '../../../intakes/verdict-file.ts';
import { countVerdicts, IntakeView } from '../../../intakes/view/intake-view.ts';
import { IntakeMarks } from '../../annotations/intake-marks.ts';
import type { Judge, JudgeContext } from '../../triage/port.ts';
import { intakePlace } from '../places.ts';

/** What judging an intake came to. */
export interface Judgement {
  readonly intakeId: number;
  readonly counts: Counts;
  readonly seq: number;
  readonly judgedAt: number;
  /** Verdicts that are not what they were; null when that was not counted. */
  readonly moved: number | null;
  /** Entries that something on this machine says something about. */
  readonly answered: number;
  /** What the verdicts lack; null when only part was judged and what was said before holds. */
  readonly problems: readonly string[] | null;
}

/** Seconds after which an intake is judged afresh, when it is opened and while it is open: answers turn stale by time alone. */
const FRESH_WHEN_OPENED = 3_600;
const FRESH_WHILE_OPEN = 86_400;

const NEVER = (): boolean => false;

/** One intake in memory: its file, its verdicts as triaged and as they are now, and the queries over them. */
export class OpenIntake {
  readonly id: number;
  readonly file: IntakeFile;
  readonly view: IntakeView;
  readonly triaged: VerdictColumns;
  readonly triagedAt: number;
  /** What is written on its rows. */
  readonly marks: IntakeMarks;
  readonly #place: ReturnType<typeof intakePlace>;
  readonly #judge: Judge;
  #stamp: VerdictStamp;
  #isUnsaved = false;
  #pins = 0;
  #isClosed = false;

  private constructor(
    id: number,
    place: ReturnType<typeof intakePlace>,
    judge: Judge,
    file: IntakeFile,
    triaged: { readonly columns: VerdictColumns; readonly stamp: VerdictStamp },
    now: { readonly columns: VerdictColumns; readonly stamp: VerdictStamp },
    db: JudgeContext['db'],
  ) {
    this.id = id;
    this.#place = place;
    this.#judge = judge;
    this.file = file;
    this.triaged = triaged.columns;
    this.triagedAt = triaged.stamp.judgedAt;
    this.marks = new IntakeMarks(file, db);
    this.view = new IntakeView(file, now.columns, this.marks);
    this.#stamp = now.stamp;
  }

  /** Opens a kept intake. Verdicts that are missing or damaged are made again: they follow from the data. */
  static open(directory: string, id: number, judge: Judge, context: JudgeContext): OpenIntake {
    const place = intakePlace(directory, id);
    if (!existsSync(place.file)) {
      throw missingIntake(id);
    }
    const file = new IntakeFile(place.file);
    try {
      const triaged = readKept(place.triaged, file.entries) ?? judgeFirst(file, place, judge, context, NEVER);
      const now = readKept(place.now, file.entries) ?? {
        columns: copyVerdicts(triaged.columns),
        stamp: triaged.stamp,
      };
      return new OpenIntake(id, place, judge, file, triaged, now, context.db);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  get seq(): number {
    return this.#stamp.seq;
  }

  get judgedAt(): number {
    return this.#stamp.judgedAt;
  }

  /** What the verdicts are at present. */
  judgement(): Judgement {
    return judgementOf(this.id, this.view.verdicts, this.#stamp, null, null);
  }

  /** Takes in what was written on its rows since; for the start of whatever looks at them. */
  refreshMarks(): void {
    if (this.marks.refresh()) {
      this.view.marksChanged();
    }
  }

  /** Brings the verdicts up to date with the data. Null when they are already. */
  refresh(context: JudgeContext, lastSeq: number, isOpening: boolean): Judgement | null {
    const policy = JSON.stringify(context.policy);
    const { seq: knownSeq, judgedAt, wholeAt } = this.#stamp;
    const age = context.now - wholeAt;
    // A clock that went back may have brought entries back into force.
    const isOld = age > (isOpening ? FRESH_WHEN_OPENED : FRESH_WHILE_OPEN) || context.now < judgedAt;
    const isWhole = isOld || this.#stamp.policy !== policy;
    if (!isWhole && !hasExpired(context.db, judgedAt, context.now)) {
      if (knownSeq >= lastSeq) {
        return null;
      }
      if (!isFelt(context.db, knownSeq)) {
        this.#stamp = { ...this.#stamp, seq: lastSeq };
        return null;
      }
    }
    const { verdicts } = this.view;
    const source = this.file.source();
    const quick = isWhole ? null : this.#judge.rejudge(context, source, verdicts, knownSeq, judgedAt);
    if (quick === null) {
      const fresh = emptyVerdictColumns(this.file.entries);
      const { seq, problems = [] } = this.#judge.judge(context, source, fresh, NEVER);
      const moved = countMoved(verdicts, fresh);
      this.#take(fresh, { seq, policy, judgedAt: context.now, wholeAt: context.now });
      return judgementOf(this.id, fresh, this.#stamp, moved, problems);
    }
    this.#take(verdicts, { seq: quick.seq, policy, judgedAt: context.now, wholeAt });
    return judgementOf(this.id, verdicts, this.#stamp, quick.moved, null);
  }

  /** Takes changes `from` (not included) to `seq` as seen: somebody knows that they move none of its verdicts. */
  passOver(from: number, seq: number): void {
    if (this.#stamp.seq === from) {
      this.#stamp = { ...this.#stamp, seq };
      this.#isUnsaved = true;
    }
  }

  /** Keeps the present verdicts for the next opening; losing them only costs judging again. */
  save(): void {
    if (this.#isUnsaved && existsSync(this.#place.folder)) {
      writeVerdicts(this.#place.now, this.view.verdicts, this.#stamp);
      this.#isUnsaved = false;
    }
  }

  /** Keeps the file open until `unpin`, whatever else is opened or closed meanwhile. */
  pin(): void {
    this.#pins += 1;
  }

  unpin(): void {
    this.#pins -= 1;
    if (this.#isClosed && this.#pins === 0) {
      this.file.close();
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#pins === 0) {
      this.file.close();
    }
  }

  #take(columns: VerdictColumns, stamp: VerdictStamp): void {
    this.#stamp = stamp;
    this.#isUnsaved = true;
    this.view.invalidate(columns);
  }
}

/** Whether an entry of the hash list went out of force after `since`, at the latest now. */
function hasExpired(db: JudgeContext['db'], since: number, now: number): boolean {
  return expiredEntries(db, { since, now, limit: 1 }).length > 0;
}

/** Judges an intake for the first time and keeps the result as its verdicts as triaged. */
export function judgeKept(
  directory: string,
  id: number,
  judge: Judge,
  context: JudgeContext,
  isCancelled: () => boolean,
): Judgement {
  const place = intakePlace(directory, id);
  const file = new IntakeFile(place.file);
  try {
    const { columns, stamp, problems } = judgeFirst(file, place, judge, context, isCancelled);
    return judgementOf(id, columns, stamp, null, problems);
  } finally {
    file.close();
  }
}

/** The same for an intake that is not open, and was not since it was judged first. */
export function passOverKept(directory: string, id: number, from: number, seq: number): void {
  const place = intakePlace(directory, id);
  if (!existsSync(place.file) || existsSync(place.now)) {
    return;
  }
  const file = new IntakeFile(place.file);
  try {
    const kept = readKept(place.triaged, file.entries);
    if (kept !== null && kept.stamp.seq === from) {
      writeVerdicts(place.now, kept.columns, { ...kept.stamp, seq });
    }
  } finally {
    file.close();
  }
}

export function missingIntake(id: number): AppError {
  return new AppError(
    'NOT_FOUND',
    `The files of intake ${id} are missing from the data directory. Restore them from a backup or forget the intake.`,
  );
}

function judgeFirst(
  file: IntakeFile,
  place: ReturnType<typeof intakePlace>,
  judge: Judge,
  context: JudgeContext,
  isCancelled: () => boolean,
): { readonly columns: VerdictColumns; readonly stamp: VerdictStamp; readonly problems: readonly string[] } {
  const columns = emptyVerdictColumns(file.entries);
  const { seq, problems = [] } = judge.judge(context, file.source(), columns, isCancelled);
  const stamp = { seq, policy: JSON.stringify(context.policy), judgedAt: context.now, wholeAt: context.now };
  // A stopped judging knows only part: kept nowhere, so that the next opening judges the whole.
  if (!isCancelled()) {
    writeVerdicts(place.triaged, columns, stamp);
  }
  return { columns, stamp, problems };
}

function readKept(path: string, entries: number): ReturnType<typeof readVerdicts> | null {
  if (!existsSync(path)) {
    return null;
  }
  try {
    return readVerdicts(path, entries);
  } catch (error) {
    if (isAppError(error)) {
      return null;
    }
    throw error;
  }
}

function judgementOf(
  id: number,
  columns: VerdictColumns,
  stamp: VerdictStamp,
  moved: number | null,
  problems: readonly string[] | null,
): Judgement {
  let answered = 0;
  for (const rule of columns.rule) {
    answered += rule === 0 ? 0 : 1;
  }
  return {
    intakeId: id,
    counts: countVerdicts(columns),
    seq: stamp.seq,
    judgedAt: stamp.judgedAt,
    moved,
    answered,
    problems,
  };
}

function countMoved(before: VerdictColumns, after: VerdictColumns): number {
  let moved = 0;
  for (let entry = 0; entry < after.length; entry += 1) {
    const isSame =
      before.status[entry] === after.status[entry] &&
      before.rule[entry] === after.rule[entry] &&
      before.source[entry] === after.source[entry] &&
      before.flags[entry] === after.flags[entry] &&
      before.agreeing[entry] === after.agreeing[entry] &&
      before.answeredAt[entry] === after.answeredAt[entry];
    moved += isSame ? 0 : 1;
  }
  return moved;
}
