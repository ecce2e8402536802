import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../db/port.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { IntakeService } from '../intake/port.ts';
import type { SourcesService } from '../sources/port.ts';
import { unbuilt } from '../unbuilt.ts';
import type { LookupService } from './port.ts';

export interface LookupParts {
  readonly database: Database;
  readonly intakes: IntakeService;
  readonly settings: SettingsService;
  readonly sources: SourcesService;
  readonly clock: Clock;
  readonly minuteMs: number;
}

export function createLookup(parts: LookupParts): LookupService {
  void parts;
  return unbuilt<LookupService>('Lookup', {});
}
