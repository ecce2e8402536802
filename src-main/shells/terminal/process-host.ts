import type { Engine } from '../../services/engine-port.ts';
import type { Host, StopSignal } from './host.ts';

const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The real process as a host. The engine is loaded when a command first needs it, so that help costs nothing. */
export function processHost(): Host {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    folder: process.cwd(),
    now: () => Date.now(),
    async openEngine(named, asks) {
      const [{ createEngine }, { resolveDataDirectory }, { findBrowser }, { browserPrinter }] = await Promise.all([
        import('../../engine.ts'),
        import('../../platform/data-directory.ts'),
        import('../chromium/find-browser.ts'),
        import('../chromium/printer.ts'),
      ]);
      const printer = browserPrinter(findBrowser);
      const directory = resolveDataDirectory(named ?? undefined);
      const open = (): Promise<Engine> => createEngine({ directory, threads: 'inline', shell: 'terminal', printer });
      const [{ openWithDemo }, { programFolder }] = await Promise.all([
        import('../launch/demo/open-with-demo.ts'),
        import('../../platform/resources.ts'),
      ]);
      return openWithDemo({ directory, root: programFolder(), env: process.env, asks, open });
    },
    onStop(listener) {
      const listeners = STOP_SIGNALS.map((signal) => ({ signal, call: () => listener(signal) }));
      for (const { signal, call } of listeners) {
        process.on(signal, call);
      }
      return () => {
        for (const { signal, call } of listeners) {
          process.off(signal, call);
        }
      };
    },
    abandon: (code) => process.exit(code),
  };
}
