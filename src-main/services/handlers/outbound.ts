import type { FeatureHandlers, HandlerParts } from './parts.ts';

/** The queue, its owner, and the record of what left the machine. */
export function outboundHandlers({ outbound }: HandlerParts): FeatureHandlers<'outbound'> {
  return {
    'outbound.state': () => outbound.state(),
    'outbound.pause': (part) => outbound.pause(part),
    'outbound.resume': (part) => outbound.resume(part),
    'outbound.cancel': async (part) => ({ removed: await outbound.cancel(part) }),
    'outbound.requests': (page) => outbound.requests(page),
    'outbound.requestHashes': async ({ requestId }) => ({ hashes: await outbound.requestHashes(requestId) }),
  };
}
