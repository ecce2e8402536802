import { Option, type Command } from 'commander';
import type { SourceId } from '#shared/domain/source.ts';
import { parseId, parseLimit } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import { parseSource } from '../settings/sources-options.ts';

/** A part of the queue as it is named on the command line; nothing named is all of it. */
export interface PartOptions {
  readonly source?: SourceId;
  readonly intake?: number;
}

/** `assay queue …`. */
export function addQueueCommands(program: Command, { run }: ProgramParts): void {
  const group = program
    .command('queue')
    .summary('what waits to be asked, who asks, and what was sent')
    .description(
      'What waits to be asked about, which process asks, what it waits for, and the record of what was sent.',
    );
  const load = () => import('./queue.ts');

  const show = group
    .command('show', { isDefault: true })
    .description('Shows who asks sources and what waits. The same as queue alone.');
  show
    .option('--json', 'everything as one JSON object')
    .addHelpText('after', examples(['assay queue', 'assay queue show --json']))
    .action((options: { readonly json?: boolean }) =>
      run(show, async (session) => (await load()).showQueue(session, options.json === true)),
    );

  for (const [name, about] of [
    ['pause', 'Holds a part of the queue back, or all of it. What is on its way is still heard.'],
    ['resume', 'Lets a part of the queue go on, or all of it; a source stopped by faults is tried again.'],
  ] as const) {
    const command = partOptions(group.command(name).description(about));
    command
      .addHelpText('after', examples([`assay queue ${name}`, `assay queue ${name} --source virustotal --intake 12`]))
      .action((options: PartOptions) =>
        run(command, async (session) => (await load()).holdQueue(session, name, options)),
      );
  }

  const cancel = partOptions(
    group
      .command('cancel')
      .description('Takes a part of the queue out, unasked. What is on its way is still heard and kept.'),
  );
  cancel
    .option('--all', 'everything that waits')
    .addHelpText('after', examples(['assay queue cancel --intake 12', 'assay queue cancel --all']))
    .action((options: PartOptions & { readonly all?: boolean }) =>
      run(cancel, async (session) => (await load()).cancelQueue(session, options)),
    );

  const log = group.command('log').description('The record of what left this machine, newest first.');
  log
    .addOption(sourceOption())
    .addOption(new Option('--limit <n>', 'how many requests').argParser(parseLimit).default(50))
    .option('--json', 'one JSON object per request, with its hashes')
    .addHelpText('after', examples(['assay queue log', 'assay queue log --source virustotal --limit 500 --json']))
    .action((options: { readonly source?: SourceId; readonly limit: number; readonly json?: boolean }) =>
      run(log, async (session) => (await load()).showLog(session, options)),
    );
}

function partOptions(command: Command): Command {
  return command
    .addOption(sourceOption())
    .addOption(new Option('--intake <n>', 'only what was queued for this intake').argParser(parseId));
}

function sourceOption(): Option {
  return new Option('--source <source>', 'only this source').argParser(parseSource);
}
