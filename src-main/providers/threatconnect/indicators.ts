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

/**
 * Asks for indicators. Nothing is asked with a TQL or names that are not fit, see `checkQuery`. A server that does not take a time with its zone is asked with one without, early enough for any
 * zone, and so from then on.
 */
export function createIndicators(exchange: Exchange, config: SyncJobConfig): Indicators {
  let takesZone = true;
  const ask = async (
    tql: string,
    parameters: (tql: string) => Parameters,
    signal: AbortSignal,
  ): Promise<ServiceResult<ListAnswer>> => {
    const unfit = checkQuery(config);
    if (unfit !== null) {
      return failed(notSent('query', unfit));
    }
    const asked = (text: string): Promise<ServiceResult<ListAnswer>> =>
      askList(exchange, { place: 'indicators', parameters: parameters(text) }, signal);
    const plain = withPlainTime(tql, config.tql);
    if (plain === null) {
      return asked(tql);
    }
    if (!takesZone) {
      return asked(plain);
    }
    const first = await asked(tql);
    if (first.ok || first.fault.kind !== 'query' || first.fault.httpStatus !== 400) {
      return first;
    }
    const second = await asked(plain);
    takesZone = !second.ok;
    return second.ok ? second : first;
  };
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
