import { askOnce, type Repeat, type ServiceFault } from '../../../net/service-fault.ts';
import { unsentFault } from './faults.ts';
import type { Answer, Ask, Sender } from './sender.ts';
import type { SessionKeeper } from './session.ts';

/** Sends a request with a session. */
export type Caller = (ask: Ask, signal: AbortSignal) => Promise<Answer>;

/**
 * Sends with the present session. One that is refused (401, 403) did nothing: with a user name and password it is logged
 * in once more and the request repeated once, unless the session was made for this very request. What is refused then is
 * meant. Reads, and what says that it may be sent again, go through `repeat`.
 */
export function createCaller(
  sender: Sender,
  sessions: SessionKeeper,
  closing: AbortSignal,
  repeat: Repeat = askOnce,
): Caller {
  const call = createSingleCaller(sender, sessions, closing);
  return (ask, signal) =>
    ask.method === 'GET' || ask.isRepeatable === true ? repeat(() => call(ask, signal)) : call(ask, signal);
}

function createSingleCaller(sender: Sender, sessions: SessionKeeper, closing: AbortSignal): Caller {
  return async (ask, signal) => {
    if (closing.aborted) {
      return notSent(unsentFault('aborted', 'The connection to Tanium is closed.'));
    }
    const ended = AbortSignal.any([signal, closing]);
    const session = await sessions.current(ended);
    if (!session.ok) {
      return notSent(session.fault);
    }
    const answer = await sender.send(ask, session.value, ended);
    if (!isExpiry(answer) || session.value.isFresh) {
      return answer;
    }
    const renewed = await sessions.renewed(session.value, ended);
    if (renewed === null) {
      return answer;
    }
    return renewed.ok ? sender.send(ask, renewed.value, ended) : notSent(renewed.fault);
  };
}

/** 401 is the documented answer to an expired session, 403 the observed one. */
function isExpiry(answer: Answer): boolean {
  return !answer.ok && (answer.fault.httpStatus === 401 || answer.fault.httpStatus === 403);
}

function notSent(fault: ServiceFault): Answer {
  return { ok: false, fault, body: null, wasCut: false };
}
