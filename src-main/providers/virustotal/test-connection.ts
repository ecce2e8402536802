import type { HttpResult } from '../../net/port.ts';
import { networkFault } from '../network-fault.ts';
import type { ConnectionTest, LearnedLimit, ProviderContext, RequestFault } from '../port.ts';
import { TEST_HASH } from '../test-hash.ts';
import { getFile, getQuotas } from './client.ts';
import { faultOf, pageInstead } from './faults.ts';
import { left, readQuotas } from './quotas.ts';
import { readBody } from '../read-body.ts';
import { readError } from './read-answer.ts';
import { resultOf } from './result.ts';

/**
 * Reads the account's quotas, which proves address, network, TLS and key. It costs nothing: accounts whose day is used up
 * are answered too, with an hour that counts no call (log in github.com/outflanknl/RedELK/issues/287). Where the account
 * may not read them, one well-known file is looked up instead: one call.
 */
export async function testConnection(context: ProviderContext, signal: AbortSignal): Promise<ConnectionTest> {
  const result = await getQuotas(context, signal);
  const found = readTest(result, context);
  if (found === null && context.isTestHashKept === true) {
    return withoutLookup(result);
  }
  return found ?? testByLookup(context, signal);
}

/** What the quotas' answer tells; null when it tells nothing about the key, so that a lookup must. */
function readTest(result: HttpResult, context: ProviderContext): ConnectionTest | null {
  if (!result.ok) {
    return failed(networkFault(result.fault), { httpStatus: null, elapsedMs: result.fault.elapsedMs });
  }
  const { response } = result;
  const exchange = { httpStatus: response.status, elapsedMs: response.elapsedMs };
  const body = readBody(response);
  if (response.status === 200) {
    const learned = readQuotas(response);
    if (learned !== null) {
      return ofQuotas(learned, exchange);
    }
    return body.kind === 'page' ? failed(pageInstead(), exchange) : null;
  }
  const error = readError(body);
  // Accounts without the right to read their quotas are told so in these ways; a server that is no VirusTotal is not.
  if (error !== null && (response.status === 403 || response.status === 404)) {
    return null;
  }
  return failed(faultOf(response, body, error, { key: context.key, now: context.now() }), exchange);
}

function ofQuotas(
  learned: readonly LearnedLimit[],
  exchange: Pick<ConnectionTest, 'httpStatus' | 'elapsedMs'>,
): ConnectionTest {
  const common = { ...exchange, learned, billed: 0 };
  const spent = learned.filter((limit) => left(limit) <= 0).at(-1);
  if (spent !== undefined) {
    const message = `VirusTotal takes the key, but its quota of the ${spent.window} is used up: ${spent.used ?? 0} of ${spent.allowed} calls.`;
    return { ...common, ok: false, at: 'quota', message };
  }
  const leftOver = learned.map((limit) => `${left(limit)} of ${limit.allowed} calls left this ${limit.window}`);
  const message = ['VirusTotal answers, and takes the key', ...leftOver].join('; ');
  return { ...common, ok: true, at: null, message: `${message}.` };
}

async function testByLookup(context: ProviderContext, signal: AbortSignal): Promise<ConnectionTest> {
  const result = resultOf(await getFile(TEST_HASH, context, signal), { hash: TEST_HASH, kind: 'sha256' }, context);
  const { httpStatus, elapsedMs } = result;
  if (!result.ok) {
    // What reached VirusTotal may have been counted, whatever came back.
    return { ...failed(result.fault, { httpStatus, elapsedMs }), lookedUp: true, billed: result.fault.sent ? 1 : 0 };
  }
  const message = 'VirusTotal answers, and takes the key. It does not tell this account its quotas.';
  return { ok: true, at: null, message, learned: [], billed: 1, lookedUp: true, httpStatus, elapsedMs };
}

function withoutLookup(result: HttpResult): ConnectionTest {
  const exchange = result.ok
    ? { httpStatus: result.response.status, elapsedMs: result.response.elapsedMs }
    : { httpStatus: null, elapsedMs: result.fault.elapsedMs };
  const message =
    'VirusTotal answers, but does not tell this account its quotas, and the EICAR test file, which a test looks up ' +
    'then, is on the hash list or under embargo. Whether the key works was not found out.';
  return { ok: false, at: 'input', message, learned: [], billed: 0, ...exchange };
}

function failed(fault: RequestFault, exchange: Pick<ConnectionTest, 'httpStatus' | 'elapsedMs'>): ConnectionTest {
  return { ok: false, at: fault.at, message: fault.message, learned: [], billed: 0, sent: fault.sent, ...exchange };
}
