import { openKept, type Kept } from './kept.ts';
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
  /**
   * An existing folder in which they keep what they are, so that the next ones go on from there: the ports, if they are
   * still free, the moment ThreatConnect's indicators are seeded for, and all that Tanium holds. Null forgets it.
   */
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
  const kept = openKept(options.folder, options.now());
  try {
    for (const service of SIMULATED_SERVICES) {
      const { simulator, credentials } = await createOn(service, kept, options);
      kept.usePort(service, Number(new URL(simulator.url).port));
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

/** On the port that was asked for, else on the one it had, else on a free one. */
async function createOn(service: SimulatedService, kept: Kept, options: ServiceOptions): Promise<Created> {
  const asked = options.ports[service] ?? 0;
  const before = kept.portOf(service);
  if (asked !== 0 || before === null) {
    return CREATE[service](asked, kept, options);
  }
  return CREATE[service](before, kept, options).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
      return CREATE[service](0, kept, options);
    }
    throw error;
  });
}

const CREATE: Readonly<
  Record<SimulatedService, (port: number, kept: Kept, options: ServiceOptions) => Promise<Created>>
> = {
  async threatconnect(port, { seededAt }, options) {
    const credentials = SIMULATED_THREATCONNECT;
    const { indicators } = options;
    return {
      credentials,
      simulator: await createThreatConnectSimulator({
        ...credentials,
        port,
        indicators,
        seededAt,
        ...common('threatconnect', options),
      }),
    };
  },
  async tanium(port, { taniumFile }, options) {
    return {
      credentials: SIMULATED_TANIUM,
      simulator: await createTaniumSimulator({
        ...SIMULATED_TANIUM,
        port,
        persist: taniumFile,
        ...common('tanium', options),
      }),
    };
  },
};

function common(service: SimulatedService, { latencyMs, faultShare, seed, now, onRequest }: ServiceOptions) {
  return {
    latencyMs,
    faultShare,
    seed,
    now,
    keepLog: KEPT_REQUESTS,
    onRequest: (request: LoggedRequest) => onRequest(service, request),
  };
}
