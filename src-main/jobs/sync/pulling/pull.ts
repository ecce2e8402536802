import type { SyncJobConfig } from '#shared/settings/sync-job.ts';
import type { ServiceFault, ServiceResult } from '../../../net/service-fault.ts';
import type { IndicatorPage, ThreatConnect } from '../../../providers/indicator-port.ts';
import { findAbsent } from './absent.ts';
import { readOwners, type RunOwners } from './owners.ts';
import { type RunContext, RunEnd } from '../run-context.ts';
import { seeOwners, stagePulled, stageUnreadable } from './staged.ts';

/** What a pull came to. */
export interface Pulled {
  /** Milliseconds since the epoch: before the first request. */
  readonly startedAt: number;
  /**
   * The same by the slower of this machine's clock and ThreatConnect's, so that whatever is modified from then on is pulled
   * next time: Last Modified is compared there.
   */
  readonly upTo: number;
  readonly owners: RunOwners;
}

/**
 * Pulls page after page into the database, each row by our own reading of the criteria: what was modified since the last
 * run, or everything that matches now, and then what became of the known ones that were not among it.
 */
export async function pull(context: RunContext, client: ThreatConnect): Promise<Pulled> {
  const { run, parts, log } = context;
  const startedAt = parts.timer.now();
  const isFull = run.kind !== 'run';
  const owners = await readOwners(context, client);
  const upTo = Math.min(startedAt, serverTime(context, client));
  const questions = isFull ? [{ config: owners.config, since: null }] : questionsOf(context, owners, startedAt);
  let refused: ServiceFault | null = null;
  let isAnyRead = false;
  for (const question of questions) {
    const query = (config: SyncJobConfig): string =>
      parts.query.buildTql(config, { since: question.since, includeInactive: !isFull });
    const tql = query(question.config);
    await parts.database.write('progressSyncRun', { runId: run.id, tql });
    log.write('info', `Pulling ${question.since === null ? 'everything that matches' : 'what was modified'}: ${tql}`);
    const fault = await pullQuery(context, client, owners, tql);
    if (fault !== null && questions.length === 1 && isOneOwner(question)) {
      throw new RunEnd('failed', fault.message);
    }
    const isRead = fault === null || (await pullByOwner(context, client, owners, question.config, query, fault));
    refused ??= fault;
    isAnyRead ||= isRead;
  }
  if (refused !== null && !isAnyRead) {
    throw new RunEnd('failed', refused.message);
  }
  log.write('info', `Pulled ${context.counts.pulled} indicators.`);
  if (isFull) {
    await findAbsent(context, client, owners);
  }
  warnOfDoubts(context, owners);
  return { startedAt, upTo, owners };
}

/** Says how many rows name no indicator, and what that means. */
function warnOfDoubts(context: RunContext, owners: RunOwners): void {
  const { rows, names } = owners.doubted();
  if (rows > 0) {
    const what =
      rows === 1 ? '1 row of ThreatConnect names no usable id' : `${rows} rows of ThreatConnect name no usable id`;
    const whose = names.length === 0 ? 'any owner' : names.join(', ');
    context.warn(
      `${what} and cannot be told to be any indicator. Nothing of ${whose} is withdrawn for not being told.`,
    );
  }
}

/** Whether a refusal leaves nothing else to be asked. */
function isOneOwner({ config }: Question): boolean {
  return config.tql !== '' || config.owners.length < 2;
}

/** Clocks that differ by more than this are said to. */
const MOST_DIFFERENCE_MS = 5 * 60_000;

/** What ThreatConnect's clock shows by its newest answer; what this machine's shows where it does not tell. */
function serverTime(context: RunContext, client: ThreatConnect): number {
  const here = context.parts.timer.now();
  const there = client.toldTime() ?? here;
  if (Math.abs(there - here) > MOST_DIFFERENCE_MS) {
    const minutes = Math.round(Math.abs(there - here) / 60_000);
    const side = there < here ? 'ahead of' : 'behind';
    context.warn(`The clock of this machine is ${minutes} minutes ${side} ThreatConnect's. Set the clock.`);
  }
  return there;
}

/** What is asked for, and from when on it was modified; null for all of it. */
interface Question {
  readonly config: SyncJobConfig;
  readonly since: number | null;
}

/**
 * What an incremental run asks. Last Modified says nothing about owners that the last complete pull did not read, nor after
 * clocks were set back behind it: then everything is asked for.
 */
function questionsOf({ job, log }: RunContext, { config, late }: RunOwners, startedAt: number): readonly Question[] {
  if (late.length > 0) {
    log.write('info', `The last run did not read ${late.join(', ')}: whatever matches there is pulled.`);
  }
  if (job.lastModified > startedAt) {
    log.write('info', 'Last Modified lies ahead of the present, so everything is pulled.');
  }
  if (job.lastModified > startedAt || (late.length > 0 && config.tql !== '')) {
    return [{ config, since: null }];
  }
  const others = config.owners.filter((name) => !late.includes(name));
  return [
    ...(late.length > 0 ? [{ config: { ...config, owners: [...late] }, since: null }] : []),
    ...(late.length > 0 && others.length === 0
      ? []
      : [{ config: { ...config, owners: others }, since: job.lastModified }]),
  ];
}

/** Null when all pages came; the fault when the Api User may not read what was asked for. Any other one ends the run. */
async function pullQuery(
  context: RunContext,
  client: ThreatConnect,
  owners: RunOwners,
  tql: string,
): Promise<ServiceFault | null> {
  const { log } = context;
  let next: string | null = null;
  let pages = 0;
  do {
    const at: string | null = next;
    const result: ServiceResult<IndicatorPage> = await context.tryAsk((signal) => client.page(tql, at, signal));
    if (!result.ok) {
      if (result.fault.kind === 'right') {
        return result.fault;
      }
      throw new RunEnd('failed', result.fault.message);
    }
    const { rows, skipped, unreadable } = result.value;
    pages += 1;
    seeOwners(owners, result.value, false);
    context.counts.pulled += await stagePulled(context, rows);
    context.counts.pulled += await stageUnreadable(context, unreadable);
    const others = skipped === 0 ? '' : `, and ${skipped} of types that are not sent`;
    log.write('debug', `Page ${pages}: ${rows.length} indicators${others}.`);
    await context.progress('reading ThreatConnect', context.counts.pulled, null);
    next = result.value.next;
  } while (next !== null);
  return null;
}

/** One closed owner among several must not stand in the way of the others: whether any of them could be read. */
async function pullByOwner(
  context: RunContext,
  client: ThreatConnect,
  owners: RunOwners,
  config: SyncJobConfig,
  query: (config: SyncJobConfig) => string,
  fault: ServiceFault,
): Promise<boolean> {
  const names = config.tql === '' ? config.owners : [];
  let isAnyRead = false;
  for (const name of names) {
    const closed =
      names.length === 1 ? fault : await pullQuery(context, client, owners, query({ ...config, owners: [name] }));
    if (closed === null) {
      isAnyRead = true;
    } else {
      owners.protect(name);
      context.warn(`The owner ${name} may not be read now. Nothing of it is withdrawn. ${closed.message}`);
    }
  }
  return isAnyRead;
}
