import type { IndicatorPage, PulledIndicator, ThreatConnect } from '../indicator-port.ts';
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
  return {
    host: 'host' in exchange.base ? exchange.base.host : '',
    owners: (signal) => readOwners(exchange, signal),
    count: (tql, signal) => indicators.count(tql, signal),
    async page(tql, next, signal) {
      const page = await readPage(indicators, tql, next, signal);
      return page.ok ? { ok: true, value: withoutSecret(page.value, exchange.filter) } : page;
    },
    deleted: (owners, since, signal) => readDeleted(exchange, { owners, since }, signal),
    close: () => context.http.close(),
  };
}

/** What is kept and shown of rows, without what a server repeats of the secret. Terms hold no text. */
function withoutSecret(page: IndicatorPage, filter: KeyFilter): IndicatorPage {
  return filter.mayHold(page.rows) ? { ...page, rows: page.rows.map((row) => cleanRow(row, filter)) } : page;
}

function cleanRow(row: PulledIndicator, filter: KeyFilter): PulledIndicator {
  return {
    ...row,
    summary: filter.clean(row.summary),
    tags: row.tags.map((tag) => filter.clean(tag)),
    link: filter.clean(row.link),
  };
}
