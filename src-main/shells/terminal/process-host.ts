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
    async openEngine(directory) {
      const [{ createEngine }, { resolveDataDirectory }] = await Promise.all([
        import('../../engine.ts'),
        import('../../platform/data-directory.ts'),
      ]);
      return createEngine({
        directory: resolveDataDirectory(directory ?? undefined),
        threads: 'inline',
        shell: 'terminal',
      });
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
