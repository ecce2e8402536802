import { Option, type Command } from 'commander';
import { STRATEGIES, type Strategy } from '#shared/domain/outcome.ts';
import type { SourceId } from '#shared/domain/source.ts';
import { STATUSES, type Status } from '#shared/domain/status.ts';
import { parseStatuses } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import { parseSource } from '../settings/sources-options.ts';

/** What is planned or scanned: rows of a kept intake, or of files that are read first. */
export interface PlanOptions {
  readonly sources?: readonly SourceId[];
  readonly strategy: Strategy;
  readonly status?: readonly Status[];
  readonly all?: boolean;
  /** A file with the passwords of archives, or `-`. */
  readonly passwordFile?: string;
  readonly json?: boolean;
}

/** `assay plan`. */
export function addPlanCommand(program: Command, { run }: ProgramParts): void {
  const command = targetOptions(
    program
      .command('plan')
      .summary('what asking sources about a list would cost')
      .description(
        'The flight plan: how many hashes need no call, what each source would be asked, its quotas, and when the scan would end. Sends and queues nothing.',
      ),
  );
  command
    .option('--json', 'the plan as one JSON object')
    .addHelpText(
      'after',
      examples([
        'assay plan 12',
        'assay plan suspicious.txt --strategy cheapest',
        'assay plan 12 --sources wildfire --status unknown,pending --json',
      ]),
    )
    .action((targets: string[], options: PlanOptions) =>
      run(command, async (session) => (await import('./plan.ts')).plan(session, targets, options)),
    );
}

/** Arguments and options that say which hashes are asked about, where and how. */
export function targetOptions(command: Command): Command {
  return command
    .argument('<intake|files...>', 'the number of a kept intake, or files and folders to read; - is standard input')
    .addOption(
      new Option('--sources <source,...>', 'only these sources; otherwise every enabled one').argParser(parseSources),
    )
    .addOption(
      new Option(
        '--strategy <strategy>',
        'certain asks every source; fastest and cheapest stop at the first that says malicious',
      )
        .choices([...STRATEGIES])
        .default('certain'),
    )
    .addOption(
      new Option('--status <verdict,...>', `rows of these verdicts: ${STATUSES.join(', ')}`)
        .argParser(parseStatuses)
        .default(undefined, 'unknown'),
    )
    .addOption(new Option('--all', 'rows of every verdict').conflicts('status'))
    .option('--password-file <file>', 'passwords of encrypted archives, one in a line; - is standard input');
}

function parseSources(text: string, before: readonly SourceId[] = []): SourceId[] {
  return [...new Set([...before, ...text.split(',').map((word) => parseSource(word.trim()))])];
}
