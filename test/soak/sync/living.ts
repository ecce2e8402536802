import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EndedRun, FromSync, SyncStart } from './messages.ts';
import { SYNC_SECRETS_HERE } from './services.ts';

/** What became of a process: it ended by itself, or was killed. */
export type Lived =
  | { readonly kind: 'ended'; readonly run: EndedRun | null; readonly writes: number; readonly peakMb: number }
  | { readonly kind: 'killed' };

/** Starts a process, tells how to kill it, and awaits its end. Rejects when it ends in a way that nobody meant. */
export async function live(
  start: SyncStart,
  hear: { readonly running: (kill: () => void) => void; readonly fault: (text: string) => void },
): Promise<Lived> {
  const script = fileURLToPath(new URL('process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(start)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...SYNC_SECRETS_HERE },
  });
  const exited = once(child, 'exit') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  let ended: Extract<FromSync, { kind: 'ended' }> | null = null;
  child.on('message', (message) => {
    const told = message as FromSync;
    if (told.kind === 'ended') {
      ended = told;
    } else {
      hear.fault(told.text);
    }
  });
  hear.running(() => void child.kill('SIGKILL'));
  const [code, signal] = await exited;
  if (signal === 'SIGKILL') {
    return { kind: 'killed' };
  }
  const last = ended as Extract<FromSync, { kind: 'ended' }> | null;
  if (code !== 0 || last === null) {
    throw new Error(`the process for ${JSON.stringify(start.task)} ended with ${code ?? signal}`);
  }
  return last;
}
