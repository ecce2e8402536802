import type { Simulator, SimulatorOptions } from '../port.ts';
import { createSimulator } from '../server/server.ts';
import { createRecordedFutureApi, type RecordedFutureApi } from './api.ts';

/** A simulator of Recorded Future that can be made to say odd things, or nothing by chance. */
export type RecordedFutureSimulator = Simulator & Pick<RecordedFutureApi, 'say' | 'plainly'>;

/** Serves Recorded Future's bulk and single look-ups of hashes on 127.0.0.1. Rejects when the port is taken. */
export async function createRecordedFutureSimulator(options: SimulatorOptions): Promise<RecordedFutureSimulator> {
  const { api, say, plainly } = createRecordedFutureApi();
  return { ...(await createSimulator(api, options)), say, plainly };
}
