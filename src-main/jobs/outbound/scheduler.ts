import { sourceCode, type SourceId } from '#shared/domain/source.ts';
import { CHANGE } from '../../db/change-kinds.ts';
import type { Database } from '../../db/port.ts';
import type { SourcesService } from '../../services/sources/port.ts';
import type { SettingsService } from '../../settings/settings.ts';
import { createDispatch } from './dispatch.ts';
import { ledgerOf } from './ledger.ts';
import type { LoopParts, LoopView, Readiness, Timer } from './port.ts';
import { spendingOf } from './spending.ts';
import { createSourceLoop, type SourceLoop, type Wake } from './source-loop.ts';

export interface SchedulerParts {
  readonly database: Pick<Database, 'read' | 'write' | 'onChange'>;
  readonly sources: Pick<SourcesService, 'providers' | 'ready' | 'onChange'>;
  readonly settings: Pick<SettingsService, 'get'>;
  readonly timer: Timer;
  readonly random: () => number;
  readonly minuteMs: number;
  readonly avoid: boolean;
  readonly onFault: (error: unknown) => void;
}

/** Asks every source of this version, each in a loop of its own. Runs in the outbound owner only. */
export interface Scheduler {
  views(): LoopView[];
  /** Whether a source can be asked now, looked up once until something changes. */
  ready(source: SourceId): Promise<Readiness>;
  /** No new request starts; those on their way are awaited that long, and then broken off and put down as such. */
  stop(deadlineMs: number): Promise<void>;
}

/** For putting down what was broken off. */
const SETTLE_MS = 500;

export async function startScheduler(parts: SchedulerParts): Promise<Scheduler> {
  const { database, sources, timer } = parts;
  const readiness = createReadiness(sources, timer);
  const loops = new Map<SourceId, SourceLoop>();
  const common: Omit<LoopParts, 'source' | 'ready'> = {
    ledger: ledgerOf(database, parts.minuteMs),
    timer,
    random: parts.random,
    able: () => readiness.able(),
    spending: async () => spendingOf(await parts.settings.get()),
    minuteMs: parts.minuteMs,
    avoid: parts.avoid,
    onFault: parts.onFault,
  };
  for (const { facts } of sources.providers) {
    const { source } = facts;
    const dispatch = await createDispatch();
    loops.set(source, createSourceLoop({ ...common, source, ready: () => readiness.of(source) }, dispatch));
  }

  const wakeAll = (reason: Wake): void => {
    for (const loop of loops.values()) {
      loop.wake(reason);
    }
  };
  const unsubscribes = [
    database.onChange(({ kinds }) => {
      if (kinds.includes(CHANGE.source) || kinds.includes(CHANGE.setting)) {
        readiness.forget(null);
        wakeAll('source');
      } else if (kinds.includes(CHANGE.queue) || kinds.includes(CHANGE.listEntry)) {
        wakeAll('queue');
      }
    }),
    sources.onChange((source) => {
      readiness.forget(source);
      loops.get(source)?.wake('source');
      // Another source may wait for what this one says first.
      wakeAll('queue');
    }),
  ];

  return {
    views: () => [...loops.values()].map((loop) => loop.view()),
    ready: (source) => readiness.of(source),
    async stop(deadlineMs) {
      for (const unsubscribe of unsubscribes) {
        unsubscribe();
      }
      const controller = new AbortController();
      const stopped = Promise.all([...loops.values()].map((loop) => loop.stop(controller.signal)));
      const disarm = timer.after(deadlineMs, () => controller.abort());
      let giveUp = (): void => undefined;
      const waited = new Promise<void>((resolve) => {
        giveUp = timer.after(deadlineMs + SETTLE_MS, resolve);
      });
      // What does not even end when it is broken off stays reserved; the next owner puts it down as lost.
      await Promise.race([stopped, waited]);
      disarm();
      giveUp();
    },
  };
}

/** For how long "no key" is believed: a store may be opened without a word to anybody. */
const UNREADY_MS = 10_000;

/** Whether sources can be asked, looked up once until something changes: keys may be in a slow store. */
function createReadiness(
  sources: Pick<SourcesService, 'providers' | 'ready'>,
  timer: Timer,
): {
  of(source: SourceId): Promise<Readiness>;
  able(): Promise<readonly number[]>;
  forget(source: SourceId | null): void;
} {
  const known = new Map<SourceId, Promise<Readiness>>();
  const of = (source: SourceId): Promise<Readiness> => {
    const before = known.get(source);
    if (before !== undefined) {
      return before;
    }
    const forget = (): void => {
      if (known.get(source) === asked) {
        known.delete(source);
      }
    };
    const asked = sources.ready(source);
    known.set(source, asked);
    asked.then((ready) => (ready.ok ? undefined : timer.after(UNREADY_MS, forget)), forget);
    return asked;
  };
  return {
    of,
    async able() {
      const ready = await Promise.all(sources.providers.map(({ facts }) => of(facts.source)));
      return sources.providers.flatMap(({ facts }, index) =>
        ready[index]?.ok === true ? [sourceCode(facts.source)] : [],
      );
    },
    forget(source) {
      if (source === null) {
        known.clear();
      } else {
        known.delete(source);
      }
    },
  };
}
