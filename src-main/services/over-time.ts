import type { Clock } from '../platform/clock.ts';
import type { Database } from '../db/port.ts';
import type { SettingsService } from '../settings/settings.ts';
import type { EngineOptions } from './engine-port.ts';
import type { HashListService } from './hash-list/port.ts';
import { createHistory } from './history/history.ts';
import { startTellingFlips } from './history/tell-flips.ts';
import type { HistoryService } from './history/port.ts';
import type { IntakeService } from './intake/port.ts';
import type { ReviewService } from './review/port.ts';
import { createReview } from './review/review.ts';
import type { SourcesService } from './sources/port.ts';
import type { UsageService } from './usage/port.ts';
import type { Recording } from './usage/recording/recording.ts';
import { createUsage } from './usage/usage.ts';

const MINUTE_MS = 60_000;

export interface OverTime {
  readonly history: HistoryService;
  readonly review: ReviewService;
  readonly usage: UsageService;
  dispose(): Promise<void>;
}

/**
 * What changes with time: histories, flips and telling them, disagreements, what was used. Where a window may show them, the list of disagreements is kept
 * true in the background when thresholds change; the terminal does so before it lists them.
 */
export function createOverTime(parts: {
  readonly options: Pick<EngineOptions, 'shell' | 'notifications' | 'onFault' | 'asking'>;
  readonly database: Database;
  readonly clock: Clock;
  readonly settings: SettingsService;
  readonly intakes: IntakeService;
  readonly hashList: HashListService;
  readonly sources: SourcesService;
  readonly recording: Pick<Recording, 'settle'>;
}): OverTime {
  const { options, settings } = parts;
  const history = createHistory(parts);
  const review = createReview(parts);
  const stop = new AbortController();
  let settling: Promise<void> = Promise.resolve();
  const settle = (): void => {
    settling = settling
      .then(() => review.settle(stop.signal))
      .catch((error: unknown) => {
        if (!stop.signal.aborted) {
          options.onFault?.('review', error);
        }
      });
  };
  const unsubscribe = options.shell === 'terminal' ? () => undefined : settings.onChange(settle);
  if (options.shell !== 'terminal') {
    settle();
  }
  const { notifications } = options;
  const stopTelling =
    notifications === undefined
      ? () => Promise.resolve()
      : startTellingFlips({
          ...parts,
          history,
          notifications,
          onFault: (error) => options.onFault?.('flips', error),
        });
  return {
    history,
    review,
    usage: createUsage({ ...parts, minuteMs: options.asking?.minuteMs ?? MINUTE_MS }),
    async dispose() {
      await stopTelling();
      unsubscribe();
      stop.abort();
      await settling;
    },
  };
}
