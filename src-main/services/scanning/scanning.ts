import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../db/port.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { IntakeService } from '../intake/port.ts';
import type { SourcesService } from '../sources/port.ts';
import { unbuilt } from '../unbuilt.ts';
import type { ScanningService } from './port.ts';

export interface ScanningParts {
  readonly database: Database;
  readonly intakes: IntakeService;
  readonly settings: SettingsService;
  readonly sources: SourcesService;
  readonly clock: Clock;
  readonly minuteMs: number;
  readonly avoid: boolean;
}

export function createScanning(parts: ScanningParts): ScanningService {
  void parts;
  return unbuilt<ScanningService>('Scanning', { receive: () => Promise.resolve(0) });
}
