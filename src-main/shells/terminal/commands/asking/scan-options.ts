import { Option, type Command } from 'commander';
import { parseId } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import { targetOptions, type PlanOptions } from './plan-options.ts';

export interface ScanOptions extends PlanOptions {
  readonly wait?: boolean;
  readonly yes?: boolean;
  readonly maxCalls?: number;
}

/** `assay scan`. */
export function addScanCommand(program: Command, { run }: ProgramParts): void {
  const command = targetOptions(
    program
      .command('scan')
      .summary('ask sources about a list, at a price shown first')
      .description(
        'Shows the flight plan, asks whether to go on, and queues what it says. The hashes leave this machine; names, paths and other columns do not.',
      ),
  );
  command
    .option('--wait', 'send from here until this list is done; otherwise a window or "assay run" does')
    .option('--yes', 'do not ask')
    .addOption(
      new Option('--max-calls <n>', 'make at most so many calls, for the first rows; do not ask').argParser(parseId),
    )
    .option('--json', 'the plan, what was queued and, with --wait, the verdicts as one JSON object')
    .addHelpText(
      'after',
      examples([
        'assay scan 12',
        'assay scan 12 --strategy cheapest --wait --yes',
        'assay scan suspicious.txt --sources wildfire --max-calls 20 --json',
      ]),
    )
    .action((targets: string[], options: ScanOptions) =>
      run(command, async (session) => (await import('./scan.ts')).scan(session, targets, options)),
    );
}
