import type { SyncIndicatorView, SyncJobView, SyncRecallScope } from '#shared/contract/sync.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { EXIT } from '../../exit-codes.ts';
import { counted } from '../../output/numbers.ts';
import { writeListing } from '../../output/records.ts';
import { visible } from '../../output/plain-text.ts';
import type { TableColumn } from '../../output/table.ts';
import type { Session } from '../../session.ts';
import { codeOfRun, followAsked } from './follow-run.ts';
import { isAgreed } from './jobs.ts';
import { jobOf, isoOf } from './job-of.ts';
import { runText } from './run-text.ts';
import { leftText, reportRun, someRows, type RowsOptions } from './runs.ts';

export interface RecallFlags extends RowsOptions {
  readonly run?: number;
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export interface HeldFlags extends RowsOptions {
  readonly release?: readonly string[];
  readonly hold?: readonly string[];
}

/** Ids a call takes at once. */
const IDS = 10_000;

/** Takes out of Threat Response what was sent: some indicators, what a run added, or everything. Shows first what goes. */
export async function recall(
  session: Session,
  named: string,
  wanted: readonly string[],
  flags: RecallFlags,
): Promise<number> {
  return session.withEngine(async (engine) => {
    const job = await jobOf(engine, named);
    const scope = await scopeOf(engine, job, wanted, flags);
    const preview = await followAsked(session, engine, () =>
      engine.threatSync.recall({ jobId: job.id, scope, dryRun: true }),
    );
    const code = await reportRun(session, engine, preview, { ...flags, only: ['withdrawn'] });
    if (flags.dryRun === true || code !== EXIT.done) {
      return code;
    }
    if (preview.counts.withdrawn === 0) {
      session.warn('Nothing of it is in Threat Response.');
      return EXIT.done;
    }
    const question = `Call ${counted(preview.counts.withdrawn, 'indicator')} of ${job.name} back?`;
    if (!(await isAgreed(session, flags.yes, question))) {
      session.warn('Nothing was called back.');
      return EXIT.nothing;
    }
    const run = await followAsked(session, engine, () =>
      engine.threatSync.recall({ jobId: job.id, scope, dryRun: false }),
    );
    session.note(runText(run));
    return session.stoppedCode() ?? codeOfRun(run);
  });
}

/** Indicators that are held back, or releases some, or holds released ones back again. */
export async function heldBack(session: Session, named: string, flags: HeldFlags): Promise<number> {
  return session.withEngine(async (engine) => {
    const job = await jobOf(engine, named);
    for (const [words, release] of [
      [flags.release, true],
      [flags.hold, false],
    ] as const) {
      if (words !== undefined) {
        const ids = await idsOf(engine, job, words, 'all');
        const { changed } = await engine.threatSync.release({ jobId: job.id, ids, release });
        session.note(releasedText(changed, ids.length, release));
      }
    }
    if (flags.release === undefined && flags.hold === undefined) {
      await writeIndicators(session, engine, job, 'held', flags, 'Nothing is held back.');
    }
    return EXIT.done;
  });
}

function releasedText(changed: number, asked: number, release: boolean): string {
  const them = changed === 1 ? 'it' : 'them';
  const done = release
    ? `${counted(changed, 'indicator')} released: the next run sends ${them}.`
    : `${counted(changed, 'indicator')} held back again: the next run takes ${them} out.`;
  const left = asked - changed;
  const why = release
    ? 'own addresses and names cannot be released, and the others are not held back'
    : 'only what was released can be held back again';
  return left === 0 ? done : `${changed === 0 ? '' : `${done} `}${counted(left, 'indicator')} left as before: ${why}.`;
}

/** Indicators that are in Threat Response by this job. */
export async function sentIndicators(
  session: Session,
  named: string,
  flags: RowsOptions & { readonly text?: string },
): Promise<number> {
  return session.withEngine(async (engine) => {
    await writeIndicators(
      session,
      engine,
      await jobOf(engine, named),
      'sent',
      flags,
      flags.text === undefined
        ? 'Nothing is in Threat Response by this job.'
        : `Nothing in Threat Response by this job holds "${flags.text}".`,
    );
    return EXIT.done;
  });
}

async function writeIndicators(
  session: Session,
  { threatSync }: Engine,
  job: SyncJobView,
  which: 'sent' | 'held',
  options: RowsOptions & { readonly text?: string },
  whenEmpty: string,
): Promise<void> {
  const text = options.text === undefined ? {} : { text: options.text };
  const { rows, total } = await someRows(options, (page) =>
    threatSync.indicators({ jobId: job.id, which, ...text, ...page }),
  );
  await writeListing(session, options.format, {
    rows,
    whenEmpty,
    columns: COLUMNS,
    data: ({ modifiedAt, ...row }) => ({ ...row, modifiedAt: isoOf(modifiedAt) }),
    footer: leftText(total - rows.length, 'more indicator'),
  });
}

async function scopeOf(
  engine: Engine,
  job: SyncJobView,
  wanted: readonly string[],
  flags: RecallFlags,
): Promise<SyncRecallScope> {
  const given = [wanted.length > 0, flags.run !== undefined, flags.all === true].filter(Boolean).length;
  if (given !== 1) {
    throw new AppError('INVALID_ARGUMENT', 'Name what to call back: indicators, or --run NUMBER, or --all.');
  }
  if (flags.run !== undefined) {
    return { kind: 'run', runId: flags.run };
  }
  return flags.all === true ? { kind: 'all' } : { kind: 'indicators', ids: await idsOf(engine, job, wanted, 'sent') };
}

/** ThreatConnect's ids of what was typed: an id of this job, or a value. One that is not there is an error: nothing is done then. */
async function idsOf(
  { threatSync }: Engine,
  job: SyncJobView,
  words: readonly string[],
  which: 'sent' | 'all',
): Promise<number[]> {
  const ids = new Set<number>();
  for (const word of words) {
    const { rows } = await threatSync.indicators({ jobId: job.id, which, text: word, offset: 0, limit: 500 });
    const found = rows.filter((row) => isMeant(row, word));
    if (found.length === 0) {
      const where = which === 'sent' ? 'is sent by' : 'is known to';
      throw new AppError(
        'NOT_FOUND',
        `No indicator "${word}" ${where} ${job.name}. assay sync sent and assay sync held list them. Nothing was done.`,
      );
    }
    for (const { id } of found) {
      ids.add(id);
    }
  }
  if (ids.size > IDS) {
    throw new AppError('INVALID_ARGUMENT', `At most ${IDS} indicators at once.`);
  }
  return [...ids];
}

function isMeant({ id, summary, terms }: SyncIndicatorView, word: string): boolean {
  const wanted = word.toLowerCase();
  return String(id) === word || summary.toLowerCase() === wanted || terms.some(({ value }) => value === wanted);
}

const COLUMNS: readonly TableColumn<SyncIndicatorView>[] = [
  { header: 'id', align: 'right', cell: ({ id }) => String(id) },
  { header: 'type', cell: ({ type }) => type },
  { header: 'indicator', cell: ({ summary }) => visible(summary), cut: 'middle', least: 17 },
  { header: 'owner', cell: ({ owner }) => visible(owner), least: 8 },
  { header: 'rating', align: 'right', cell: ({ rating }) => (rating === null ? '' : String(rating)) },
  { header: 'package', cell: (row) => visible(row.package), cut: 'start', least: 9 },
  {
    header: 'held back',
    cell: ({ held, heldBy, released }) =>
      held === null ? '' : visible(`${released ? 'released: ' : ''}${heldBy === '' ? held : heldBy}`),
    least: 8,
  },
];
