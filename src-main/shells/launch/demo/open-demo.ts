import { createEngine } from '../../../engine.ts';
import { makeDataDirectory } from '../../../platform/data-directory.ts';
import { connectDemo } from './connect-demo.ts';
import { joinDemo, keyVariables } from './join-demo.ts';

export interface OpenDemo {
  readonly directory: string;
  /** Keys of the simulators as variables of the program that is to ask them. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the simulators, if they are this process's. */
  leave(): Promise<void>;
}

/**
 * Makes a data directory ready for the demonstration: stamped, its sources pointing at simulators that run until `leave`.
 * SIMULATED_MIX when it holds data of its own.
 */
export async function openDemo(directory: string, root: string): Promise<OpenDemo> {
  makeDataDirectory(directory);
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal', simulated: true });
  try {
    const demo = await joinDemo(directory, root);
    try {
      await connectDemo(engine, demo);
      return { directory, env: keyVariables(demo.simulators), leave: () => demo.leave() };
    } catch (error) {
      await demo.leave();
      throw error;
    }
  } finally {
    await engine.dispose();
  }
}
