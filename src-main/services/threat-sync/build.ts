import type { Database } from '../../db/port.ts';
import { createThreatResponse } from '../../destinations/tanium/threat-response.ts';
import type { Network } from '../../net/port.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Secrets } from '../../platform/secrets/port.ts';
import {
  buildTql,
  checkQuery,
  checkTql,
  createThreatConnect,
  tqlOfIds,
  whyNotMatching,
} from '../../providers/indicators.ts';
import type { SettingsService } from '../../settings/settings.ts';
import { checkOwn } from '#shared/domain/addresses/own-addresses.ts';
import type { IntakeService } from '../intake/port.ts';
import type { KnownSetsService } from '../known-sets/port.ts';
import { createHoldingJudge } from './holding/judge.ts';
import { createKnownFiles } from './known-files/known-files.ts';
import { createThreatSync, type ThreatSync } from './threat-sync.ts';

/** Threat sync with the real clients of both services. */
export function buildThreatSync(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly settings: SettingsService;
  readonly secrets: Secrets;
  readonly network: Network;
  readonly intakes: IntakeService;
  readonly knownSets: KnownSetsService;
  readonly simulated: boolean;
  readonly onFault: (error: unknown) => void;
}): ThreatSync {
  const { database, knownSets, clock, intakes } = parts;
  const knownFiles = createKnownFiles({ database, knownSets, clock });
  return createThreatSync({
    ...parts,
    clients: { threatConnect: createThreatConnect, threatResponse: createThreatResponse },
    query: { buildTql, checkQuery, tqlOfIds, whyNotMatching },
    checkTql,
    checkOwn,
    judge: createHoldingJudge({ intakes }),
    refreshKnownFiles: (jobId, signal) => knownFiles.refresh(jobId, signal),
  });
}
