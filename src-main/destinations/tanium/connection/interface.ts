import type { ServiceFault, ServiceResult } from '../../../net/service-fault.ts';
import type { Caller } from './caller.ts';
import { failed, isOwn, type Answer, type TaniumOptions } from './sender.ts';
import { rowsIn } from './rows.ts';
import { oddAnswer } from './faults.ts';

/** Which interface Threat Response has, and the path in front of its calls. */
export interface TaniumInterface {
  readonly api: '4' | '3';
  readonly prefix: string;
}

/** Looks once; what was found holds for the life of the connection, what was not is looked for again. */
export type FindInterface = (signal: AbortSignal) => Promise<ServiceResult<TaniumInterface>>;

/** docs.tanium.com, Threat Response, "Requirements": 4.0 took the place of Detect. */
const FOUR: TaniumInterface = { api: '4', prefix: '/plugin/products/threat-response/api/v1' };
const THREE: TaniumInterface = { api: '3', prefix: '/plugin/products/detect3/api/v1' };

/**
 * By the setting, or by looking: the interface of 4.x unless the server itself says that there is none of that address
 * (a page of a front end does not say that) and the one of 3.x answers.
 */
export function createFindInterface(call: Caller, said: TaniumOptions['config']['threatResponseApi']): FindInterface {
  let found: TaniumInterface | null = null;
  return async (signal) => {
    if (found !== null) {
      return { ok: true, value: found };
    }
    const result = said === 'auto' ? await look(call, signal) : await check(call, said === '4' ? FOUR : THREE, signal);
    found = result.ok ? result.value : null;
    return result;
  };
}

async function look(call: Caller, signal: AbortSignal): Promise<ServiceResult<TaniumInterface>> {
  const four = await probe(call, FOUR, signal);
  if (!isOwn(four, 404)) {
    return asFound(four, FOUR);
  }
  const three = await probe(call, THREE, signal);
  return isOwn(three, 404) ? { ok: false, fault: noInterface(three) } : asFound(three, THREE);
}

async function check(call: Caller, one: TaniumInterface, signal: AbortSignal): Promise<ServiceResult<TaniumInterface>> {
  const answer = await probe(call, one, signal);
  return isOwn(answer, 404) ? { ok: false, fault: noInterface(answer) } : asFound(answer, one);
}

/** Sources are the one thing that every version lists and every user of this interface may read. */
function probe(call: Caller, { prefix }: TaniumInterface, signal: AbortSignal): Promise<Answer> {
  return call(
    { method: 'GET', path: `${prefix}/sources?limit=1`, what: 'list the sources of Threat Response' },
    signal,
  );
}

function asFound(answer: Answer, one: TaniumInterface): ServiceResult<TaniumInterface> {
  if (!answer.ok) {
    return failed(answer);
  }
  return rowsIn(answer.body) === null
    ? { ok: false, fault: oddAnswer(answer.status, 'is no list of sources', answer.asking) }
    : { ok: true, value: one };
}

function noInterface(answer: Answer): ServiceFault {
  const fault = answer.ok ? oddAnswer(answer.status, 'is no list', answer.asking) : answer.fault;
  const advice = 'Threat Response is not installed there, or is another version than the job says.';
  return { ...fault, kind: 'url', message: `${fault.message} ${advice}` };
}
