import type { Command } from 'commander';
import { examples, type ProgramParts } from '../../program-parts.ts';

/** `assay run`. */
export function addRunCommand(program: Command, { run }: ProgramParts): void {
  const command = program
    .command('run')
    .summary('ask sources and sync, without a window')
    .description(
      'Asks sources about what is queued and does the runs of sync jobs until Ctrl-C, as an open window does. One process of a data directory does so at a time; while another one does, this one stands by and takes over when it ends.',
    )
    .option(
      '--until-empty',
      'end when nothing waits that can go on by itself, and no sync runs; pending answers and rescans may still wait',
    )
    .addHelpText('after', examples(['assay run', 'assay run --until-empty']))
    .action((options: { readonly untilEmpty?: boolean }) =>
      run(command, async (session) => (await import('./run.ts')).runOutbound(session, options.untilEmpty === true)),
    );
}
