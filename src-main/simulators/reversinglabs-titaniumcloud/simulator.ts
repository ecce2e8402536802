import type { Simulator, SimulatorOptions } from '../port.ts';
import { createSimulator } from '../server/server.ts';
import { createTitaniumCloudApi, type TitaniumCloudApi } from './api.ts';

/** A simulator of TitaniumCloud's file reputation that can be made to say odd things. */
export type TitaniumCloudSimulator = Simulator & Pick<TitaniumCloudApi, 'say'>;

/** Serves file reputation and customer usage on 127.0.0.1. Rejects when the port is taken. */
export async function createTitaniumCloudSimulator(options: SimulatorOptions): Promise<TitaniumCloudSimulator> {
  const { api, say } = createTitaniumCloudApi();
  return { ...(await createSimulator(api, options)), say };
}
