import type { SyncJobConfig } from '#shared/settings/sync-job.ts';
import type { ServiceResult } from '../../net/service-fault.ts';
import { checkQuery } from './criteria/check-tql.ts';
import { withPlainTime } from './criteria/plain-time.ts';
import { askList } from './list.ts';
import type { Source } from './paging/pages.ts';
import { failed, type Exchange } from './wire/exchange.ts';
import { notSent, unreadable } from './wire/faults.ts';
import type { ListAnswer } from './wire/schema.ts';
import type { Parameters } from './wire/query-text.ts';

/** The list of indicators of one job. */
export interface Indicators extends Source {
  count(tql: string, signal: AbortSignal): Promise<ServiceResult<number>>;
}

/** What is not in a row unless it is asked for. */
const FIELDS: Parameters = [
  ['fields', 'tags'],
  ['fields', 'threatAssess'],
  ['fields', 'falsePositives'],
];

/** Asks for indicators. Nothing is asked with a TQL or names that are not fit, see `checkQuery`. */
export function createIndicators(exchange: Exchange, config: SyncJobConfig): Indicators {
  const ask = createAsk(exchange, config);
  return {
    exchange,
    pageSize: config.pageSize,
    list: ({ tql, conditions, sorting, limit }, signal) =>
      ask(
        tql,
        (text) => [
          ['tql', conditions.length === 0 ? text : `(${[`(${text})`, ...conditions].join(' and ')})`],
          ...FIELDS,
          ['sorting', sorting],
          ['resultStart', '0'],
          ['resultLimit', String(limit)],
        ],
        signal,
      ),
    async count(tql, signal) {
      const counted = await ask(
        tql,
        (text) => [
          ['tql', text],
          ['count', 'true'],
          ['resultStart', '0'],
          ['resultLimit', '1'],
        ],
        signal,
      );
      if (!counted.ok) {
        return counted;
      }
      const { count } = counted.value;
      return typeof count === 'number' ? { ok: true, value: count } : failed(unreadable('it has no "count"', 200));
    },
  };
}

type Ask = (
  tql: string,
  parameters: (tql: string) => Parameters,
  signal: AbortSignal,
) => Promise<ServiceResult<ListAnswer>>;

/**
 * A server that does not take a time with its zone is asked with one without, early enough for any zone, and so from then
 * on.
 */
function createAsk(exchange: Exchange, config: SyncJobConfig): Ask {
  const unfit = checkQuery(config);
  let takesZone = true;
  return async (tql, parameters, signal) => {
    if (unfit !== null) {
      return failed(notSent('query', unfit));
    }
    const asked = (text: string): Promise<ServiceResult<ListAnswer>> =>
      askList(exchange, { place: 'indicators', parameters: parameters(text) }, signal);
    const plain = withPlainTime(tql, config.tql);
    const first = await asked(takesZone || plain === null ? tql : plain);
    if (first.ok || plain === null || !takesZone || first.fault.kind !== 'query' || first.fault.httpStatus !== 400) {
      return first;
    }
    const second = await asked(plain);
    takesZone = !second.ok;
    return second.ok ? second : first;
  };
}
