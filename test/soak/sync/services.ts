import type { Fault } from '#main/simulators/port.ts';
import { seededRandom } from '#main/simulators/server/draw.ts';
import { createTaniumSimulator } from '#main/simulators/tanium/simulator.ts';
import { PROXY_PAGE, SIMULATED_TANIUM } from '#main/simulators/tanium/port.ts';
import { createThreatConnectSimulator } from '#main/simulators/threatconnect/simulator.ts';
import type { SyncJobChange } from '#shared/settings/sync-job.ts';
import type { SyncServices } from './rounds.ts';

/** A write that Threat Response did, whether or not anybody was told. */
export interface SeenWrite {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
}

/** Services that meet requests with faults now and then, and tell of each step. */
export interface FaultyServices extends SyncServices {
  readonly writes: readonly SeenWrite[];
  readonly met: () => { readonly toThreatConnect: number; readonly toTanium: number; readonly faults: number };
  /** From now on nothing fails. */
  calm(): void;
  /** Told of each request and, before and after, of each write. */
  onStep(listener: (() => void) | null): void;
  close(): Promise<void>;
}

const CREDENTIALS = {
  accessId: '12345678901234567890',
  secretKey: 'soak-secret-key-of-nobody',
  token: 'APIV2:simulated',
};
const LATE: Fault = { kind: 'status', status: 429, headers: { 'retry-after': '1' } };
const READ_FAULTS: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  LATE,
  PROXY_PAGE,
  { kind: 'cut' },
  { kind: 'html' },
  { kind: 'truncated' },
];
/** Where there are writes, every other fault is an answer that is lost after the write was done. */
const WRITE_FAULTS: readonly Fault[] = [...READ_FAULTS, ...READ_FAULTS.map((): Fault => ({ kind: 'lost' }))];
/** Requests of each that are kept; the soak counts them itself. */
const KEPT = 100;

/** What the processes find in their environment: secrets that open nothing but these simulators. */
export const SYNC_SECRETS_HERE = {
  ASSAY_SYNC_1_THREATCONNECT_KEY: CREDENTIALS.secretKey,
  ASSAY_SYNC_1_TANIUM_KEY: SIMULATED_TANIUM.password,
} as const;

/** Starts both services with as many indicators, seeded; a share of all requests is met by faults. */
export async function startServices(plan: {
  readonly indicators: number;
  readonly seed: number;
  readonly seededAt: number;
  readonly faultShare: number;
}): Promise<FaultyServices> {
  const { seed, indicators, seededAt } = plan;
  let share = plan.faultShare;
  let listener: (() => void) | null = null;
  const met = { toThreatConnect: 0, toTanium: 0, faults: 0 };
  const writes: SeenWrite[] = [];
  const troubled = (
    to: 'toThreatConnect' | 'toTanium',
    faults: readonly Fault[],
    script: (faults: readonly Fault[]) => void,
  ) => {
    const random = seededRandom(seed ^ (to === 'toTanium' ? 0x7a : 0x7c));
    return {
      /** One fault, or none, waits for each request: so what comes next is drawn, not what comes at a time. */
      next(): void {
        const fault = random() < share ? faults[Math.floor(random() * faults.length)] : undefined;
        met.faults += fault === undefined ? 0 : 1;
        script([fault ?? { kind: 'none' }]);
      },
      ended(): void {
        met[to] += 1;
        this.next();
        listener?.();
      },
    };
  };
  const threatConnect = await createThreatConnectSimulator({
    ...CREDENTIALS,
    indicators,
    seed,
    seededAt,
    keepLog: KEPT,
    onRequest: () => ofThreatConnect.ended(),
  });
  const ofThreatConnect = troubled('toThreatConnect', READ_FAULTS, (faults) => threatConnect.script(faults));
  const tanium = await createTaniumSimulator({
    seed,
    keepLog: KEPT,
    onRequest: () => ofTanium.ended(),
  });
  const ofTanium = troubled('toTanium', WRITE_FAULTS, (faults) => tanium.script(faults));
  ofThreatConnect.next();
  ofTanium.next();
  tanium.control.onWrite(({ when, method, path }) => {
    if (when === 'after') {
      writes.push({ at: Date.now(), method, path });
    }
    listener?.();
  });
  return {
    threatConnect,
    tanium,
    writes,
    met: () => ({ ...met }),
    calm: () => void (share = 0),
    onStep: (told) => void (listener = told),
    async close() {
      await Promise.all([threatConnect.close(), tanium.close()]);
    },
  };
}

/** A job that goes to both services and to the hash list, too, in packages of this size. */
export function jobOf({ threatConnect, tanium }: SyncServices, packageSize: number): SyncJobChange {
  return {
    threatConnectUrl: threatConnect.url,
    accessId: CREDENTIALS.accessId,
    threatConnectProxy: { kind: 'none' },
    taniumUrl: tanium.url,
    taniumUsername: SIMULATED_TANIUM.username,
    taniumProxy: { kind: 'none' },
    packageSize,
    labels: 3,
    filesTo: 'both',
    guardShare: 10,
    guardCount: 1_000_000,
    timeoutSeconds: 30,
  };
}
