import type { Handlers } from '#shared/contract/index.ts';
import { annotationHandlers } from './annotations.ts';
import { appHandlers } from './app.ts';
import { hashListHandlers } from './hash-list.ts';
import { historyHandlers } from './history.ts';
import { intakeHandlers } from './intake.ts';
import { knownSetsHandlers } from './known-sets.ts';
import { lifeHandlers } from './life.ts';
import { lookupHandlers } from './lookup.ts';
import { outboundHandlers } from './outbound.ts';
import type { HandlerParts } from './parts.ts';
import { reportHandlers } from './report.ts';
import { reviewHandlers } from './review.ts';
import { scanHandlers } from './scan.ts';
import { sourcesHandlers } from './sources.ts';
import { syncHandlers } from './sync.ts';
import { usageHandlers } from './usage.ts';

/** One handler per call of the contract; the compiler holds the set complete. */
export function createHandlers(parts: HandlerParts): Handlers {
  return {
    ...appHandlers(parts),
    ...intakeHandlers(parts),
    ...annotationHandlers(parts),
    ...hashListHandlers(parts),
    ...knownSetsHandlers(parts),
    ...sourcesHandlers(parts),
    ...outboundHandlers(parts),
    ...scanHandlers(parts),
    ...lookupHandlers(parts),
    ...historyHandlers(parts),
    ...reportHandlers(parts),
    ...reviewHandlers(parts),
    ...lifeHandlers(parts),
    ...syncHandlers(parts),
    ...usageHandlers(parts),
  };
}
