import { join } from 'node:path';
import type { ShellName } from './choose-shell.ts';

/** Which directory a shell opens, and with what. */
export interface Target {
  readonly root: string;
  /** `--data DIR` for the shell; nothing where it finds the same directory by itself. */
  readonly data: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Its sources are simulated: the terminal asks them too, as nothing real is spent. */
  readonly isDemo: boolean;
}

export interface ShellCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** What of the machine decides how a shell is started. */
export interface ShellFacts {
  /** The Node that runs this. */
  readonly node: string;
  /** Electron's executable, or null. */
  readonly electron: string | null;
  /** The chromium shell was built. */
  readonly isBundled: boolean;
  /** Names of the lists that come with Assay, for a terminal that was given no files. */
  readonly samples: readonly string[];
}

/**
 * Flags of the Node that answers a window, and of its threads: each collects its short-lived rows and pages at 4 MB instead of at
 * 32 MB, so that a process of several threads does not hold a hundred megabytes of what nobody needs any more.
 */
export const WINDOW_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=4'];

/**
 * Environment of that Node, unless the caller's says otherwise: its threads share one area of memory. By default glibc gives each
 * thread areas of its own, and what one of them freed the others do not get. Other systems' allocators ignore it.
 */
export const WINDOW_ENVIRONMENT: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '1' };

/** The program that is a shell, on files; null when Electron's runtime is asked for and absent. */
export function shellCommand(
  shell: ShellName,
  files: readonly string[],
  target: Target,
  facts: ShellFacts,
): ShellCommand | null {
  const { root, data, env } = target;
  if (shell === 'electron') {
    // With this variable Electron would be a plain Node.
    const { ELECTRON_RUN_AS_NODE: _, ...withoutNode } = env;
    return facts.electron === null
      ? null
      : { program: facts.electron, args: [root, ...data, ...files], env: withoutNode };
  }
  if (shell === 'chromium') {
    const entry = facts.isBundled
      ? join(root, '.build', 'main', 'chromium-shell.js')
      : join(root, 'src-main', 'shells', 'chromium', 'main.ts');
    return {
      program: facts.node,
      args: [...WINDOW_NODE_FLAGS, entry, ...data, ...files],
      env: { ...WINDOW_ENVIRONMENT, ...env },
    };
  }
  return terminalCommand(['triage', ...listArguments(files, root, facts.samples)], target, facts);
}

/** An `assay` command on the target's directory. */
export function terminalCommand(
  args: readonly string[],
  target: Target,
  facts: Pick<ShellFacts, 'node'>,
): ShellCommand {
  const assay = join(target.root, 'src-main', 'shells', 'terminal', 'assay.mjs');
  return { program: facts.node, args: [assay, ...target.data, ...args], env: target.env };
}

/** The given files, else the lists that come with Assay. */
export function listArguments(files: readonly string[], root: string, samples: readonly string[]): string[] {
  if (files.length > 0) {
    return ['--', ...files];
  }
  const folder = join(root, 'resources', 'samples');
  return ['--as', 'list', '--title', 'Sample lists', '--', ...samples.map((name) => join(folder, name))];
}

/** An environment without the variables that hold keys, for programs that help to start a shell and ask nothing. */
export function withoutKeys(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^ASSAY_(?:.+_(?:KEY|PROXY)|PASSPHRASE)$/i.test(name)),
  );
}
