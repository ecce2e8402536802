import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../../services/engine-port.ts';
import { SIMULATORS_FILE } from './simulators-file.ts';

/**
 * Opens the engine of a directory for work that may ask sources. Where they are simulated, the simulators run until the
 * engine is disposed and their keys stand in `env` before it opens; anywhere else this only opens it.
 */
export async function openWithDemo(
  directory: string,
  root: string,
  env: NodeJS.ProcessEnv,
  open: () => Promise<Engine>,
): Promise<Engine> {
  if (!existsSync(join(directory, SIMULATORS_FILE))) {
    return open();
  }
  const { isStampedDirectory } = await import('../../../db/stamped.ts');
  if (!isStampedDirectory(directory)) {
    return open();
  }
  const [{ joinDemo, keyVariables }, { connectDemo }] = await Promise.all([
    import('./join-demo.ts'),
    import('./connect-demo.ts'),
  ]);
  const demo = await joinDemo(directory, root);
  try {
    Object.assign(env, keyVariables(demo.simulators));
    const engine = await open();
    await connectDemo(engine, demo);
    return {
      ...engine,
      async dispose() {
        await engine.dispose();
        await demo.leave();
      },
    };
  } catch (error) {
    await demo.leave();
    throw error;
  }
}
