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
  /** Calls that the simulator saw in the windows, over those that the limit allows. */
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
    try {
      const needed = plan.perMinute * (plan.windows + 2);
      await queueNew(
        engine,
        plan.source,
        Array.from({ length: needed }, (_, n) => soakDigest(plan.perMinute, n)),
      );
      const giveUp = engine.outbound.seek();
      await until(() => span(simulator.log) >= plan.windows * plan.minuteMs, plan.minuteMs * (plan.windows + 3));
      await giveUp();
    } finally {
      await engine.dispose();
    }
    const [first] = simulator.log;
    const inSpan = simulator.log.filter(({ at }) => at < (first?.at ?? 0) + plan.windows * plan.minuteMs);
    const seen = inSpan.reduce((sum, { billed }) => sum + billed, 0);
    const allowed = plan.perMinute * plan.windows;
    return {
      name: plan.name,
      share: seen / allowed,
      allowed,
      limit: plan.perMinute,
      most: mostInWindow(simulator.log, plan.minuteMs),
      refused: simulator.log.filter(({ status }) => status === 429 || status === 419).length,
    };
  } finally {
    await simulator.close();
  }
}

function span(log: readonly { readonly at: number }[]): number {
  const [first, last] = [log[0], log.at(-1)];
  return first === undefined || last === undefined ? 0 : last.at - first.at;
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
