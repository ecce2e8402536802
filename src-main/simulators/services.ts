import { join } from 'node:path';
import type { LoggedRequest, SimulatorOptions } from './port.ts';
import { SIMULATED_TANIUM } from './tanium/port.ts';
import { createTaniumSimulator } from './tanium/simulator.ts';
import { createThreatConnectSimulator } from './threatconnect/simulator.ts';

/** What threat sync speaks to, besides sources. */
export const SIMULATED_SERVICES = ['threatconnect', 'tanium'] as const;
export type SimulatedService = (typeof SIMULATED_SERVICES)[number];

/** What the simulated API user of ThreatConnect proves itself with. It opens nothing but a simulator. */
export const SIMULATED_THREATCONNECT = {
  accessId: 'simulated-access-id',
  secretKey: 'simulated-secret-key',
  token: 'APIV2:simulated-token',
} as const;

export interface ServiceOptions {
  /** 0, the default, takes a free port. */
  readonly ports: Readonly<Partial<Record<SimulatedService, number>>>;
  readonly latencyMs: SimulatorOptions['latencyMs'];
  readonly faultShare: number;
  readonly seed: number;
  readonly now: () => number;
  /** Indicators ThreatConnect begins with. */
  readonly indicators: number;
  /** An existing folder in which Tanium keeps what it holds, so that the next one goes on from there; null forgets it. */
  readonly folder: string | null;
  readonly onRequest: (service: SimulatedService, request: LoggedRequest) => void;
}

/** A service that runs, with all that a job has to be told. */
export interface RunningService {
  readonly service: SimulatedService;
  readonly label: string;
  readonly url: string;
  /** By the simulator's own names: `accessId`, `secretKey` and `token`, or `username`, `password` and `token`. */
  readonly credentials: Readonly<Record<string, string>>;
}

const LABELS: Readonly<Record<SimulatedService, string>> = { threatconnect: 'ThreatConnect', tanium: 'Tanium' };
/** What Tanium writes into its folder. */
const TANIUM_FILE = 'simulated-tanium.jsonl';
/** What a log keeps: enough to look at, little enough to run for weeks. */
const KEPT_REQUESTS = 100;

/** Starts both services, or none: when one cannot listen, the other is closed and the reason is thrown. */
export async function startServices(
  options: ServiceOptions,
): Promise<{ readonly services: readonly RunningService[]; close(): Promise<void> }> {
  const running: { readonly about: RunningService; close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(running.map((one) => one.close()));
  };
  try {
    for (const service of SIMULATED_SERVICES) {
      const { simulator, credentials } = await CREATE[service](options);
      const about = { service, label: LABELS[service], url: simulator.url, credentials };
      running.push({ about, close: () => simulator.close() });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { services: running.map(({ about }) => about), close };
}

interface Created {
  readonly simulator: { readonly url: string; close(): Promise<void> };
  readonly credentials: RunningService['credentials'];
}

const CREATE: Readonly<Record<SimulatedService, (options: ServiceOptions) => Promise<Created>>> = {
  async threatconnect(options) {
    const credentials = SIMULATED_THREATCONNECT;
    const { indicators } = options;
    return {
      credentials,
      simulator: await createThreatConnectSimulator({
        ...credentials,
        indicators,
        ...common('threatconnect', options),
      }),
    };
  },
  async tanium(options) {
    const persist = options.folder === null ? null : join(options.folder, TANIUM_FILE);
    return {
      credentials: SIMULATED_TANIUM,
      simulator: await createTaniumSimulator({ ...SIMULATED_TANIUM, persist, ...common('tanium', options) }),
    };
  },
};

function common(service: SimulatedService, { ports, latencyMs, faultShare, seed, now, onRequest }: ServiceOptions) {
  return {
    port: ports[service] ?? 0,
    latencyMs,
    faultShare,
    seed,
    now,
    keepLog: KEPT_REQUESTS,
    onRequest: (request: LoggedRequest) => onRequest(service, request),
  };
}
