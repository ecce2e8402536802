import { spawn } from 'node:child_process';

export interface ChildEnd {
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
  /** What it printed, with `stdout: 'capture'`. */
  readonly output: string;
}

export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Where its standard output goes; inherited by default. */
  readonly stdout?: 'capture' | 'stderr';
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a program with this one's input and error stream, passes on requests to stop, and waits for its end. */
export function runChild(program: string, args: readonly string[], options: ChildOptions): Promise<ChildEnd> {
  const output = options.stdout === undefined ? 'inherit' : options.stdout === 'stderr' ? 2 : 'pipe';
  const child = spawn(program, args, { stdio: ['inherit', output, 'inherit'], env: options.env ?? process.env });
  const forward = STOP_SIGNALS.map((signal) => ({ signal, call: () => void child.kill(signal) }));
  for (const { signal, call } of forward) {
    process.on(signal, call);
  }
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  return new Promise((resolve) => {
    const end = (code: number, signal: NodeJS.Signals | null): void => {
      for (const { signal: name, call } of forward) {
        process.off(name, call);
      }
      resolve({ code, signal, output: printed });
    };
    child.on('error', (error) => {
      printed += error.message;
      end(1, null);
    });
    child.on('close', (code, signal) => end(code ?? 1, signal));
  });
}
