import type { SimulatedFile, Simulator, SimulatorOptions } from '../port.ts';
import { createSimulator } from '../server/server.ts';
import { createA1000Api, type A1000Api } from './api.ts';
import type { Oddity } from './shelf.ts';

/** A simulator of an A1000 with its cloud, which can be made to say odd things. */
export interface A1000Simulator extends Simulator, Pick<A1000Api, 'sayOfLists'> {
  /** Puts down a file that only the cloud has; those of `know` are on the appliance. */
  knowInCloud(file: SimulatedFile): void;
  /** Puts down what is odd about a file, by its SHA-256. */
  say(sha256: string, odd: Oddity): void;
}

/** Serves the appliance's API on 127.0.0.1. Rejects when the port is taken. */
export async function createA1000Simulator(options: SimulatorOptions): Promise<A1000Simulator> {
  const { api, shelf, sayOfLists } = createA1000Api();
  const simulator = await createSimulator(api, options);
  const know = (file: SimulatedFile, where: 'appliance' | 'cloud'): void => {
    simulator.know(file);
    shelf.place([file.sha256], where);
  };
  return {
    ...simulator,
    know: (file) => know(file, 'appliance'),
    knowInCloud: (file) => know(file, 'cloud'),
    say: (sha256, odd) => shelf.say(sha256, odd),
    sayOfLists,
  };
}
