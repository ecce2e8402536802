import { isDeepStrictEqual } from 'node:util';
import type { UsageStrip } from '#shared/contract/usage.ts';
import { lastRange, type LastRange } from '#shared/domain/usage/last-range.ts';
import type { PanelId } from '#shared/domain/usage/panels.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../db/port.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { SourcesService } from '../sources/port.ts';
import { readFailures } from './failures.ts';
import { soonestOf } from './forecast/forecast.ts';
import { gatherForecasts } from './forecast/gather.ts';
import type { UsageService } from './port.ts';
import { readPanel, type ReadParts } from './read-panel.ts';
import type { Recording } from './recording/recording.ts';
import { readSaved } from './saved.ts';
import { readSoFar } from './so-far.ts';

export interface UsageParts {
  readonly database: Database;
  readonly settings: SettingsService;
  readonly sources: SourcesService;
  readonly clock: Clock;
  readonly recording: Pick<Recording, 'settle'>;
  readonly minuteMs: number;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
/** What the home of Triage shows. */
const STRIP: readonly PanelId[] = ['outbound-items', 'inbound-items', 'calls-avoided', 'outbound-failed'];

/** What Assay did, told from what was recorded: every answer holds what any process recorded before it was asked for. */
export function createUsage(parts: UsageParts): UsageService {
  const { database, settings, sources, clock } = parts;

  const settle = oneAfterAnother(() => parts.recording.settle(new AbortController().signal));
  /** What was recorded and not added up yet would be missing. */
  const upToDate = async (): Promise<ReadParts> => {
    await settle();
    const [{ usageMinuteDays: minuteDays, usageHourDays: hourDays }, letGo] = await Promise.all([
      settings.get(),
      database.read('metricsLetGo', undefined),
    ]);
    return { database, retention: { minuteDays, hourDays, letGo }, now: Math.floor(clock.now() / 1000) };
  };
  /** Reads again where some of what it may have read was let go meanwhile: what is missing would be told as nothing. */
  const whileKept = async <T>(read: (from: ReadParts) => Promise<T>): Promise<T> => {
    for (;;) {
      const from = await upToDate();
      const told = await read(from);
      if (isDeepStrictEqual(await database.read('metricsLetGo', undefined), from.retention.letGo)) {
        return told;
      }
    }
  };
  const forecasts = async () => {
    await upToDate();
    return gatherForecasts(parts, clock.now());
  };

  return {
    async panel(query) {
      const started = performance.now();
      const data = await whileKept((read) => readPanel(read, query));
      return { ...data, elapsedMs: performance.now() - started };
    },
    async forecast() {
      const at = Math.floor(clock.now() / 1000);
      return { at, rows: await forecasts() };
    },
    async saved(range) {
      return whileKept((read) => readSaved({ ...read, settings, sources }, range));
    },
    async failures(range) {
      return whileKept((read) => readFailures(read, range));
    },
    async soFar(kinds) {
      return whileKept((read) => readSoFar(read, kinds));
    },
    async strip() {
      return whileKept(async (read) => {
        const range = lastRange(DAY, read.now);
        const { from, to } = range;
        const [rows, ...items] = await Promise.all([
          gatherForecasts(parts, clock.now()),
          ...STRIP.map((panel) => stripItem(read, panel, range)),
        ]);
        return { from, to, items, soonest: soonestOf(rows) };
      });
    },
  };
}

/** Read as the board reads the same day, so that both say the same. */
async function stripItem(
  read: ReadParts,
  panel: PanelId,
  { from, to, bars }: LastRange,
): Promise<UsageStrip['items'][number]> {
  const data = await readPanel(read, { panel, from, to, points: bars, compare: false });
  const { total, totals, stepSeconds, text, recordedSince } = data;
  const values = inHours(totals, stepSeconds);
  return { panel, total: recordedSince === null ? null : total, values, text };
}

/** Values of whole hours, from those of parts of an hour; of longer intervals as they are. */
function inHours(values: readonly (number | null)[], stepSeconds: number): (number | null)[] {
  const each = Math.max(1, HOUR / stepSeconds);
  return Array.from({ length: Math.ceil(values.length / each) }, (_, hour) => {
    const known = values.slice(hour * each, (hour + 1) * each).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
}

/**
 * Runs the work after every call of it: those that come while it runs share one further run, as what is under way may have
 * passed what they ask for.
 */
function oneAfterAnother(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const begin = (): Promise<void> => {
    next = null;
    const mine = work().finally(() => {
      running = running === mine ? null : running;
    });
    running = mine;
    return mine;
  };
  return () => {
    if (running === null) {
      return begin();
    }
    next ??= running.then(begin, begin);
    return next;
  };
}
