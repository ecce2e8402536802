import type { Simulator, SimulatorOptions } from '../port.ts';
import { createSimulator } from '../server/server.ts';
import { createWildFireApi, type WildFireApi } from './api.ts';

/** A simulator of the WildFire API that can be made to say odd things. */
export type WildFireSimulator = Simulator & Pick<WildFireApi, 'say'>;

/** Serves the WildFire API on 127.0.0.1. Rejects when the port is taken. */
export async function createWildFireSimulator(options: SimulatorOptions): Promise<WildFireSimulator> {
  const { api, say } = createWildFireApi();
  return { ...(await createSimulator(api, options)), say };
}
