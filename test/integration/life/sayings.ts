import type { SourceId } from '#shared/domain/source.ts';
import type { Says } from './check-life.ts';

const PLAIN: Says = (status) => status ?? 'not-known';

/**
 * How a source words what its simulator knows of a file, as items keep it. Recorded Future calls no file good: what is
 * harmless or undecided is `unknown` without being unheard of. TitaniumCloud has no pending.
 */
const SAYINGS: Readonly<Partial<Record<SourceId, Says>>> = {
  'recorded-future': (status) =>
    status === null ? 'not-known' : status === 'malicious' || status === 'suspicious' ? status : 'unknown',
  'reversinglabs-titaniumcloud': (status) => (status === null || status === 'pending' ? 'not-known' : status),
};

export function sayingOf(source: SourceId): Says {
  return SAYINGS[source] ?? PLAIN;
}
