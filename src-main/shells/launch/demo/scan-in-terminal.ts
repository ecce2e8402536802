import { runChild, type ChildEnd } from '../run-child.ts';
import { listArguments, terminalCommand, type ShellFacts, type Target } from '../shell-command.ts';

/**
 * The demonstration without a window: scans the files, or the lists that come with Assay, waits for the answers, and shows
 * them. Nothing is asked first, as simulated sources cost nothing.
 */
export async function scanInTerminal(
  files: readonly string[],
  target: Target,
  facts: Pick<ShellFacts, 'node' | 'samples'>,
): Promise<ChildEnd> {
  const run = (args: readonly string[], stdout?: 'capture'): Promise<ChildEnd> => {
    const command = terminalCommand(args, target, facts);
    return runChild(command.program, command.args, {
      env: command.env,
      ...(stdout === undefined ? {} : { stdout }),
    });
  };
  const scanned = await run(['scan', '--wait', '--yes', '--', ...listsOf(files, target, facts)]);
  if (scanned.code !== 0) {
    return scanned;
  }
  const listed = await run(['--quiet', 'intakes', 'list', '--format', 'jsonl'], 'capture');
  const newest = newestIntake(listed.output);
  return newest === null ? listed : run(['intakes', 'show', String(newest)]);
}

function listsOf(files: readonly string[], { root }: Target, { samples }: Pick<ShellFacts, 'samples'>): string[] {
  const args = listArguments(files, root, samples);
  return args.slice(args.indexOf('--') + 1);
}

/** The first line is the newest. */
function newestIntake(lines: string): number | null {
  try {
    const { intake } = JSON.parse(lines.split('\n')[0] ?? '') as { readonly intake?: unknown };
    return typeof intake === 'number' ? intake : null;
  } catch {
    return null;
  }
}
