import type { GridQuery, Selection } from '#shared/contract/intake.ts';
import type { ReportStatement } from '#shared/contract/report.ts';
import { counted, grouped } from '#shared/domain/grouped.ts';
import type { ReportFormat } from '#shared/domain/report.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ReadableDb } from '../../../db/handles.ts';
import { intakesReads } from '../../../db/repositories/intakes.ts';
import { databaseMeta } from '../../../db/repositories/meta.ts';
import type { ReportHead, ReportSet } from '../../../destinations/report/port.ts';
import type { VerdictColumns } from '../../../intakes/verdict-columns.ts';
import { countVerdicts } from '../../../intakes/view/intake-view.ts';
import type { OpenIntake } from '../../intake/host/open-intake.ts';
import type { KnownSets } from '../../triage/set-lookup.ts';

/** What a report is made of besides its rows. */
export interface HeadParts {
  readonly db: ReadableDb;
  /** Takes folders of this machine out of sentences. */
  readonly plain: (text: string) => string;
  readonly intake: OpenIntake;
  /** Of the moment of the report. */
  readonly verdicts: VerdictColumns;
  readonly order: Uint32Array;
  readonly sets: KnownSets;
  /** What the verdicts lack, as judging said; null leaves what is kept with the intake. */
  readonly problems: readonly string[] | null;
  readonly request: {
    readonly format: ReportFormat;
    readonly statement: ReportStatement;
    readonly selection: Selection;
    readonly madeBy: string;
  };
  /** Seconds since the epoch. */
  readonly now: number;
}

/** What a report states before its rows. NOT_FOUND when the intake was forgotten meanwhile. */
export function reportHead(parts: HeadParts): ReportHead {
  const { db, plain, intake, verdicts, order, sets, request, now } = parts;
  const { file } = intake;
  const row = intakesReads.intakeRow(db, { id: intake.id });
  if (row === null) {
    throw new AppError('NOT_FOUND', `There is no intake ${intake.id}. It may have been forgotten.`);
  }
  const problems = [...(parts.problems ?? row.problems), ...sets.problems];
  return {
    format: request.format,
    statement: request.statement,
    madeAt: now,
    madeBy: request.madeBy,
    simulated: databaseMeta(db).simulated,
    intake: {
      id: row.id,
      title: row.title,
      createdAt: row.createdAt,
      readBy: row.readBy,
      sha256: row.sha256,
      state: row.state,
      fault: row.fault === null ? null : plain(row.fault),
      note: row.note,
      embargo: row.embargo,
      triagedAt: intake.triagedAt,
      judgedAt: intake.judgedAt,
    },
    inputs: file.inputs.map(({ view }) => ({ ...view, fault: view.fault === null ? null : plain(view.fault) })),
    accounting: row.accounting,
    counts: countVerdicts(verdicts),
    selection: selectionWords(request.selection, order.length, file.entries),
    rows: order.length,
    rowCounts: countVerdicts(pickVerdicts(verdicts, order), order.length),
    columns: file.columns,
    sets: sets.sets.map(({ hit, filter }): ReportSet => ({
      name: hit.name,
      edition: hit.edition,
      mark: hit.mark,
      datedAt: hit.datedAt,
      errorRate: filter === null ? null : filter.meta.errorRate,
    })),
    troubles: file.meta.troubles,
    problems: [...new Set(problems.map(plain))],
  };
}

/** Which rows are in a report: `all 1,907 rows`, `12 of 1,907 rows: malicious or suspicious, with "host12"`. */
function selectionWords(selection: Selection, rows: number, all: number): string {
  const whole = all === 1 ? 'the only row' : `all ${grouped(all)} rows`;
  const share = rows === all ? whole : `${grouped(rows)} of ${counted(all, 'row')}`;
  if (selection.kind === 'entries') {
    return `${share}, chosen one by one`;
  }
  const words = queryWords(selection.query);
  return words === '' ? share : `${share}: ${words}`;
}

function queryWords({ statuses, flags, tags, text }: GridQuery): string {
  return [
    ...(statuses.length === 0 ? [] : [statuses.join(' or ')]),
    ...(flags.length === 0 ? [] : [`marked ${flags.join(' or ')}`]),
    ...((tags ?? []).length === 0 ? [] : [`tagged ${(tags ?? []).join(' or ')}`]),
    ...(text.trim() === '' ? [] : [`with "${text.trim()}"`]),
  ].join(', ');
}

function pickVerdicts(verdicts: VerdictColumns, order: Uint32Array): VerdictColumns {
  const pick = <T extends Uint8Array | Uint32Array>(column: T, into: T): T => {
    order.forEach((entry, place) => {
      into[place] = column[entry] as number;
    });
    return into;
  };
  return {
    ...verdicts,
    length: order.length,
    status: pick(verdicts.status, new Uint8Array(order.length)),
    flags: pick(verdicts.flags, new Uint8Array(order.length)),
  };
}
