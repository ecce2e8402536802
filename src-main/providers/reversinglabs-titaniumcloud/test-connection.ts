import type { HttpResult } from '../../net/port.ts';
import { networkFault } from '../network-fault.ts';
import type { ConnectionTest, LearnedLimit, ProviderContext, RequestFault } from '../port.ts';
import { TEST_HASH } from '../test-hash.ts';
import { getLimits, getOne, getUsage } from './client.ts';
import { titaniumcloudFacts } from './facts.ts';
import { faultOf, pageInstead } from './faults.ts';
import { readAnswerBody } from './read-answer.ts';
import { singleResult } from './result.ts';
import { readLimits, readUsage } from './usage.ts';

type Exchange = Pick<ConnectionTest, 'httpStatus' | 'elapsedMs'>;

/**
 * Reads what the account used today, which proves address, network, TLS, user name and password and costs nothing, and
 * then what it allows. Where the account may not read its usage, one well-known file is looked up instead: one hash.
 */
export async function testConnection(context: ProviderContext, signal: AbortSignal): Promise<ConnectionTest> {
  const lacking = titaniumcloudFacts.lacks?.(context.config) ?? null;
  if (lacking !== null) {
    return { ok: false, at: 'key', message: lacking, learned: [], billed: 0, httpStatus: null, elapsedMs: 0 };
  }
  const result = await getUsage(context, signal);
  const used = usedToday(result);
  if (used !== null) {
    return withLimits(result, used, context, signal);
  }
  const found = readTest(result, context);
  if (found === null && context.isTestHashKept === true) {
    return withoutLookup(exchangeOf(result));
  }
  return found ?? testByLookup(context, signal);
}

function usedToday(result: HttpResult): number | null {
  return result.ok && result.response.status === 200 ? readUsage(readAnswerBody(result.response)) : null;
}

/** What the answer about usage tells; null when it tells nothing about the account, so that a look-up must. */
function readTest(result: HttpResult, context: ProviderContext): ConnectionTest | null {
  if (!result.ok) {
    return failed(networkFault(result.fault), exchangeOf(result));
  }
  const { response } = result;
  const body = readAnswerBody(response);
  if (response.status === 200) {
    return body.kind === 'page' ? failed(pageInstead(), exchangeOf(result)) : null;
  }
  // An account without this right is told so with 403, an older service has no such path.
  return response.status === 403 || response.status === 404
    ? null
    : failed(faultOf(response, body, context), exchangeOf(result));
}

async function withLimits(
  usage: HttpResult,
  used: number,
  context: ProviderContext,
  signal: AbortSignal,
): Promise<ConnectionTest> {
  const result = await getLimits(context, signal);
  const isTold = result.ok && result.response.status === 200;
  const learned = isTold ? readLimits(readAnswerBody(result.response), used) : [];
  const exchange = exchangeOf(usage);
  const elapsedMs = exchange.elapsedMs + exchangeOf(result).elapsedMs;
  const common = { httpStatus: exchange.httpStatus, elapsedMs, learned, billed: 0 };
  const day = learned.find(({ window }) => window === 'day');
  if (day !== undefined && used >= day.allowed) {
    const message = `ReversingLabs TitaniumCloud takes the user name and the password, but the quota of the day is used up: ${used} of ${day.allowed} hashes.`;
    return { ...common, ok: false, at: 'quota', message };
  }
  return { ...common, ok: true, at: null, message: sentenceOf(used, learned) };
}

function sentenceOf(used: number, learned: readonly LearnedLimit[]): string {
  const limits = learned.map(({ window, allowed }) =>
    window === 'day' ? `${allowed - used} of ${allowed} hashes left this day` : `${allowed} hashes a ${window}`,
  );
  const told = limits.length > 0 ? limits : [`${used} hashes asked about today, of a quota it does not tell`];
  return `${['ReversingLabs TitaniumCloud answers, and takes the user name and the password', ...told].join('; ')}.`;
}

async function testByLookup(context: ProviderContext, signal: AbortSignal): Promise<ConnectionTest> {
  const asked = { hash: TEST_HASH, kind: 'sha256' } as const;
  const response = await getOne(TEST_HASH, 'sha256', context, signal);
  const result = singleResult(response, asked, context);
  const { httpStatus, elapsedMs } = result;
  if (!result.ok) {
    const { fault } = result;
    return {
      ...failed(fault, { httpStatus, elapsedMs }),
      lookedUp: true,
      billed: fault.sent ? (fault.billed ?? 1) : 0,
    };
  }
  const [answer] = result.answers;
  // A 404 in the service's envelope is an answer, and counts as nothing.
  const billed = httpStatus === 200 ? 1 : 0;
  if (answer === undefined || answer.outcome === 'protocol') {
    const message = answer?.note ?? 'ReversingLabs TitaniumCloud gave no answer.';
    return { ok: false, at: 'answer', message, learned: [], billed, lookedUp: true, httpStatus, elapsedMs };
  }
  const message =
    'ReversingLabs TitaniumCloud answers, and takes the user name and the password. It does not tell this account its quota.';
  return { ok: true, at: null, message, learned: [], billed, lookedUp: true, httpStatus, elapsedMs };
}

function withoutLookup(exchange: Exchange): ConnectionTest {
  const message =
    'ReversingLabs TitaniumCloud answers, but does not tell this account what it used, and the EICAR test file, which a ' +
    'test looks up then, is on the hash list or under embargo. Whether the password works was not found out.';
  return { ok: false, at: 'input', message, learned: [], billed: 0, ...exchange };
}

function exchangeOf(result: HttpResult): Exchange {
  return result.ok
    ? { httpStatus: result.response.status, elapsedMs: result.response.elapsedMs }
    : { httpStatus: null, elapsedMs: result.fault.elapsedMs };
}

function failed(fault: RequestFault, exchange: Exchange): ConnectionTest {
  return { ok: false, at: fault.at, message: fault.message, learned: [], billed: 0, sent: fault.sent, ...exchange };
}
