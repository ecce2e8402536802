import { createServer as createHttpServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Fault, LoggedRequest, Simulator, SimulatorOptions } from '../port.ts';
import type { SimulatedApi } from './api.ts';
import { seededRandom } from './draw.ts';
import { createExchange } from './exchange.ts';
import { createLimits } from './limits.ts';
import { createWorld } from './world.ts';

const HOST = '127.0.0.1';
/** Longer than any client keeps an unused connection, so that this side never closes one that is about to be used. */
const KEEP_ALIVE_MS = 75_000;
/** How long answers on their way may take beyond the latency before their connections are cut. */
const GRACE_MS = 1000;
const LOOK_MS = 20;

/**
 * Serves one API on 127.0.0.1 with limits, latency and faults. Rejects when the port cannot be listened on. Closing
 * lets answers on their way finish and cuts what hangs.
 */
export async function createSimulator(api: SimulatedApi, options: SimulatorOptions): Promise<Simulator> {
  const log: LoggedRequest[] = [];
  const scripted: Fault[] = [];
  const hung = new Set<ServerResponse>();
  const limits = createLimits({ ...options.limits, minuteMs: options.minuteMs });
  const world = createWorld({ name: api.name, seed: options.seed, now: options.now });
  const apiWorld = {
    key: options.key,
    now: options.now,
    find: (hash: string) => world.find(hash),
    limits: () => limits.use(options.now()),
    random: seededRandom(options.seed ^ 0x07de),
  };
  const server = options.tls === null ? createHttpServer() : createHttpsServer(options.tls);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('request', createExchange({ api, options, limits, apiWorld, log, scripted, hung }));
  const port = await listen(server, options.port);
  const closing = (): Promise<void> => closeServer(server, hung, options.latencyMs.most + GRACE_MS);
  let closed: Promise<void> | null = null;
  return {
    url: `${options.tls === null ? 'http' : 'https'}://${HOST}:${port}${api.basePath}`,
    log,
    script: (faults) => void scripted.push(...faults),
    know: (file) => world.know(file),
    close: () => (closed ??= closing()),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closeServer(server: Server, hung: ReadonlySet<ServerResponse>, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection becomes idle when its last answer is out; only then may it go.
    const looking = setInterval(() => {
      hung.forEach((response) => response.destroy());
      server.closeIdleConnections();
    }, LOOK_MS);
    const cutting = setTimeout(() => server.closeAllConnections(), patienceMs);
    server.close(() => {
      clearInterval(looking);
      clearTimeout(cutting);
      resolve();
    });
  });
}
