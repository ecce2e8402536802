import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { programFolder } from '#main/platform/resources.ts';

export const bin = join(programFolder(), 'src-main', 'shells', 'terminal', 'assay.mjs');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly node?: string;
  readonly script?: string;
}

/** An environment without what would change the command's behaviour. */
export function cleanEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SYSTEMROOT', 'LOCALAPPDATA', 'USERPROFILE', 'LANG'];
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
    ...more,
  };
}

/** Starts the real command; the caller talks to it. */
export function startAssay(args: readonly string[], options: RunOptions = {}): ChildProcessWithoutNullStreams {
  return spawn(options.node ?? process.execPath, [options.script ?? bin, ...args], {
    cwd: options.cwd ?? programFolder(),
    env: cleanEnvironment(options.env),
  });
}

/** Runs the real command to its end. */
export async function assay(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = startAssay(args, options);
  const end = ended(child);
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  return end;
}

/** How a started command ends, with everything it wrote. */
export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => out.push(part));
  child.stderr.on('data', (part: Buffer) => err.push(part));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({
        code,
        signal,
        out: Buffer.concat(out).toString('utf8'),
        err: Buffer.concat(err).toString('utf8'),
      }),
    );
  });
}
