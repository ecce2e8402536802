import { AppError } from '#shared/errors/app-error.ts';
import type { SyncJobChange, SyncSecret } from '#shared/settings/sync-job.ts';
import { syncSecretLabel } from '#shared/settings/sync-labels.ts';
import { confirm } from '../../confirm.ts';
import { EXIT } from '../../exit-codes.ts';
import { fileText } from '../../inputs.ts';
import { counted } from '../../output/numbers.ts';
import { tableLines } from '../../output/table.ts';
import { askUnseen, readPiped } from '../../secret-input.ts';
import type { Session } from '../../session.ts';
import { changeOf, changeOfFile, settingLines } from './job-settings.ts';
import { jobOf, utcOf } from './job-of.ts';
import { aboutJob, JOB_COLUMNS, noteMissing, OWNER_COLUMNS, plainJob, PLACES } from './job-text.ts';

type Format = 'table' | 'json';

/** Every setting of a job, many times over. */
const LONGEST_SETTINGS = 1024 * 1024;

export interface SetFlags {
  readonly name?: string;
  readonly file?: string;
  readonly secret?: SyncSecret;
  readonly stdin?: boolean;
  readonly removeSecret?: SyncSecret;
}

/** Every job: state, last and next run, counts. */
export async function listJobs(session: Session, format: Format): Promise<number> {
  return session.withEngine(async ({ threatSync }) => {
    const { jobs } = await threatSync.jobs();
    if (format === 'json') {
      await session.out.write(`${JSON.stringify(jobs.map(plainJob), null, 2)}\n`);
    } else if (jobs.length === 0) {
      session.note('There is no sync job. Make one: assay sync create NAME.');
    } else {
      await session.out.write(`${tableLines(JOB_COLUMNS, jobs, session.out.width, session.style.faint).join('\n')}\n`);
    }
    return EXIT.done;
  });
}

/** The settings of a job as `set` takes them, then what it is doing and what is missing. */
export async function showJob(session: Session, named: string, format: Format): Promise<number> {
  return session.withEngine(async (engine) => {
    const job = await jobOf(engine, named);
    if (format === 'json') {
      await session.out.write(`${JSON.stringify(plainJob(job), null, 2)}\n`);
      return EXIT.done;
    }
    await session.out.write(`${settingLines(job.config).join('\n')}\n`);
    for (const sentence of aboutJob(job)) {
      session.note(sentence);
    }
    return EXIT.done;
  });
}

/** Makes a job, with the settings of another if one is named. */
export async function createJob(
  session: Session,
  name: string,
  words: readonly string[],
  flags: { readonly file?: string; readonly copyOf?: string },
): Promise<number> {
  const change = await changeIn(session, words, flags.file);
  return session.withEngine(async (engine) => {
    const copyOf = flags.copyOf === undefined ? {} : { copyOf: (await jobOf(engine, flags.copyOf)).id };
    const job = await engine.threatSync.create({ name, change, ...copyOf });
    session.note(`Sync job ${job.id} (${job.name}) is made. It is inactive.`);
    noteMissing(session, job);
    return EXIT.done;
  });
}

/** Changes name and settings together, then a secret. */
export async function setJob(
  session: Session,
  named: string,
  words: readonly string[],
  flags: SetFlags,
): Promise<number> {
  const change = await changeIn(session, words, flags.file);
  const isChange = Object.keys(change).length > 0 || flags.name !== undefined;
  if (!isChange && flags.secret === undefined && flags.removeSecret === undefined) {
    throw new AppError(
      'INVALID_ARGUMENT',
      'Name at least one setting as name=value, or --file, --name, --secret or --remove-secret.',
    );
  }
  return session.withEngine(async (engine) => {
    const { threatSync } = engine;
    let job = await jobOf(engine, named);
    if (isChange) {
      const name = flags.name === undefined ? {} : { name: flags.name };
      job = await threatSync.set({ jobId: job.id, change, ...name });
      session.note(`${job.name}: ${[...Object.keys(change), ...Object.keys(name)].join(', ')} set.`);
    }
    if (flags.removeSecret !== undefined) {
      await threatSync.removeSecret(job.id, flags.removeSecret);
      session.note(`${job.name}: ${syncSecretLabel(flags.removeSecret, job.config)} removed.`);
    }
    if (flags.secret !== undefined) {
      const label = syncSecretLabel(flags.secret, job.config);
      const value =
        flags.stdin === true
          ? await readPiped(session.host, session.signal)
          : await askUnseen(session.host, `${label} of ${job.name} (not shown): `, session.signal);
      const { place } = await threatSync.setSecret(job.id, flags.secret, value);
      session.note(`${job.name}: ${label} is kept${place === null ? '' : ` in the ${PLACES[place]}`}.`);
    }
    job = await jobOf(engine, String(job.id));
    noteMissing(session, job);
    return EXIT.done;
  });
}

