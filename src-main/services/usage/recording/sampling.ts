import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GaugeKind } from '../../../db/change-kinds.ts';
import { CHANGE } from '../../../db/change-kinds.ts';
import type { Database } from '../../../db/port.ts';
import type { GaugeValue } from '../../../db/repositories/metrics/gauges.ts';
import type { Timer } from '../../../jobs/outbound/port.ts';

const MINUTE_MS = 60_000;
/** What takes long is looked at by those who stay: not in the first minutes. */
const SETTLED_MS = 5 * MINUTE_MS;
/** Somebody who looks each minute was here so lately. */
const LATELY_SECONDS = 150;

/** What a look at gauges found: all of the values of these kinds that are not 0. */
export interface Looked {
  readonly kinds: readonly GaugeKind[];
  readonly values: readonly GaugeValue[];
}

/** A look that takes longer than a moment, in short steps. Null: nothing new since the last time. */
export type SlowLook = (now: number, signal: AbortSignal) => Promise<Looked | null>;

interface ListLook {
  look(at: number): Promise<Looked>;
  dispose(): void;
}

export interface SamplingParts {
  readonly database: Pick<Database, 'read' | 'write' | 'onChange'>;
  /** Bytes as the maximum size counts them. */
  readonly size: () => Promise<{ readonly bytes: number }>;
  /** Those of one term: what they say first is written whether it changed or not. */
  readonly slow: readonly SlowLook[];
  /** Work that is done beside each look. */
  readonly beside?: (signal: AbortSignal) => Promise<void>;
  readonly timer: Timer;
  readonly onFault: (error: unknown) => void;
}

/**
 * Looks at gauges at the beginning of each minute and writes those down that changed, with the stretch of time in which
 * somebody looked; folds what was recorded meanwhile. Only one process does it at a time. Returns the end of it, which
 * looks once more.
 */
export function startSampling(parts: SamplingParts): () => Promise<void> {
  const { database, timer, onFault } = parts;
  const stopping = new AbortController();
  const startedAt = timer.steady();
  const lists = createListLook(database);
  const known = new Set<SlowLook>();
  const quick = createTurn(onFault);
  const slow = createTurn(onFault);
  let disarm = (): void => undefined;

  const tick = (): void => {
    disarm = timer.after(MINUTE_MS - (timer.now() % MINUTE_MS), tick);
    quick.take(async () => {
      await look();
      // What takes minutes keeps nobody from looking each minute.
      slow.take(slowly);
    });
  };
  tick();
  return async () => {
    stopping.abort();
    disarm();
    await quick.ended();
    await slow.ended();
    await look().catch(onFault);
    lists.dispose();
  };

  async function look(): Promise<void> {
    const looked = await quickLook(parts, lists, Math.floor(timer.now() / 1000));
    await database.write('foldMetrics', undefined, 'bulk');
    await note(looked);
  }

  async function slowly(): Promise<void> {
    const { signal } = stopping;
    await parts.beside?.(signal);
    if (timer.steady() - startedAt < SETTLED_MS) {
      return;
    }
    for (const lookSlowly of parts.slow) {
      if (signal.aborted) {
        return;
      }
      const looked = await lookSlowly(timer.now(), signal).catch((error: unknown) => {
        if (!signal.aborted) {
          onFault(error);
        }
        return null;
      });
      if (looked !== null) {
        await note({ ...looked, anew: !known.has(lookSlowly) });
        known.add(lookSlowly);
      }
      await nextTurn();
    }
  }

  async function note(looked: Looked & { readonly anew?: boolean }): Promise<void> {
    await database.write('noteGauges', { at: Math.floor(timer.now() / 1000), ...looked }, 'bulk');
  }
}

/** Work of which there is one at a time: what comes meanwhile is left out, for a look that takes long is one look. */
function createTurn(onFault: (error: unknown) => void): {
  take(work: () => Promise<void>): void;
  ended(): Promise<void>;
} {
  let running: Promise<void> | null = null;
  return {
    take(work) {
      running ??= work()
        .catch(onFault)
        .finally(() => {
          running = null;
        });
    },
    ended: async () => running ?? undefined,
  };
}

/**
 * One quick look for somebody who asks while nobody looks each minute, as on a machine where only commands are used. `now` is
 * milliseconds since the epoch. Nothing where somebody looked in the last minutes.
 */
export async function lookOnce(parts: Pick<SamplingParts, 'database' | 'size'>, now: number): Promise<void> {
  const { database } = parts;
  const at = Math.floor(now / 1000);
  const seen = await database.read('metricPresence', { from: at - LATELY_SECONDS, to: at + 1 });
  if (seen.length > 0) {
    return;
  }
  const lists = createListLook(database);
  try {
    await database.write('noteGauges', { at, ...(await quickLook(parts, lists, at)) }, 'bulk');
  } finally {
    lists.dispose();
  }
}

/** What is known at once: the size, and the hash list as it was counted when it changed last. */
async function quickLook(parts: Pick<SamplingParts, 'size'>, lists: ListLook, at: number): Promise<Looked> {
  const [{ bytes }, listed] = [await parts.size(), await lists.look(at)];
  return {
    kinds: ['databaseBytes', ...listed.kinds],
    values: [{ kind: 'databaseBytes', amount: bytes }, ...listed.values],
  };
}

/** Entries of the hash list by side, counted again when the list changed or an entry expired. */
function createListLook(database: SamplingParts['database']): ListLook {
  let isChanged = true;
  let counted: Looked = { kinds: [], values: [] };
  let countedAt = 0;
  let nextExpiry: number | null = null;
  const dispose = database.onChange(({ kinds }) => {
    isChanged ||= kinds.includes(CHANGE.listEntry);
  });
  return {
    async look(at) {
      // By a clock that was set back entries may be in force again.
      if (isChanged || at < countedAt || (nextExpiry !== null && at >= nextExpiry)) {
        isChanged = false;
        const totals = await database.read('listTotals', { at }).catch((error: unknown) => {
          isChanged = true;
          throw error;
        });
        nextExpiry = totals.nextExpiry;
        countedAt = at;
        counted = {
          kinds: ['listEntries'],
          values: (['malicious', 'non-malicious'] as const)
            .map((side) => ({ kind: 'listEntries', detail: side, amount: totals[side] }) as const)
            .filter(({ amount }) => amount > 0),
        };
      }
      return counted;
    },
    dispose,
  };
}
