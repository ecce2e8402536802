import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../db/port.ts';
import type { Network } from '../../net/port.ts';
import type { Secrets } from '../../platform/secrets/port.ts';
import type { Provider } from '../../providers/port.ts';
import type { SettingsService } from '../../settings/settings.ts';
import { unbuilt } from '../unbuilt.ts';
import type { SourcesService } from './port.ts';

export interface SourcesParts {
  readonly database: Database;
  readonly settings: SettingsService;
  readonly secrets: Secrets;
  readonly network: Network;
  readonly providers: readonly Provider[];
  readonly clock: Clock;
  readonly simulated: boolean;
}

export function createSources(parts: SourcesParts): SourcesService {
  void parts;
  return unbuilt<SourcesService>('Sources', {
    providers: [],
    onChange: () => () => undefined,
    dispose: () => Promise.resolve(),
  });
}