/** Removes a job with its history; its documents stay in Threat Response only with `leave`. */
export async function removeJob(
  session: Session,
  named: string,
  flags: { readonly leave?: boolean; readonly yes?: boolean },
): Promise<number> {
  return session.withEngine(async (engine) => {
    const job = await jobOf(engine, named);
    if (flags.leave !== true && job.packages > 0) {
      throw new AppError(
        'CONFLICT',
        `Threat Response still holds ${counted(job.sent, 'indicator')} of ${job.name}. Take them out first (assay sync recall ${job.id} --all), or leave them there (--leave). Nothing was removed.`,
      );
    }
    const left =
      flags.leave === true && job.packages > 0
        ? ` ${counted(job.packages, 'package stays', 'packages stay')} in Threat Response, and nothing keeps track of ${job.packages === 1 ? 'it' : 'them'}.`
        : '';
    if (!(await isAgreed(session, flags.yes, `Remove ${job.name} with its history?${left}`))) {
      session.warn('Nothing was removed.');
      return EXIT.nothing;
    }
    await engine.threatSync.remove({ jobId: job.id, leave: flags.leave === true });
    session.note(`${job.name} is removed.${left}`);
    return EXIT.done;
  });
}

/** Exit 0 when the tested sides work, 1 when one does not. */
export async function testJob(
  session: Session,
  named: string,
  side: 'threatconnect' | 'tanium' | null,
): Promise<number> {
  return session.withEngine(async (engine) => {
    const job = await jobOf(engine, named);
    let code: number = EXIT.done;
    for (const one of side === null ? (['threatconnect', 'tanium'] as const) : [side]) {
      const result = await engine.threatSync.test({ jobId: job.id, side: one }, session.signal);
      const label = one === 'tanium' ? 'Tanium' : 'ThreatConnect';
      await session.out.write(
        `${label}: ${result.ok ? 'works' : `fault at ${result.at ?? 'answer'}`}. ${result.message}\n`,
      );
      code = result.ok ? code : EXIT.nothing;
    }
    return code;
  });
}

/** Owners the Api User may read. */
export async function listOwners(session: Session, named: string, format: Format): Promise<number> {
  return session.withEngine(async (engine) => {
    const { owners } = await engine.threatSync.owners((await jobOf(engine, named)).id, session.signal);
    if (owners.length === 0 && format === 'table') {
      session.note('The Api User may read no owner.');
      return EXIT.done;
    }
    const text =
      format === 'json'
        ? JSON.stringify(owners, null, 2)
        : tableLines(OWNER_COLUMNS, owners, session.out.width, session.style.faint).join('\n');
    await session.out.write(`${text}\n`);
    return EXIT.done;
  });
}

/** The query of a job, and how many indicators match it now. */
export async function countMatches(session: Session, named: string): Promise<number> {
  return session.withEngine(async (engine) => {
    const job = await jobOf(engine, named);
    const { tql } = await engine.threatSync.tql({ jobId: job.id, change: {} });
    session.note(tql);
    const matching = await engine.threatSync.count({ jobId: job.id, change: {} }, session.signal);
    await session.out.write(
      `${counted(matching.count, 'indicator matches', 'indicators match')} now, Last Modified left aside.\n`,
    );
    return EXIT.done;
  });
}

export async function activateJob(session: Session, named: string, active: boolean): Promise<number> {
  return session.withEngine(async (engine) => {
    const job = await engine.threatSync.activate((await jobOf(engine, named)).id, active);
    const next =
      job.nextRunAt === null
        ? ''
        : ` Its next run is due ${dueText(session, job.nextRunAt)}, while Assay or "assay run" is running.`;
    session.note(`${job.name} is ${active ? 'active' : 'inactive'}.${next}`);
    return EXIT.done;
  });
}

function dueText(session: Session, at: number): string {
  return at <= session.host.now() ? 'now' : `at ${utcOf(at)} UTC`;
}

/** Moves Last Modified to a moment, seconds since the epoch. */
export async function startOver(session: Session, named: string, from: number): Promise<number> {
  return session.withEngine(async (engine) => {
    const job = await engine.threatSync.startOver((await jobOf(engine, named)).id, from * 1000);
    session.note(`${job.name}: the next run pulls what was modified since ${utcOf(job.lastModified)} UTC.`);
    return EXIT.done;
  });
}

/** Asks on a terminal; without one `--yes` must have been given. */
export async function isAgreed(session: Session, yes: boolean | undefined, question: string): Promise<boolean> {
  if (yes === true) {
    return true;
  }
  if (session.host.stdin.isTTY !== true) {
    throw new AppError('INVALID_ARGUMENT', `${question} Without a terminal to ask on, add --yes.`);
  }
  return confirm(session.host, question, session.signal);
}

async function changeIn(
  { host, signal }: Session,
  words: readonly string[],
  file: string | undefined,
): Promise<SyncJobChange> {
  const fromFile =
    file === undefined
      ? {}
      : changeOfFile(await fileText(host, file, LONGEST_SETTINGS, signal, 'it holds no settings of a job.'), file);
  return { ...fromFile, ...changeOf(words) };
}
