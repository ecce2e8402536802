import type { VerdictPolicy } from '../domain/evidence.ts';
import type { Settings } from './schema.ts';

const DAY_SECONDS = 86_400;

/** How verdicts are decided under these settings. */
export function policyOf(settings: Settings): VerdictPolicy {
  return {
    thresholds: {
      virustotal: settings.virustotalThreshold,
      'recorded-future': settings.recordedFutureThreshold,
    },
    staleAfter: settings.staleAfterDays * DAY_SECONDS,
  };
}
