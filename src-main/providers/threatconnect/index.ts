import type { ServiceResult } from '../../net/service-fault.ts';
import type { ThreatConnect } from '../indicator-port.ts';
import { readDeleted } from './deleted.ts';
import { createIndicators } from './indicators.ts';
import { readOwners } from './owners.ts';
import { readPage } from './paging/pages.ts';
import { cleanDeleted, cleanerOf, cleanPage } from './rows/without-secret.ts';
import { createExchange, type ThreatConnectContext } from './wire/exchange.ts';

export { checkQuery, checkTql } from './criteria/check-tql.ts';
export { whyNotMatching } from './criteria/matching.ts';
export { buildTql, tqlOfIds, type QueryScope } from './criteria/tql.ts';
export type { ThreatConnectContext } from './wire/exchange.ts';

/**
 * ThreatConnect by its API v3, for one job. Requests are signed, or carry a token; each is repeated as far as the context
 * has a way to. Closing it closes its connections.
 */
export function createThreatConnect(context: ThreatConnectContext): ThreatConnect {
  const exchange = createExchange(context);
  const indicators = createIndicators(exchange, context.config);
  const clean = cleanerOf(context.secret?.trim() ?? '');
  return {
    host: 'host' in exchange.base ? exchange.base.host : '',
    toldTime: () => exchange.toldTime(),
    owners: async (signal) =>
      each(await readOwners(exchange, signal), (owner) => ({ name: clean(owner.name), type: clean(owner.type) })),
    count: (tql, signal) => indicators.count(tql, signal),
    async page(tql, next, signal) {
      const page = await readPage(indicators, tql, next, signal);
      return page.ok ? { ok: true, value: cleanPage(page.value, clean) } : page;
    },
    deleted: async (owners, since, signal) =>
      each(await readDeleted(exchange, { owners, since }, signal), (one) => cleanDeleted(one, clean)),
    close: () => context.http.close(),
  };
}

function each<T>(result: ServiceResult<readonly T[]>, change: (one: T) => T): ServiceResult<readonly T[]> {
  return result.ok ? { ok: true, value: result.value.map(change) } : result;
}
