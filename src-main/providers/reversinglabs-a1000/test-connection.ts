import { networkFault } from '../network-fault.ts';
import type { ConnectionTest, ProviderContext, RequestFault } from '../port.ts';
import { readBody } from '../read-body.ts';
import { TEST_HASH } from '../test-hash.ts';
import { postStatus } from './client.ts';
import { reachesCloud } from './facts.ts';
import { faultOf, unreadable } from './faults.ts';
import { jsonOf } from './result.ts';
import { statusSchema } from './schema.ts';

const WORKS = 'The appliance answers, and takes the token';

/**
 * Asks the appliance whether it has processed one well-known file: the smallest answer it gives, which proves address,
 * network, TLS and token. Its cloud is not asked, so that this costs none of the look-ups it may make there.
 */
export async function testConnection(context: ProviderContext, signal: AbortSignal): Promise<ConnectionTest> {
  const result = await postStatus(TEST_HASH, context, signal);
  if (!result.ok) {
    return failed(networkFault(result.fault), null, result.fault.elapsedMs);
  }
  const { response } = result;
  const body = readBody(response);
  if (response.status !== 200) {
    const fault = faultOf(response, body, { key: context.key, now: context.now(), cloud: false });
    return failed(fault, response.status, response.elapsedMs);
  }
  const found = jsonOf(body);
  const fault = 'fault' in found ? found.fault : faultIn(found.value);
  if (fault !== null) {
    return failed(fault, response.status, response.elapsedMs);
  }
  const message = reachesCloud(context.config)
    ? `${WORKS}. Whether it may ask its cloud shows with the first look-up there.`
    : `${WORKS}.`;
  return { ok: true, at: null, message, learned: [], billed: 0, httpStatus: 200, elapsedMs: response.elapsedMs };
}

function faultIn(value: unknown): RequestFault | null {
  return statusSchema.safeParse(value).success ? null : unreadable('it holds no processing status');
}

function failed(fault: RequestFault, httpStatus: number | null, elapsedMs: number): ConnectionTest {
  return {
    ok: false,
    at: fault.at,
    message: fault.message,
    learned: [],
    billed: 0,
    sent: fault.sent,
    httpStatus,
    elapsedMs,
  };
}
