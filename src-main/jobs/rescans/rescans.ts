import type { LifePolicy } from '#shared/domain/life.ts';
import { sourceCode } from '#shared/domain/source.ts';
import { lifePolicyOf } from '#shared/settings/life-policy.ts';
import type { Settings } from '#shared/settings/schema.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import type { ReadySource } from '../../services/sources/port.ts';
import { pause } from '../outbound/pause.ts';
import { createSleeper } from '../outbound/sleeper.ts';
import { createCadence, sweepPeriod } from './cadence.ts';
import type { Candidates } from './candidates.ts';
import { feedSource } from './feed.ts';
import type { RescanParts } from './port.ts';
import { sweep, type SweepArgs } from './sweep.ts';

/** The queue changes with every request: looking this often is enough. */
const LEAST_BETWEEN_MS = 1_000;
/** A machine that slept, or whose clock was set, is noticed within this time: what is due has waited for days. */
const HEARTBEAT_MS = 600_000;
/** After a fault of its own. */
const AGAIN_MS = 60_000;

/** Sources that can be asked, and what holds for asking them again. */
interface Present {
  readonly sources: readonly ReadySource[];
  readonly policy: LifePolicy;
  /** Codes of sources that are asked again by themselves. */
  readonly rescanning: readonly number[];
  /** Codes of sources that may be asked without a person. */
  readonly unasked: readonly number[];
}

/**
 * Queues what is due to be asked again, for as long as it runs: looks through all items now and then, and keeps the part
 * of the queue that holds rescans short, so that what is most urgent goes first whenever it was found. Runs in the
 * outbound owner only. Returns the end of it.
 */
export function startRescans(parts: RescanParts): () => Promise<void> {
  const { timer } = parts;
  const stopping = new AbortController();
  const sleeper = createSleeper(timer, HEARTBEAT_MS);
  const cadence = createCadence(timer);
  let candidates: Candidates | null = null;
  let sweptFor = '';
  const unsubscribe = parts.onChange(() => sleeper.wake());
  const running = run();

  return async () => {
    stopping.abort();
    unsubscribe();
    sleeper.wake();
    await running;
  };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const since = sleeper.wakes;
      let until: number | null;
      try {
        until = await look();
      } catch (error) {
        parts.onFault(error);
        until = timer.now() + AGAIN_MS;
      }
      if (!stopping.signal.aborted) {
        await sleeper.sleep(until, since);
        await pause(timer, LEAST_BETWEEN_MS, stopping.signal);
      }
    }
  }

  /** Sweeps when it is time, feeds what is short. Says when to look again, milliseconds since the epoch; null: when woken. */
  async function look(): Promise<number | null> {
    const settings = await parts.settings();
    if (settings.offline) {
      return null;
    }
    const present = await presentOf(parts, settings);
    await dropForeign(present);
    if (present.unasked.length === 0) {
      return null;
    }
    const wait = await sweepInTime(present, settings);
    await feedAll(present);
    return timer.now() + Math.max(0, wait);
  }

  /** Milliseconds until the next sweep. */
  async function sweepInTime(present: Present, settings: Settings): Promise<number> {
    const { policy, unasked } = present;
    const { thresholds } = policyOf(settings);
    const period = sweepPeriod(policy);
    const wanted = JSON.stringify([policy, thresholds, unasked]);
    const isWanted = wanted !== sweptFor || candidates?.isUsedUp() === true;
    const wait = cadence.wait(period, isWanted);
    if (wait > 0) {
      return wait;
    }
    const args: SweepArgs = { now: seconds(timer.now()), policy, thresholds, unasked };
    const swept = await sweep(parts, args, stopping.signal);
    if (swept === null) {
      return period;
    }
    cadence.swept(swept.busyMs);
    sweptFor = wanted;
    ({ candidates } = swept);
    return cadence.wait(period, false);
  }

  async function feedAll(present: Present): Promise<void> {
    const groups = await parts.store.groups();
    for (const source of present.sources) {
      const code = sourceCode(source.provider.facts.source);
      for (const purpose of ['rescan', 'new'] as const) {
        const may = purpose === 'rescan' ? present.rescanning : present.unasked;
        if (candidates !== null && may.includes(code) && !stopping.signal.aborted) {
          const waiting = groups.find((group) => group.source === code && group.purpose === purpose)?.waiting ?? 0;
          await feedSource(parts, candidates, { source, purpose, waiting, policy: present.policy });
        }
      }
    }
  }

  /** What was queued before rescans of a source were switched off, or its key became a public one: it is asked no more. */
  async function dropForeign(present: Present): Promise<void> {
    for (const { source, purpose, waiting } of await parts.store.groups()) {
      const isReady = present.sources.some(({ provider }) => sourceCode(provider.facts.source) === source);
      const may = purpose === 'rescan' ? present.rescanning : present.unasked;
      if (waiting > 0 && isReady && !may.includes(source)) {
        await parts.store.drop(source, purpose, timer.now());
      }
    }
  }
}

async function presentOf(parts: RescanParts, settings: Settings): Promise<Present> {
  const ready = await Promise.all(parts.facts.map(({ source }) => parts.ready(source)));
  const sources = ready.flatMap((one) => (one.ok ? [one.source] : []));
  const policy = lifePolicyOf(
    settings,
    sources.map(({ config, provider: { facts } }) => ({
      source: facts.source,
      config,
      hasNewItems: facts.hasNewItems,
    })),
  );
  const codesOf = (of: readonly ReadySource[]): readonly number[] =>
    of.map(({ provider }) => sourceCode(provider.facts.source));
  return {
    sources,
    policy,
    rescanning: codesOf(sources.filter(({ provider }) => policy.sources[provider.facts.source]?.rescans === true)),
    unasked: codesOf(sources.filter(({ config }) => config.plan !== 'public')),
  };
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
