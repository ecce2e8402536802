import type { PulledRow } from '../../../db/repositories/sync/types.ts';
import type { IndicatorPage, PulledIndicator, UnreadableIndicator } from '../../../providers/indicator-port.ts';
import type { RunOwners } from './owners.ts';
import type { RunContext } from '../run-context.ts';

/** Tags that are kept of an indicator: it has a few, and all of them were compared with the criteria before. */
const MOST_TAGS = 200;
/**
 * Rows that are compared with the criteria and handed to the database together: a page may hold many times as many, each is
 * there twice on the way, and nothing else of the process is done meanwhile.
 */
const AT_ONCE = 250;

/** An indicator as it is staged: what of it is against sending it is said by our own reading, not by the query. */
export function staged(context: RunContext, indicator: PulledIndicator): PulledRow {
  const { active, ...row } = indicator;
  const why = active ? context.parts.query.whyNotMatching(context.job.config, indicator) : null;
  if (why !== null) {
    context.log.write('debug', `${indicator.type} ${indicator.summary} does not match: ${why}`);
  }
  return { ...row, tags: row.tags.slice(0, MOST_TAGS), gone: active ? (why === null ? null : 'no-match') : 'inactive' };
}

/** Keeps indicators as they were pulled, in parts. Returns how many ids were new in this pull. */
export async function stagePulled(context: RunContext, indicators: readonly PulledIndicator[]): Promise<number> {
  const { parts, job } = context;
  let added = 0;
  for (let at = 0; at < indicators.length; at += AT_ONCE) {
    const rows = indicators.slice(at, at + AT_ONCE).map((row) => staged(context, row));
    added += await parts.database.write('stagePulled', { jobId: job.id, rows }, 'bulk');
  }
  return added;
}

/** Notes whose indicators a page tells of, and of whom it has rows that nobody can tell to be any; again: of some known. */
export function seeOwners(
  owners: RunOwners,
  { rows, unreadable, unidentified }: IndicatorPage,
  isAgain: boolean,
): void {
  const named = [...rows.map(({ owner }) => owner), ...unreadable.map(({ owner }) => owner), ...unidentified];
  new Set(named.filter((owner) => owner !== '')).forEach((owner) => owners.see(owner));
  unidentified.forEach((owner) => owners.doubt(owner, isAgain));
}

/** Keeps that indicators are there although they cannot be read, and says so. Returns how many ids were new in this pull. */
export async function stageUnreadable(context: RunContext, rows: readonly UnreadableIndicator[]): Promise<number> {
  // The plan has no row for one that is new and of no type that is told.
  rows.forEach(({ why, type }) => context.log.write(type === null ? 'warning' : 'debug', why));
  if (rows.length === 0) {
    return 0;
  }
  return context.parts.database.write('stageUnreadable', { jobId: context.job.id, rows }, 'bulk');
}
