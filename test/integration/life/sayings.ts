import type { SourceId } from '#shared/domain/source.ts';
import { drawFrom } from '#main/simulators/server/draw.ts';
import type { Says } from './check-life.ts';

const PLAIN: Says = (status) => status ?? 'not-known';
/** Of the files somebody knows, this much is on the simulated appliance; the rest only its cloud has. */
const ON_APPLIANCE_SHARE = 0.7;

/**
 * How a source words what its simulator knows of a file, as items keep it. Recorded Future vouches for no file: a harmless
 * one has no risk, as one it never heard of, and which of the two it is only the single call tells. An A1000 whose cloud is not asked knows what is on it. TitaniumCloud has no pending.
 */
const SAYINGS: Readonly<Partial<Record<SourceId, Says>>> = {
  'recorded-future': (status) => (status === 'malicious' || status === 'suspicious' ? status : 'not-known'),
  'reversinglabs-a1000': (status, hash) =>
    status === null || (status !== 'pending' && drawFrom(`appliance/${hash}`).at(0) >= ON_APPLIANCE_SHARE)
      ? 'not-known'
      : status,
  'reversinglabs-titaniumcloud': (status) => (status === null || status === 'pending' ? 'not-known' : status),
};

export function sayingOf(source: SourceId): Says {
  return SAYINGS[source] ?? PLAIN;
}
