import type { PulledRow } from '../../../db/repositories/sync/types.ts';
import type { PulledIndicator } from '../../../providers/indicator-port.ts';
import type { RunContext } from '../run-context.ts';

/** Tags that are kept of an indicator: it has a few, and all of them were compared with the criteria before. */
const MOST_TAGS = 200;

/** An indicator as it is staged: what of it is against sending it is said by our own reading, not by the query. */
export function staged(context: RunContext, indicator: PulledIndicator): PulledRow {
  const { active, ...row } = indicator;
  const why = active ? context.parts.query.whyNotMatching(context.job.config, indicator) : null;
  if (why !== null) {
    context.log.write('debug', `${indicator.type} ${indicator.summary} does not match: ${why}`);
  }
  return { ...row, tags: row.tags.slice(0, MOST_TAGS), gone: active ? (why === null ? null : 'no-match') : 'inactive' };
}
