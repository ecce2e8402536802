import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../../services/engine-port.ts';
import { readDemoSync, readSimulators, SIMULATORS_FILE } from './simulators-file.ts';

export interface DemoOpening {
  readonly directory: string;
  /** The program's folder. */
  readonly root: string;
  /** Where keys are looked for. */
  readonly env: NodeJS.ProcessEnv;
  /** Sources may be asked: simulators must run. */
  readonly asks: boolean;
  readonly open: () => Promise<Engine>;
}

/**
 * Opens the engine of a directory. Where its sources are simulated, their keys stand in `env` before it opens, instead of
 * any real ones, and when it `asks` the simulators run until the engine is disposed. Anywhere else this only opens it.
 */
export async function openWithDemo({ directory, root, env, asks, open }: DemoOpening): Promise<Engine> {
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
  if (!asks) {
    Object.assign(env, keyVariables(readSimulators(directory) ?? [], readDemoSync(directory)));
    return open();
  }
  const held: { engine: Promise<Engine> | null } = { engine: null };
  // Its keys must stand in the environment first, and whoever starts simulators needs it to point the sources at them.
  const opened = (...known: Parameters<typeof keyVariables>): Promise<Engine> => {
    Object.assign(env, keyVariables(...known));
    held.engine ??= open();
    return held.engine;
  };
  const close = async (): Promise<void> => {
    const engine = await held.engine?.catch(() => null);
    await engine?.dispose();
  };
  try {
    const demo = await joinDemo(directory, root, async (own) => {
      const sync = { services: own.services, jobId: own.sync?.jobId ?? null };
      return connectDemo(await opened(own.simulators, sync), own);
    });
    const engine = await opened(demo.simulators, demo.sync).catch(async (error: unknown) => {
      await demo.leave();
      throw error;
    });
    return {
      ...engine,
      async dispose() {
        await engine.dispose();
        await demo.leave();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
