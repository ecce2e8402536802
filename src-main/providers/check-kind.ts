import type { DigestKind } from '#shared/domain/hash.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import type { ProviderFacts } from './port.ts';

/**
 * Keeps a digest its source cannot take from being sent. Throws a RangeError: such a digest must never have been queued
 * for the source, so that asking for it is a defect and no answer.
 */
export function checkKind(facts: ProviderFacts, kind: DigestKind): void {
  if (!facts.takes.includes(kind)) {
    throw new RangeError(`${sourceLabel(facts.source)} takes no ${kind}`);
  }
}
