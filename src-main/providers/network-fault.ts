import type { HttpFault } from '../net/port.ts';
import type { RequestFault } from './port.ts';

const AT: Readonly<Record<HttpFault['kind'], RequestFault['at']>> = {
  offline: 'offline',
  'refused-address': 'url',
  dns: 'network',
  connect: 'network',
  tls: 'tls',
  proxy: 'proxy',
  timeout: 'network',
  cut: 'network',
  oversized: 'answer',
  aborted: 'network',
};

/**
 * An exchange that brought no whole answer, as the fault of a request. Only an oversized answer is a surprise in what the
 * source says; everything else is worth another try. The message is the network's: it holds no address and no secret.
 */
export function networkFault(fault: HttpFault): RequestFault {
  return {
    outcome: fault.kind === 'oversized' ? 'protocol' : 'transient',
    at: AT[fault.kind],
    message: fault.message,
    window: null,
    until: null,
    sent: fault.sent,
  };
}
