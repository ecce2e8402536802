import type { SourceId } from '#shared/domain/source.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';

type Limits = Pick<SourceConfig, 'callsPerMinute' | 'callsPerDay' | 'callsPerMonth'>;

/** What the simulators of the demonstration allow: sample lists are answered in seconds, and a long list still meets a limit. */
export const DEMO_LIMITS: Readonly<Record<SourceId, Limits>> = {
  wildfire: { callsPerMinute: 60, callsPerDay: 1050, callsPerMonth: null },
  'recorded-future': { callsPerMinute: 60, callsPerDay: 5000, callsPerMonth: null },
  'reversinglabs-a1000': { callsPerMinute: 300, callsPerDay: 20_000, callsPerMonth: null },
  // Each hash counts.
  'reversinglabs-titaniumcloud': { callsPerMinute: 30_000, callsPerDay: 200_000, callsPerMonth: null },
  virustotal: { callsPerMinute: 3000, callsPerDay: 20_000, callsPerMonth: null },
};
