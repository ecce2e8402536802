import type { SyncJobConfig } from '#shared/settings/sync-job.ts';
import { INDICATOR_TYPES } from '#shared/domain/indicator.ts';

/** What a query is asked for beside the criteria. */
export interface QueryScope {
  /** Milliseconds since the epoch: only what was modified then or later; null for all. */
  readonly since: number | null;
  /** Inactive indicators as well, which the server leaves out by itself. */
  readonly includeInactive: boolean;
}

type Criteria = Pick<
  SyncJobConfig,
  | 'types'
  | 'owners'
  | 'includeTags'
  | 'minThreatAssess'
  | 'minConfidence'
  | 'minRating'
  | 'maxFalsePositives'
  | 'tql'
  | 'lastModifiedWithTql'
>;

/**
 * The query of a job in ThreatConnect's query language, whole in parentheses. A TQL of the user's own, which `checkTql`
 * found fit, replaces the criteria. Exclude Tags are not in it: how a condition on tags is negated is not documented, and
 * `not in` may drop what has no tag; they are applied to the rows.
 * https://docs.threatconnect.com/en/latest/rest_api/v3/filter_results.html
 */
export function buildTql(criteria: Criteria, scope: QueryScope): string {
  const own = criteria.tql.trim();
  const since = own === '' || criteria.lastModifiedWithTql ? scope.since : null;
  const clauses = [
    ...(own === '' ? criteriaClauses(criteria) : [`(${own.replace(/[\r\n\t]+/g, ' ')})`]),
    ...(since === null ? [] : [`lastModified >= "${instant(since)}"`]),
    ...(scope.includeInactive ? ['(indicatorActive = true or indicatorActive = false)'] : []),
  ];
  return own !== '' && clauses.length === 1 ? clauses.join('') : `(${clauses.join(' and ')})`;
}

/**
 * The query for indicators of one owner by their ids, inactive ones too, whatever the criteria are. The owner is named
 * because a query without one may be taken for one about the Api User's own.
 */
export function tqlOfIds(owner: string, ids: readonly number[]): string {
  return `(ownerName in ${list([owner])} and id in (${ids.join(',')}) and (indicatorActive = true or indicatorActive = false))`;
}

/** A text as a literal. The four characters that have to be escaped are; control characters, which cannot be, are spaces. */
export function quoted(text: string): string {
  const plain = text.toWellFormed().replace(/\p{Cc}+/gu, ' ');
  return `"${plain.replace(/[\\"'`]/g, (character) => `\\${character}`)}"`;
}

function criteriaClauses(criteria: Criteria): string[] {
  const { owners, includeTags } = criteria;
  const types = criteria.types.length === 0 ? INDICATOR_TYPES : criteria.types;
  return [
    `typeName in ${list(types)}`,
    ...(owners.length === 0 ? [] : [`ownerName in ${list(owners)}`]),
    // `summary` of a tag is its name compared without regard to case, as it is compared here.
    ...(includeTags.length === 0 ? [] : [`hasTag(summary in ${list(includeTags)})`]),
    ...atLeast('threatAssessScore', criteria.minThreatAssess),
    ...atLeast('confidence', criteria.minConfidence),
    ...atLeast('rating', criteria.minRating),
    ...atMost('falsePositiveCount', criteria.maxFalsePositives),
  ];
}

/**
 * Written with two decimals, rounded down: the rows are looked at again. Nothing is below 0: then there is no condition,
 * which those without a value could fail.
 */
function atLeast(keyword: string, least: number | null): string[] {
  return least === null || least <= 0 ? [] : [`${keyword} >= ${Math.floor(least * 100) / 100}`];
}

/** None counted is few enough; whether the server compares it as 0 is not documented. */
function atMost(keyword: string, most: number | null): string[] {
  return most === null ? [] : [`(${keyword} <= ${most} or ${keyword} is null)`];
}

function list(values: readonly string[]): string {
  return `(${values.map(quoted).join(', ')})`;
}

/** Whole seconds of UTC, named as such: what zone a time without one is in is not documented. */
function instant(ms: number): string {
  return `${new Date(Math.max(0, ms)).toISOString().slice(0, 19)}Z`;
}
