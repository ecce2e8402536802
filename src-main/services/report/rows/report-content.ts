import type { Selection } from '#shared/contract/intake.ts';
import type { ReportStatement } from '#shared/contract/report.ts';
import type { ReportFormat } from '#shared/domain/report.ts';
import type { Placing } from '../../../destinations/place-new.ts';
import type { ReportContent, ReportRow } from '../../../destinations/report/port.ts';
import type { VerdictColumns } from '../../../intakes/verdict-columns.ts';
import type { OpenIntake } from '../../intake/host/open-intake.ts';
import type { Trouble } from '../../intake/port.ts';
import { DamagedSection } from '../../triage/bulk/sorted-section.ts';
import { selectEntries } from '../../triage/plan/selected-entries.ts';
import type { JudgeContext } from '../../triage/port.ts';
import { openKnownSets, type KnownSets } from '../../triage/set-lookup.ts';
import { reportHead } from './report-head.ts';
import { reportRows } from './report-rows.ts';
import { findSetHits } from './set-hits.ts';
import { withoutFolders } from './without-folders.ts';

/** What is to be reported; plain data, for it crosses threads. */
export interface ReportTask {
  readonly intakeId: number;
  readonly selection: Selection;
  readonly format: ReportFormat;
  readonly statement: ReportStatement;
  /** Whether it may take the place of what stands there by then. Without it: yes, somebody was asked. */
  readonly placing?: Placing;
  /** Name and version of the program. */
  readonly madeBy: string;
}

/** Where the rows come from, all of one moment: an open intake, the entries that are wanted, and what verdicts rest on. */
export interface ReportSource {
  /** Its database stands still while rows are taken. */
  readonly context: JudgeContext;
  /** Not closed meanwhile. */
  readonly intake: OpenIntake;
  /** The intake's own may change meanwhile. */
  readonly verdicts: VerdictColumns;
  readonly order: Uint32Array;
  readonly problems: readonly string[] | null;
  troubles(page: { readonly offset: number; readonly limit: number }): { readonly rows: readonly Trouble[] };
}

/** How much of an intake is taken. */
export interface ReportShare {
  /** The entries whose rows are taken: those of the source, or the first of them. */
  readonly order: Uint32Array;
  /** The most records that are no rows; null for all. */
  readonly troubles: number | null;
}

const TROUBLES_AT_ONCE = 1_000;

/**
 * Puts the content of a report together for one piece of work. A known set that proves damaged on the way never gives an
 * answer: it is put aside, named among the report's problems, and the work is done anew.
 */
export async function withContent<T>(
  source: ReportSource,
  task: ReportTask,
  { order, troubles: mostTroubles }: ReportShare,
  work: (content: ReportContent) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { context, intake, verdicts } = source;
  const { db, directory } = context;
  const damaged = new Set<string>();
  const plain = withoutFolders(
    directory,
    intake.file.inputs.map(({ view }) => view),
  );
  const isMost = order.length > intake.file.entries / 8;
  if (isMost) {
    intake.file.holdDigests();
  }
  try {
    for (;;) {
      const sets = openKnownSets(db, directory, damaged);
      try {
        const parts = { db, plain, intake, verdicts, order: source.order, sets, problems: source.problems };
        const head = reportHead({ ...parts, request: task, now: context.now });
        const rows = rowsOf(source, order, sets, signal);
        return await work({ head, rows, troubles: troublesOf(source, mostTroubles, plain) });
      } catch (error) {
        const path = damagedPath(error);
        if (path === null || damaged.has(path)) {
          throw error;
        }
        damaged.add(path);
      } finally {
        sets.close();
      }
    }
  } finally {
    if (isMost) {
      intake.file.releaseDigests();
    }
  }
}

/** The file of a known set to do without, or null when the error is about something else. */
function damagedPath(error: unknown): string | null {
  if (error instanceof DamagedSection) {
    return error.path;
  }
  return error instanceof Error && error.cause instanceof DamagedSection ? error.cause.path : null;
}

async function* rowsOf(
  { context, intake, verdicts }: ReportSource,
  order: Uint32Array,
  sets: KnownSets,
  signal: AbortSignal,
): AsyncGenerator<readonly ReportRow[]> {
  const { db, policy, now } = context;
  const { file, triaged } = intake;
  const hits = await findSetHits(sets, selectEntries(file.source(), order), signal);
  yield* reportRows({ db, file, verdicts, triaged, policy, now, sets, hits }, order, signal);
}

async function* troublesOf(
  source: ReportSource,
  most: number | null,
  plain: (text: string) => string,
): AsyncGenerator<readonly Trouble[]> {
  const limit = most ?? TROUBLES_AT_ONCE;
  for (let offset = 0; ; offset += limit) {
    const { rows } = source.troubles({ offset, limit });
    if (rows.length > 0) {
      yield rows.map((trouble) => ({ ...trouble, file: plain(trouble.file), reason: plain(trouble.reason) }));
    }
    if (most !== null || rows.length < limit) {
      return;
    }
  }
}
