import type { ServiceResult } from '../../net/service-fault.ts';
import type { PulledIndicator, ThreatConnect } from '../indicator-port.ts';
import type { KeyFilter } from '../without-key.ts';
import { readDeleted } from './deleted.ts';
import { createIndicators } from './indicators.ts';
import { readOwners } from './owners.ts';
import { readPage } from './paging/pages.ts';
import { createExchange, type ThreatConnectContext } from './wire/exchange.ts';

export { checkQuery, checkTql } from './criteria/check-tql.ts';
export { whyNotMatching } from './criteria/matching.ts';
export { buildTql, type QueryScope } from './criteria/tql.ts';
export type { ThreatConnectContext } from './wire/exchange.ts';

/**
 * ThreatConnect by its API v3, for one job. Requests are signed, or carry a token; nothing is repeated: a fault says
 * whether that makes sense. Closing it closes its connections.
 */
export function createThreatConnect(context: ThreatConnectContext): ThreatConnect {
  const exchange = createExchange(context);
  const indicators = createIndicators(exchange, context.config);
  const { filter } = exchange;
  return {
    host: 'host' in exchange.base ? exchange.base.host : '',
    owners: async (signal) =>
      cleaned(await readOwners(exchange, signal), filter, (owner) => ({ ...owner, name: filter.clean(owner.name) })),
    count: (tql, signal) => indicators.count(tql, signal),
    async page(tql, next, signal) {
      const page = await readPage(indicators, tql, next, signal);
      if (!page.ok) {
        return page;
      }
      const rows = cleaned({ ok: true, value: page.value.rows }, filter, (row) => cleanRow(row, filter));
      return rows.ok ? { ok: true, value: { ...page.value, rows: rows.value } } : rows;
    },
    deleted: async (owners, since, signal) =>
      cleaned(await readDeleted(exchange, { owners, since }, signal), filter, (one) => ({
        ...one,
        summary: filter.clean(one.summary),
        owner: filter.clean(one.owner),
      })),
    close: () => context.http.close(),
  };
}

/** What is kept and shown, without what a server repeats of the secret. Nearly nothing holds it: that is looked for first. */
function cleaned<T>(
  result: ServiceResult<readonly T[]>,
  filter: KeyFilter,
  clean: (one: T) => T,
): ServiceResult<readonly T[]> {
  return result.ok && filter.mayHold(result.value) ? { ok: true, value: result.value.map(clean) } : result;
}

/** Terms hold no text of anybody's. */
function cleanRow(row: PulledIndicator, filter: KeyFilter): PulledIndicator {
  return {
    ...row,
    summary: filter.clean(row.summary),
    owner: filter.clean(row.owner),
    tags: row.tags.map((tag) => filter.clean(tag)),
    link: filter.clean(row.link),
  };
}
