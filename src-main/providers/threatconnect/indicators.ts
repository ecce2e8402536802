import type { SyncJobConfig } from '#shared/settings/sync-job.ts';
import type { ServiceResult } from '../../net/service-fault.ts';
import { checkQuery } from './criteria/check-tql.ts';
import { writingsOf } from './criteria/writings.ts';
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
 * A query that is not understood is asked again in the other ways it can be written; the one that is taken comes first from
 * then on.
 */
function createAsk(exchange: Exchange, config: SyncJobConfig): Ask {
  const unfit = checkQuery(config);
  let taken = 0;
  return async (tql, parameters, signal) => {
    if (unfit !== null) {
      return failed(notSent('query', unfit));
    }
    const asked = (text: string): Promise<ServiceResult<ListAnswer>> =>
      askList(exchange, { place: 'indicators', parameters: parameters(text) }, signal);
    const writings = writingsOf(tql, config.tql);
    const usual = writings[taken] ?? tql;
    const first = await asked(usual);
    if (!isNotUnderstood(first)) {
      return first;
    }
    for (const other of new Set(writings)) {
      const again = other === usual ? first : await asked(other);
      if (!isNotUnderstood(again)) {
        taken = again.ok ? writings.indexOf(other) : taken;
        return again.ok ? again : first;
      }
    }
    return first;
  };
}

function isNotUnderstood(result: ServiceResult<ListAnswer>): boolean {
  return !result.ok && result.fault.kind === 'query' && result.fault.httpStatus === 400;
}
