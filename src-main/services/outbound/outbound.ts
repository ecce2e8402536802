import type { QueuePart } from '#shared/contract/outbound.ts';
import { sourceCode, sourceOfCode } from '#shared/domain/source.ts';
import type { Database } from '../../db/port.ts';
import type { QueuePartArgs } from '../../db/repositories/queue-types.ts';
import { untouched } from '../../jobs/outbound/ledger.ts';
import { systemTimer } from '../../jobs/outbound/system-timer.ts';
import type { Timer } from '../../jobs/outbound/port.ts';
import type { Clock } from '../../platform/clock.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { IntakeService } from '../intake/port.ts';
import type { SourcesService } from '../sources/port.ts';
import { whenDrained } from './drained.ts';
import { afterPause, afterResume } from './held-sources.ts';
import { createOwner } from './owner.ts';
import type { OutboundService } from './port.ts';
import { queueState } from './queue-state.ts';
import { createTitles } from './titles.ts';

export interface OutboundParts {
  readonly database: Database;
  readonly directory: string;
  /** Named in owner.json. */
  readonly shell: string;
  readonly settings: SettingsService;
  readonly sources: SourcesService;
  readonly intakes: Pick<IntakeService, 'list'>;
  readonly clock: Clock;
  /** Real timers by `clock` when absent. */
  readonly timer?: Timer;
  readonly minuteMs: number;
  readonly avoid: boolean;
  /** Upkeep that only the outbound owner does, started with each term; they return their end. */
  readonly beside?: readonly ((timer: Timer) => () => Promise<void>)[];
  readonly onFault: (error: unknown) => void;
}

/** The queue as every process sees it, and the asking of sources while this one is the outbound owner. */
export function createOutbound(parts: OutboundParts): OutboundService {
  const { database, clock, sources } = parts;
  const owner = createOwner({ ...parts, timer: parts.timer ?? systemTimer(clock), random: Math.random });
  const titles = createTitles(parts.intakes);
  const state = () => queueState(parts, owner, titles);

  /** A whole source, or all of them: its own state says so, and what is queued later waits as well. */
  async function holdSources(part: QueuePart, isPaused: boolean): Promise<void> {
    const named = part.source === undefined ? sources.providers.map(({ facts }) => facts.source) : [part.source];
    const states = await database.read('sourceStates', {});
    for (const source of named) {
      const at = clock.now();
      const state = states.find((one) => one.source === sourceCode(source)) ?? untouched(sourceCode(source));
      const change = isPaused ? afterPause(state) : afterResume(state, part.source !== undefined, at);
      if (change !== null) {
        await database.write('setSourceState', { source: sourceCode(source), change, at });
      }
    }
  }

  async function hold(part: QueuePart, isPaused: boolean): Promise<void> {
    const isWhole = part.intakeId === undefined && part.purpose === undefined;
    if (isWhole) {
      await holdSources(part, isPaused);
    }
    // Resuming a whole source lets go of its parts as well.
    if (!isWhole || !isPaused) {
      await database.write('pauseQueue', { ...codes(part), paused: isPaused, at: clock.now() }, 'person');
    }
  }

  return {
    state,
    async pause(part) {
      await hold(part, true);
      return state();
    },
    async resume(part) {
      await hold(part, false);
      return state();
    },
    cancel: (part) => database.write('cancelQueue', { ...codes(part), at: clock.now() }, 'person'),
    async requests({ source, offset, limit }) {
      const code = source === undefined ? null : sourceCode(source);
      const { total, rows } = await database.read('requestsPage', { source: code, offset, limit });
      return {
        total,
        rows: rows.flatMap((row) => {
          const of = sourceOfCode(row.source);
          const { id, purpose, kind, hashes, single, outcome, httpStatus, elapsedMs, billed } = row;
          const view = {
            id,
            at: row.reservedAt,
            purpose,
            kind,
            hashes,
            single,
            outcome,
            httpStatus,
            elapsedMs,
            billed,
          };
          return of === null ? [] : [{ ...view, source: of, message: row.message ?? '' }];
        }),
      };
    },
    requestHashes: (requestId) => database.read('requestHashes', { requestId }),
    seek: () => owner.seek(),
    isWorking: () => owner.views().some((view) => view.inFlight > 0 || view.activity === 'busy'),
    drained: (part, signal) => whenDrained(database, codes(part), signal),
    dispose: () => owner.dispose(),
  };
}

function codes(part: QueuePart): QueuePartArgs {
  return {
    ...(part.source === undefined ? {} : { source: sourceCode(part.source) }),
    ...(part.intakeId === undefined ? {} : { intakeId: part.intakeId }),
    ...(part.purpose === undefined ? {} : { purpose: part.purpose }),
  };
}
