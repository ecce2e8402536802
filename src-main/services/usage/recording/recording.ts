import type { Database } from '../../../db/port.ts';
import type { Timer } from '../../../jobs/outbound/port.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { IntakeService } from '../../intake/port.ts';
import type { LookupService } from '../../lookup/port.ts';
import { createCacheAge } from './cache-age.ts';
import { createEnvironment } from './environment.ts';
import { createLookUps, receivedLookup } from './look-ups.ts';
import { countReceived } from './received.ts';
import { lookOnce, startSampling } from './sampling.ts';

export interface RecordingParts {
  readonly database: Database;
  readonly intakes: Pick<IntakeService, 'heldEntries' | 'entriesOf' | 'packedDigests' | 'onReady'>;
  readonly clock: Clock;
  /** Counts what was received as soon as it can be shown; without it the outbound owner does, or whoever asks. */
  readonly countsAtOnce: boolean;
  /** Bytes as the maximum size counts them. */
  readonly size: () => Promise<{ readonly bytes: number }>;
  readonly onFault: (error: unknown) => void;
}

/** What is recorded for the board beside the work itself. */
export interface Recording {
  /** What the outbound owner does for it. Returns the end of it. */
  startSampling(timer: Timer): () => Promise<void>;
  /** The look-up service with what people look up counted as received. */
  asReceived(lookup: LookupService): LookupService;
  /** Counts and folds what was recorded up to now, for somebody who looks. */
  settle(signal: AbortSignal): Promise<void>;
  /** Writes what was looked up last; counts nothing more. */
  dispose(): Promise<void>;
}

export function createRecording(parts: RecordingParts): Recording {
  const { database, intakes, clock, size, onFault } = parts;
  const lookUps = createLookUps({ database, clock, onFault });
  const stopping = new AbortController();
  let counting: Promise<void> = Promise.resolve();

  /** One after the other: two of one process would only make each other count again. */
  const count = (signal: AbortSignal): Promise<void> => {
    const all = AbortSignal.any([signal, stopping.signal]);
    const mine = counting.then(async () => {
      await lookUps.settle();
      await countReceived({ database, intakes }, Math.floor(clock.now() / 1000), all);
    });
    counting = mine.catch(() => undefined);
    return mine.catch((error: unknown) => {
      if (!all.aborted) {
        throw error;
      }
    });
  };
  const unsubscribe = parts.countsAtOnce
    ? intakes.onReady(() => void count(stopping.signal).catch(onFault))
    : () => undefined;

  return {
    startSampling: (timer) =>
      startSampling({
        database,
        size,
        slow: [createCacheAge(database), createEnvironment({ database, intakes, timer })],
        beside: count,
        timer,
        onFault,
      }),
    asReceived: (lookup) => receivedLookup(lookup, lookUps),
    async settle(signal) {
      // What was received is one figure of many: the others are told without it.
      await count(signal).catch(onFault);
      await lookOnce({ database, size }, clock.now()).catch(onFault);
      if (await database.read('hasMetricEvents', undefined)) {
        await database.write('foldMetrics', undefined, 'person');
      }
    },
    async dispose() {
      unsubscribe();
      stopping.abort();
      await counting;
      await lookUps.settle();
    },
  };
}
