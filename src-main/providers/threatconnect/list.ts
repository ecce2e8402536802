import type { ServiceResult } from '../../net/service-fault.ts';
import { failed, type Exchange } from './wire/exchange.ts';
import { notSent, unreadable } from './wire/faults.ts';
import { queryText, type Parameters } from './wire/query-text.ts';
import { listSchema, type ListAnswer } from './wire/schema.ts';

/** A list of the API: its place below `/v3`, and what it is asked with. */
export interface ListQuestion {
  readonly place: string;
  readonly parameters: Parameters;
  /** An older server may not have it. */
  readonly isOptional?: boolean;
}

/**
 * Paths with queries longer than this are not sent: ThreatConnect's own Python client puts parameters into a body from
 * there on (tcex, tcex/api/tc/v3/object_collection_abc.py), and what the server allows is not documented.
 */
const LONGEST_TARGET = 2000;

/** Asks for one page of a list. */
export async function askList(
  exchange: Exchange,
  question: ListQuestion,
  signal: AbortSignal,
): Promise<ServiceResult<ListAnswer>> {
  const path = `${'path' in exchange.base ? exchange.base.path : ''}/v3/${question.place}`;
  const target = `${path}?${queryText(question.parameters)}`;
  return target.length <= LONGEST_TARGET
    ? askTarget(exchange, { target, isOptional: question.isOptional === true }, signal)
    : askByBody(exchange, path, question.parameters, signal);
}

/** Asks for the list at a path with its query. */
export async function askTarget(
  exchange: Exchange,
  question: { readonly target: string; readonly isOptional: boolean; readonly body?: string },
  signal: AbortSignal,
): Promise<ServiceResult<ListAnswer>> {
  const answer = await exchange.ask(question, signal);
  if (!answer.ok) {
    return answer;
  }
  const { json, httpStatus } = answer.value;
  const parsed = listSchema.safeParse(json);
  return parsed.success ? { ok: true, value: parsed.data } : failed(unreadable('it has no list "data"', httpStatus));
}

/**
 * A query that is too long for a URL, in a body. A gateway may drop the body of a GET, and then everything would come
 * back instead of what was asked for: `count` stands in the body only, and an answer without it is refused.
 */
async function askByBody(
  exchange: Exchange,
  path: string,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<ServiceResult<ListAnswer>> {
  const data: Record<string, unknown> = {};
  for (const [name, value] of parameters) {
    const known = data[name];
    data[name] = name === 'fields' ? [...(Array.isArray(known) ? known : []), value] : plain(value);
  }
  const body = JSON.stringify({ data: { ...data, count: true } });
  const answer = await askTarget(exchange, { target: path, isOptional: false, body }, signal);
  return answer.ok && typeof answer.value.count !== 'number'
    ? failed({
        ...notSent(
          'query',
          'The query is too long for a URL, and ThreatConnect or a gateway before it does not read it from the body. ' +
            'Use fewer owners or tags, or a shorter TQL.',
        ),
        sent: true,
        httpStatus: 200,
      })
    : answer;
}

function plain(value: string): string | number {
  return /^\d{1,9}$/.test(value) ? Number(value) : value;
}
