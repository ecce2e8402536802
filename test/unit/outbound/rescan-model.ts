import { dueBy, type LifePolicy, type LivingItem } from '#shared/domain/life.ts';
import type { Status } from '#shared/domain/status.ts';
import { defaultSettings, type Settings } from '#shared/settings/schema.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import { DUE_CLASS } from '#main/db/repositories/life/due.ts';
import type { FeedArgs } from '#main/db/repositories/asking/queue/feed-rescans.ts';
import type { RescanParts } from '#main/jobs/rescans/port.ts';
import { startRescans } from '#main/jobs/rescans/rescans.ts';
import type { Provider, ProviderFacts } from '#main/providers/port.ts';
import { plainConfig } from './answers.ts';
import { fakeTime, type FakeTime } from './fake-time.ts';

const WILDFIRE = 1;
const MOST_IDS = 100_000;

export interface ModelItem {
  scannedAt: number | null;
  notBefore: number | null;
  readonly status: Status;
  readonly isUnasked?: boolean;
}

/** Items of one source in memory, and the part of the queue that is fed; what is asked about is answered by the test. */
export interface RescanWorld {
  readonly time: FakeTime;
  readonly items: Map<number, ModelItem>;
  /** File ids that wait, by group. */
  readonly queue: { readonly rescan: Set<number>; readonly new: Set<number> };
  readonly feeds: FeedArgs[];
  readonly faults: unknown[];
  /** Milliseconds of the steady clock at which sweeps began. */
  readonly sweeps: number[];
  config: SourceConfig;
  settings: Settings;
  isReady: boolean;
  /** Milliseconds one read of a sweep takes. */
  readMs: number;
  /** Nothing may be queued. */
  isHeld: boolean;
  /** Something changed. */
  wake(): void;
  /** All that waits is answered now. */
  answer(): number[];
  stop(): Promise<void>;
}

export function rescanWorld(change: Partial<SourceConfig> = {}, settings: Partial<Settings> = {}): RescanWorld {
  const time = fakeTime();
  let steadySlip = 0;
  const timer = { ...time, now: () => time.now(), steady: () => time.steady() + steadySlip };
  const listeners = new Set<() => void>();
  const facts = {
    source: 'wildfire',
    takes: ['sha256'],
    mostHashesPerRequest: 500,
    hasNewItems: false,
  } as unknown as ProviderFacts;
  const world: RescanWorld = {
    time,
    items: new Map(),
    queue: { rescan: new Set(), new: new Set() },
    feeds: [],
    faults: [],
    sweeps: [],
    config: { ...plainConfig, hashesPerRequest: 50, ...change },
    settings: { ...defaultSettings(), rescanItemDays: 30, notKnownDays: 30, ...settings },
    isReady: true,
    readMs: 0,
    isHeld: false,
    wake: () => listeners.forEach((listener) => listener()),
    answer() {
      const asked = [...world.queue.rescan, ...world.queue.new];
      for (const id of asked) {
        const item = world.items.get(id);
        world.items.set(id, { status: item?.status ?? 'unknown', scannedAt: seconds(time.now()), notBefore: null });
      }
      world.queue.rescan.clear();
      world.queue.new.clear();
      world.wake();
      return asked;
    },
    stop: () => end(),
  };
  const parts: RescanParts = {
    timer,
    facts: [facts],
    ready: async () =>
      world.isReady
        ? { ok: true, source: { provider: { facts } as Provider, config: world.config, context: {} as never } }
        : { ok: false, sentence: 'No key.' },
    settings: async () => world.settings,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onFault: (error) => world.faults.push(error),
    store: {
      async dueItems({ from, to, now, policy, unasked }) {
        if (from === 0) {
          world.sweeps.push(time.steady());
        }
        steadySlip += world.readMs;
        const found: number[] = [];
        for (const [id, item] of world.items) {
          const [due, of] =
            item.isUnasked === true
              ? [unaskedDue(item, unasked), DUE_CLASS.unasked]
              : [dueOf(item, policy, now), classOf(item)];
          if (id >= from && id < to && due !== null && due <= now) {
            found.push(id, WILDFIRE, due, of);
          }
        }
        return {
          found: Float64Array.from(found),
          next: to < MOST_IDS && world.items.size > 0 && Math.max(...world.items.keys()) >= to ? to : null,
        };
      },
      async feed(args) {
        world.feeds.push(args);
        if (world.isHeld) {
          return { queued: 0, looked: 0 };
        }
        let queued = 0;
        for (const { id } of args.files) {
          const group = world.queue[args.purpose];
          queued += group.has(id) ? 0 : 1;
          group.add(id);
        }
        return { queued, looked: args.files.length };
      },
      groups: async () =>
        (['rescan', 'new'] as const).map((purpose) => ({
          source: WILDFIRE,
          purpose,
          waiting: world.queue[purpose].size,
        })),
      drop: async (_source, purpose) => world.queue[purpose].clear(),
    },
  };
  const end = startRescans(parts);
  return world;
}

function dueOf(item: ModelItem, policy: LifePolicy, now: number): number | null {
  const living: LivingItem = {
    source: 'wildfire',
    status: item.status,
    noAnswer: null,
    firstSeen: null,
    createdAt: 0,
    scannedAt: item.scannedAt,
    notBefore: item.notBefore,
  };
  return dueBy(living, policy, now);
}

function unaskedDue(item: ModelItem, unasked: readonly number[]): number | null {
  return unasked.includes(WILDFIRE) ? item.notBefore : null;
}

function classOf({ status }: ModelItem): number {
  return status === 'malicious' ? DUE_CLASS.malicious : DUE_CLASS.other;
}

export function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
