import type { Timer } from '../../jobs/outbound/port.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../db/port.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { IntakeService } from '../intake/port.ts';
import type { LookupService } from '../lookup/port.ts';
import type { SourcesService } from '../sources/port.ts';
import { askedIntakes, askedLookup } from './asked-doors.ts';
import { createAsked } from './asked.ts';
import { startLifeKeeping } from './keep-life.ts';
import { createEffects } from './effects/effects.ts';
import type { LifeService, PurgeService } from './port.ts';
import { createPurge } from './purge/purge.ts';
import { createRoom } from './room/room.ts';

export interface LifeParts {
  readonly database: Database;
  readonly intakes: IntakeService;
  readonly settings: SettingsService;
  readonly clock: Clock;
  /** For tests: bytes of one MiB of the setting `maxDatabaseMiB`. */
  readonly bytesPerMiB?: number | undefined;
  readonly onFault: (error: unknown) => void;
}

/** The life of items as one: what is asked for, what goes, how much may be kept. */
export interface Life extends PurgeService {
  /** The same with what settings imply, once there are sources. */
  withEffects(sources: SourcesService): LifeService;
  /** The intakes as people use them. */
  readonly intakes: IntakeService;
  /** A look-up as people use it. */
  asLookedUp(lookup: LookupService): LookupService;
  /** What the outbound owner does for it. Returns the end of it. */
  startKeeping(timer: Timer): () => Promise<void>;
  /** Writes what was asked for last. */
  dispose(): Promise<void>;
}

export function createLife(parts: LifeParts): Life {
  const { database, settings, clock, intakes, onFault } = parts;
  const asked = createAsked({ database, clock, onFault });
  const settleAsked = (): Promise<void> => asked.settle();
  const purge = createPurge({ database, intakes, clock, settleAsked });
  const room = createRoom({ database, intakes, settings, clock, bytesPerMiB: parts.bytesPerMiB });
  const service: PurgeService = {
    preview: async (signal, interval) => purge.preview(interval ?? (await settings.get()), signal),
    purge: async (onProgress, signal) => purge.purge(await settings.get(), onProgress, signal),
    room: (count, signal) => room.room(count, signal),
    size: () => room.size(),
  };
  return {
    ...service,
    intakes: askedIntakes(database, intakes, asked),
    asLookedUp: (lookup) => askedLookup(lookup, asked),
    withEffects: (sources) => ({
      ...service,
      effects: createEffects({
        database,
        settings,
        sources,
        clock,
        preview: (interval, signal) => purge.preview(interval, signal),
        size: () => room.size(),
        bytesPerMiB: parts.bytesPerMiB,
      }),
    }),
    startKeeping: (timer) => startLifeKeeping({ database, settings, purge, room, timer, onFault }),
    dispose: () => asked.dispose(),
  };
}
