import type { AbsentIndicator } from '../../../db/repositories/sync/packages/pairs.ts';
import type { PulledRow } from '../../../db/repositories/sync/types.ts';
import type { ServiceFault, ServiceResult } from '../../../net/service-fault.ts';
import type { IndicatorPage, ThreatConnect } from '../../../providers/indicator-port.ts';
import type { RunOwners } from './owners.ts';
import { type RunContext, RunEnd } from '../run-context.ts';
import { seeOwners, staged, stageUnreadable } from './staged.ts';

/** Ids asked for in one query, which keeps it short enough for a URL. */
const IDS_AT_ONCE = 100;
/** Beyond this the list of deleted ones has to do: the guard stops so many withdrawals anyway. */
const MOST_ASKED = 5_000;
const PAGE = 1_000;
/** Clocks differ, and in which zone ThreatConnect takes the moment is not documented. Only absent ones count anyway. */
const EARLIER_MS = 24 * 60 * 60_000;

/**
 * Finds out what became of known indicators that a full pull did not bring: asks for them by id, inactive ones too. One that
 * changed while pages were read is there after all and stays. Then the list of deleted ones says which of the rest were
 * deleted. What cannot be found out is left as "does not match any more".
 */
export async function findAbsent(context: RunContext, client: ThreatConnect, owners: RunOwners): Promise<void> {
  const absent = await readAbsent(context, owners);
  if (absent.length === 0) {
    return;
  }
  context.log.write('info', `${absent.length} known indicators were not among what was pulled.`);
  await askById(context, client, owners, absent.slice(0, MOST_ASKED));
  const left = await readAbsent(context, owners);
  if (left.length > 0) {
    await askForDeleted(context, client, owners, left);
  }
  await protectSilent(context, owners);
}

/** An owner of which nothing at all is told any more was closed or taken away: that says nothing about its indicators. */
async function protectSilent(context: RunContext, owners: RunOwners): Promise<void> {
  const silent = new Set(
    (await readAbsent(context, owners)).map(({ owner }) => owner).filter((name) => !owners.isSeen(name)),
  );
  for (const name of silent) {
    owners.protect(name);
    context.warn(
      `ThreatConnect told nothing of the owner ${name} any more, neither that its indicators match nor that they were deleted. Nothing of it is withdrawn; recall it if that is meant.`,
    );
  }
}

async function readAbsent(context: RunContext, owners: RunOwners): Promise<readonly AbsentIndicator[]> {
  const found: AbsentIndicator[] = [];
  for (let after = 0; ;) {
    const page = await context.parts.database.read('syncAbsent', { jobId: context.job.id, after, limit: PAGE });
    found.push(...page.filter(({ owner }) => !owners.isProtected(owner)));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) {
      return found;
    }
    after = last.id;
  }
}

async function askById(
  context: RunContext,
  client: ThreatConnect,
  owners: RunOwners,
  absent: readonly AbsentIndicator[],
): Promise<void> {
  let done = 0;
  for (const [owner, ids] of Map.groupBy(absent, (one) => one.owner)) {
    for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
      const asked = ids.slice(at, at + IDS_AT_ONCE).map(({ id }) => id);
      const fault = await askAbout(context, client, owners, owner, asked);
      if (fault !== null) {
        const what = `What became of them could not be asked by id: ${fault.message}`;
        context.log.write('info', what);
        if (fault.kind === 'query') {
          // A server that takes no such question: it told all that matches, and these are not among it.
          return;
        }
        if (fault.kind !== 'right') {
          // Nobody said that they do not match: they are not withdrawn for want of an answer.
          throw new RunEnd('failed', fault.message);
        }
        // That one owner may not be read now says nothing about the others.
        owners.protect(owner);
        break;
      }
      done += asked.length;
      await context.progress('asking what became of absent ones', done, absent.length);
    }
  }
}

/**
 * Stages what is told of absent indicators of one owner; the fault when it is not told. Under a query of one's own only
 * ThreatConnect can tell what matches: it is asked for those that do by now first.
 */
async function askAbout(
  context: RunContext,
  client: ThreatConnect,
  owners: RunOwners,
  owner: string,
  ids: readonly number[],
): Promise<ServiceFault | null> {
  const { query } = context.parts;
  const { config } = context.job;
  const asked = new Set(ids);
  if (config.tql === '') {
    return stageTold(context, client, owners, query.tqlOfIds(owner, ids), asked, (row) => row);
  }
  const own = query.buildTql(config, { since: null, includeInactive: false });
  const matching = `(${own}) and id in (${ids.join(',')})`;
  const fault = await stageTold(context, client, owners, matching, asked, (row) => row);
  return fault !== null || asked.size === 0
    ? fault
    : stageTold(context, client, owners, query.tqlOfIds(owner, [...asked]), asked, (row) => ({
        ...row,
        gone: row.gone ?? 'no-match',
      }));
}

/** Stages what a query tells of those that are asked about, and takes them out of these. */
async function stageTold(
  context: RunContext,
  client: ThreatConnect,
  owners: RunOwners,
  tql: string,
  asked: Set<number>,
  read: (row: PulledRow) => PulledRow,
): Promise<ServiceFault | null> {
  const { parts, job } = context;
  const told: number[] = [];
  for (let next: string | null = null; ;) {
    const from: string | null = next;
    const result: ServiceResult<IndicatorPage> = await context.tryAsk((signal) => client.page(tql, from, signal));
    if (!result.ok) {
      return result.fault;
    }
    seeOwners(owners, result.value, true);
    const unreadable = result.value.unreadable.filter(({ id }) => asked.has(id));
    await stageUnreadable(context, unreadable);
    const rows = result.value.rows.filter(({ id }) => asked.has(id)).map((row) => read(staged(context, row)));
    await parts.database.write('stagePulled', { jobId: job.id, rows }, 'bulk');
    told.push(...[...rows, ...unreadable].map(({ id }) => id));
    next = result.value.next;
    if (next === null) {
      told.forEach((id) => asked.delete(id));
      return null;
    }
  }
}

async function askForDeleted(
  context: RunContext,
  client: ThreatConnect,
  owners: RunOwners,
  absent: readonly AbsentIndicator[],
): Promise<void> {
  const { parts, job } = context;
  const since = (job.reconciledAt ?? job.createdAt) - Math.max(EARLIER_MS, job.config.overlapMinutes * 60_000);
  const names = [...new Set(absent.map(({ owner }) => owner))].filter((owner) => !owners.isProtected(owner));
  const deleted = await context.tryAsk((signal) => client.deleted(names, since, signal));
  if (!deleted.ok) {
    context.log.write('info', `ThreatConnect does not tell what was deleted: ${deleted.fault.message}`);
    return;
  }
  // By name alone an indicator that was deleted and made again would be mixed up: only absent ids count.
  const keyOf = (one: { readonly type: string; readonly summary: string; readonly owner: string }): string =>
    `${one.type}\n${one.summary}\n${one.owner}`.toLowerCase();
  const byId = new Set(deleted.value.flatMap(({ id }) => (id === null ? [] : [id])));
  const byName = new Set(deleted.value.filter(({ id }) => id === null).map(keyOf));
  const told = absent.filter((one) => byId.has(one.id) || byName.has(keyOf(one)));
  told.forEach(({ owner }) => owners.see(owner));
  const ids = told.map(({ id }) => id);
  if (ids.length > 0) {
    await parts.database.write('markPulledGone', { jobId: job.id, ids, gone: 'deleted' }, 'bulk');
  }
  context.log.write('debug', `${ids.length} of ${absent.length} were deleted in ThreatConnect.`);
}
