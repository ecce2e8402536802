import type { Command } from 'commander';
import { formatOption } from '../../option-values.ts';
import type { OutputFormat } from '../../output/records.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';

/** `assay formats`. */
export function addFormatsCommand(program: Command, { run }: ProgramParts): void {
  const command = program
    .command('formats')
    .summary('every format that is read, with an example')
    .description(
      'Names every format that is read. Formats are recognised by content; assay triage --as FORMAT asks for one.',
    );
  command
    .addOption(formatOption('how formats are written'))
    .addHelpText('after', examples(['assay formats', 'assay formats --format json']))
    .action((options: { readonly format: OutputFormat }) =>
      run(command, async (session) => (await import('./formats.ts')).listFormats(session, options.format)),
    );
}
