import { createEngine } from '../../../engine.ts';
import type { Engine } from '../../../services/engine-port.ts';
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
  // Stamped before anything is started for it.
  await withEngine(directory, () => Promise.resolve());
  const demo = await joinDemo(directory, root, (own) => withEngine(directory, (engine) => connectDemo(engine, own)));
  return { directory, env: keyVariables(demo.simulators, demo.sync), leave: () => demo.leave() };
}

/** Opens a directory for simulated sources, stamping a new one, for as long as `work` takes. */
export async function withEngine<T>(directory: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal', simulated: true });
  try {
    return await work(engine);
  } finally {
    await engine.dispose();
  }
}
