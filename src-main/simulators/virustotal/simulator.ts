import type { Simulator, SimulatorOptions } from '../port.ts';
import { createSimulator } from '../server/server.ts';
import { createVirusTotalApi, type VirusTotalApi } from './api.ts';

/** A simulator of VirusTotal's API v3 that can be made to say odd things. */
export type VirusTotalSimulator = Simulator & Pick<VirusTotalApi, 'say'>;

/** Serves VirusTotal's API v3 on 127.0.0.1. Rejects when the port is taken. */
export async function createVirusTotalSimulator(options: SimulatorOptions): Promise<VirusTotalSimulator> {
  const { api, say } = createVirusTotalApi();
  return { ...(await createSimulator(api, options)), say };
}
