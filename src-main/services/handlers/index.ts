import type { Handlers } from '#shared/contract/index.ts';
import { appHandlers } from './app.ts';
import { hashListHandlers } from './hash-list.ts';
import { intakeHandlers } from './intake.ts';
import { knownSetsHandlers } from './known-sets.ts';
import type { HandlerParts } from './parts.ts';

/** One handler per call of the contract; the compiler holds the set complete. */
export function createHandlers(parts: HandlerParts): Handlers {
  return {
    ...appHandlers(parts),
    ...intakeHandlers(parts),
    ...hashListHandlers(parts),
    ...knownSetsHandlers(parts),
  };
}
