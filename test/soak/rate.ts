import type { SimulatedSource } from '#main/simulators/start.ts';
import { mostInWindow } from './sliding-window.ts';
import { openAsking, queueNew, setUpDirectory, SIMULATED_KEYS, soakDigest, startSimulated } from './simulated.ts';

export interface RateCase {
  readonly name: string;
  readonly source: SimulatedSource;
  readonly perMinute: number;
  readonly concurrency: number;
}

/** A public key of VirusTotal, a paid one, and WildFire in batches. */
export const RATE_CASES: readonly RateCase[] = [
  { name: 'VirusTotal, 4 a minute', source: 'virustotal', perMinute: 4, concurrency: 4 },
  { name: 'VirusTotal, 240 a minute', source: 'virustotal', perMinute: 240, concurrency: 8 },
  { name: 'WildFire, 30 a minute', source: 'wildfire', perMinute: 30, concurrency: 2 },
];

export interface Rate {
  readonly name: string;
  /**
   * The allowed time over the time taken for as many windows of calls, between two calls that many windows apart: how
   * much of the allowed rate is kept up. The burst at the start, which no limit holds back, does not flatter it.
   */
  readonly share: number;
  readonly allowed: number;
  readonly limit: number;
  /** The most calls in any sliding minute of the simulator's own log. */
  readonly most: number;
  /** Requests the simulator refused for its quota. */
  readonly refused: number;
}

/**
 * Asks a simulator for that many windows with more hashes than fit, and counts what it saw. Latency is drawn from 50 to
 * 800 ms at a real minute and is scaled with its length.
 */
export async function measureRate(
  directory: string,
  plan: RateCase & { readonly minuteMs: number; readonly windows: number },
): Promise<Rate> {
  Object.assign(process.env, SIMULATED_KEYS);
  const scale = plan.minuteMs / 60_000;
  const simulator = await startSimulated(plan.source, {
    limits: { perMinute: plan.perMinute, perDay: null, perMonth: null },
    latencyMs: { least: 50 * scale, most: 800 * scale },
    minuteMs: plan.minuteMs,
  });
  try {
    await setUpDirectory(directory, {
      [plan.source]: {
        url: simulator.url,
        change: { callsPerMinute: plan.perMinute, concurrency: plan.concurrency, hashesPerRequest: 1 },
      },
    });
    const engine = await openAsking(directory, plan.minuteMs);
    const allowed = plan.perMinute * plan.windows;
    try {
      const needed = plan.perMinute * (plan.windows + 2);
      await queueNew(
        engine,
        plan.source,
        Array.from({ length: needed }, (_, n) => soakDigest(plan.perMinute, n)),
      );
      const giveUp = engine.outbound.seek();
      await until(() => callsOf(simulator.log).length > allowed, plan.minuteMs * (plan.windows * 1.2 + 3));
      await giveUp();
    } finally {
      await engine.dispose();
    }
    const times = callsOf(simulator.log);
    const taken = (times[allowed] ?? Number.POSITIVE_INFINITY) - (times[0] ?? 0);
    return {
      name: plan.name,
      share: (plan.windows * plan.minuteMs) / taken,
      allowed,
      limit: plan.perMinute,
      most: mostInWindow(simulator.log, plan.minuteMs),
      refused: simulator.log.filter(({ status }) => status === 429 || status === 419).length,
    };
  } finally {
    await simulator.close();
  }
}

/** When each billed call arrived, in order; one entry for each call. */
function callsOf(log: readonly { readonly at: number; readonly billed: number }[]): number[] {
  return log.flatMap(({ at, billed }) => Array.from({ length: billed }, () => at)).toSorted((a, b) => a - b);
}

async function until(isSo: () => boolean, patienceMs: number): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!isSo()) {
    if (performance.now() > end) {
      throw new Error('the simulator was not asked for long enough');
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
