import type { SimulatedApi } from '#main/simulators/server/api.ts';
import type { Simulator, SimulatorOptions } from '#main/simulators/port.ts';
import { createSimulator } from '#main/simulators/server/server.ts';

/** The smallest API there can be: `GET /one/{hash}` with the key in a header. */
const echoApi: SimulatedApi = {
  name: 'echo',
  basePath: '/api',
  read(request, world) {
    const hash = /^\/one\/([0-9a-f]+)$/i.exec(request.path)?.[1];
    const json = { 'content-type': 'application/json' };
    if (request.headers['x-key'] !== world.key || hash === undefined) {
      return {
        kind: 'refused',
        hashes: [],
        answer: { status: hash === undefined ? 404 : 401, headers: json, body: '{}' },
      };
    }
    return {
      kind: 'asked',
      hashes: [hash],
      cost: 1,
      answer: () => ({ status: 200, headers: json, body: JSON.stringify(world.find(hash)) }),
      overLimit: (limit, resetsAt) => ({ status: 429, headers: json, body: JSON.stringify({ limit, resetsAt }) }),
    };
  },
};

export async function echo(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  return createSimulator(echoApi, {
    port: 0,
    key: 'k',
    limits: { perMinute: null, perDay: null, perMonth: null },
    latencyMs: { least: 0, most: 0 },
    faultShare: 0,
    seed: 1,
    now: Date.now,
    minuteMs: 60_000,
    tls: null,
    ...options,
  });
}
