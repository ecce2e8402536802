import type { LoggedRequest, Simulator, SimulatorOptions } from './port.ts';
import { createRecordedFutureSimulator } from './recorded-future/simulator.ts';
import { createA1000Simulator } from './reversinglabs-a1000/simulator.ts';
import { SIMULATED_USER } from './reversinglabs-titaniumcloud/api.ts';
import { createTitaniumCloudSimulator } from './reversinglabs-titaniumcloud/simulator.ts';
import { createVirusTotalSimulator } from './virustotal/simulator.ts';
import { createWildFireSimulator } from './wildfire/simulator.ts';

interface Simulated {
  readonly label: string;
  readonly key: string;
  readonly create: (options: SimulatorOptions) => Promise<Simulator>;
  /** What a source has to be told besides the key, by the names of its settings. */
  readonly options?: Readonly<Record<string, string>>;
}

/** Sources that can be simulated, with the key each simulator accepts. These keys open nothing but a simulator. */
export const SIMULATED = {
  wildfire: { label: 'WildFire', key: 'simulated-wildfire-key', create: createWildFireSimulator },
  'recorded-future': {
    label: 'Recorded Future',
    key: 'simulated-recorded-future-key',
    create: createRecordedFutureSimulator,
  },
  'reversinglabs-a1000': {
    label: 'ReversingLabs A1000',
    key: 'simulated-reversinglabs-a1000-key',
    create: createA1000Simulator,
  },
  'reversinglabs-titaniumcloud': {
    label: 'ReversingLabs TitaniumCloud',
    key: 'simulated-reversinglabs-titaniumcloud-key',
    create: createTitaniumCloudSimulator,
    options: { username: SIMULATED_USER },
  },
  virustotal: { label: 'VirusTotal', key: 'simulated-virustotal-key', create: createVirusTotalSimulator },
} as const satisfies Readonly<Record<string, Simulated>>;

export type SimulatedSource = keyof typeof SIMULATED;
export const SIMULATED_SOURCES = Object.keys(SIMULATED) as SimulatedSource[];

export interface StartOptions {
  /** 0, the default, takes a free port. */
  readonly ports: Readonly<Partial<Record<SimulatedSource, number>>>;
  /** None where nothing is said. */
  readonly limits: Readonly<Partial<Record<SimulatedSource, SimulatorOptions['limits']>>>;
  readonly latencyMs: SimulatorOptions['latencyMs'];
  readonly faultShare: number;
  readonly seed: number;
  readonly now: () => number;
  readonly onRequest: (source: SimulatedSource, request: LoggedRequest) => void;
}

export interface RunningSimulator {
  readonly source: SimulatedSource;
  readonly label: string;
  readonly url: string;
  readonly key: string;
  /** What the source has to be told besides the key, by the names of its settings. */
  readonly options: Readonly<Record<string, string>>;
  readonly limits: SimulatorOptions['limits'];
}

const NO_LIMITS: SimulatorOptions['limits'] = { perMinute: null, perDay: null, perMonth: null };

/** What a simulator's log keeps here: enough to look at, little enough to run for weeks. */
const KEPT_REQUESTS = 100;

/** Starts every simulator, or none: when one cannot listen, those that do are closed and the reason is thrown. */
export async function startSimulators(
  options: StartOptions,
): Promise<{ readonly simulators: readonly RunningSimulator[]; close(): Promise<void> }> {
  const running: { readonly simulator: Simulator; readonly about: RunningSimulator }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(running.map(({ simulator }) => simulator.close()));
  };
  try {
    for (const source of SIMULATED_SOURCES) {
      const { label, key, create, options: told = {} } = entryOf(source);
      const limits = options.limits[source] ?? NO_LIMITS;
      const simulator = await create({
        port: options.ports[source] ?? 0,
        key,
        limits,
        latencyMs: options.latencyMs,
        faultShare: options.faultShare,
        seed: options.seed,
        now: options.now,
        minuteMs: 60_000,
        tls: null,
        onRequest: (request) => options.onRequest(source, request),
        keepLog: KEPT_REQUESTS,
      });
      running.push({ simulator, about: { source, label, url: simulator.url, key, options: told, limits } });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { simulators: running.map(({ about }) => about), close };
}

function entryOf(source: SimulatedSource): Simulated {
  return SIMULATED[source];
}
