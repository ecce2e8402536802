import type { Fault, LoggedRequest, Simulator, SimulatorOptions } from '../port.ts';
import { createSimulator } from '../server/server.ts';
import { createThreatConnectApi } from './api.ts';
import type { Credentials } from './auth.ts';
import type { PageHook } from './page.ts';
import { NO_QUIRKS, type Quirks } from './quirks.ts';
import { SEEDED_OWNERS, seededIndicators } from './world/seed.ts';
import { createWorld, type ThreatConnectControl } from './world/world.ts';

/** What an instance is made with; all but the credentials have a default. */
export interface ThreatConnectOptions extends Credentials, Partial<Omit<SimulatorOptions, 'key' | 'onRequest'>> {
  /** Seeded indicators it begins with, 0 for none; its owners are there all the same. */
  readonly indicators?: number;
  /** Moment the seeded ones are made for, milliseconds; its own present moment by default. */
  readonly seededAt?: number;
  readonly quirks?: Partial<Quirks>;
  /** Told of each request when its answer is out or its connection is gone. */
  readonly onRequest?: (request: LoggedRequest) => void;
}

/** One request as this instance saw it. */
export interface ThreatConnectRequest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** Empty where there was none. */
  readonly tql: string;
  readonly resultStart: number;
  /** 0 when nothing was answered. */
  readonly status: number;
}

/** A simulator of a ThreatConnect instance. */
export interface ThreatConnectSimulator extends Pick<Simulator, 'url' | 'script' | 'close'> {
  readonly log: readonly ThreatConnectRequest[];
  readonly control: ThreatConnectControl;
  /** Changes how it differs from the documentation; what is not named stays. */
  quirk(change: Partial<Quirks>): void;
  /** Calls back after each page but the last, so that what it tells can change while somebody pages; null ends it. */
  onPage(hook: PageHook | null): void;
}

const NO_LIMITS: SimulatorOptions['limits'] = { perMinute: null, perDay: null, perMonth: null };

/** Serves an instance on 127.0.0.1. `url` is without `/api`. Rejects when the port is taken. */
export async function createThreatConnectSimulator(options: ThreatConnectOptions): Promise<ThreatConnectSimulator> {
  const { indicators = 0, seededAt, quirks: given, accessId, secretKey, token, ...rest } = options;
  const { seed = 1, now = Date.now } = rest;
  const owners = SEEDED_OWNERS;
  const world = createWorld({ owners, indicators: seededIndicators(indicators, seed, seededAt ?? now()), now });
  let quirks: Quirks = { ...NO_QUIRKS, ...given };
  let hook: PageHook | null = null;
  const api = createThreatConnectApi({
    world,
    credentials: { accessId, secretKey, token },
    quirks: () => quirks,
    spend: () => {
      const { expiresAfter } = quirks;
      quirks = expiresAfter === null ? quirks : { ...quirks, expiresAfter: Math.max(0, expiresAfter - 1) };
    },
    onPage: (page) => hook?.(page),
    scheme: (rest.tls ?? null) === null ? 'http' : 'https',
  });
  const simulator = await createSimulator(api, {
    port: 0,
    limits: NO_LIMITS,
    latencyMs: { least: 0, most: 0 },
    faultShare: 0,
    minuteMs: 60_000,
    tls: null,
    ...rest,
    key: secretKey,
    seed,
    now,
  });
  return {
    url: simulator.url,
    script: (faults: readonly Fault[]) => simulator.script(faults),
    close: () => simulator.close(),
    get log() {
      return simulator.log.map(seen);
    },
    control: world,
    quirk: (change) => void (quirks = { ...quirks, ...change }),
    onPage: (next) => void (hook = next),
  };
}

function seen({ at, method, path, status, about = {} }: LoggedRequest): ThreatConnectRequest {
  const { tql, resultStart } = about;
  return {
    at,
    method,
    path,
    tql: typeof tql === 'string' ? tql : '',
    resultStart: typeof resultStart === 'number' ? resultStart : 0,
    status,
  };
}
