import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../db/port.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { IntakeService } from '../intake/port.ts';
import type { SourcesService } from '../sources/port.ts';
import { unbuilt } from '../unbuilt.ts';
import type { OutboundService } from './port.ts';

export interface OutboundParts {
  readonly database: Database;
  readonly directory: string;
  /** Named in owner.json. */
  readonly shell: string;
  readonly settings: SettingsService;
  readonly sources: SourcesService;
  readonly intakes: Pick<IntakeService, 'list'>;
  readonly clock: Clock;
  readonly minuteMs: number;
  readonly avoid: boolean;
  readonly onFault: (error: unknown) => void;
}

export function createOutbound(parts: OutboundParts): OutboundService {
  void parts;
  return unbuilt<OutboundService>('Outbound', {
    seek: () => () => Promise.resolve(),
    isWorking: () => false,
    dispose: () => Promise.resolve(),
  });
}
