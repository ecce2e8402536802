import type { Command } from 'commander';
import { formatOption, parseId, parseIds, rowOptions, rowsOption } from '../../option-values.ts';
import type { OutputFormat } from '../../output/records.ts';
import type { RowOptions } from '../../output/write-intake.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';

/** `assay intakes …`. */
export function addIntakesCommands(program: Command, { run }: ProgramParts): void {
  const group = program
    .command('intakes')
    .summary('what was triaged and is kept')
    .description('What was triaged: every list is kept with where its hashes came from.');
  const load = () => import('./intakes.ts');

  const list = group.command('list').description('Shows kept intakes, newest first.');
  list
    .addOption(formatOption('how intakes are written; the formats other than table hold all'))
    .addOption(rowsOption('intakes'))
    .addHelpText('after', examples(['assay intakes list', 'assay intakes list --format jsonl']))
    .action((options: { readonly format: OutputFormat; readonly rows: number | 'all' }) =>
      run(list, async (session) => (await load()).listIntakes(session, options)),
    );

  const show = group.command('show').description('Shows one intake; its verdicts are brought up to date first.');
  show.argument('<id>', 'the number of the intake', parseId);
  for (const option of rowOptions()) {
    show.addOption(option);
  }
  show
    .option('--rejected', 'the rows that gave no hash instead, with place and reason')
    .addHelpText(
      'after',
      examples([
        'assay intakes show 12',
        'assay intakes show 12 --only malicious --rows all',
        'assay intakes show 12 --rejected',
      ]),
    )
    .action((id: number, options: RowOptions & { readonly rejected?: boolean }) =>
      run(show, async (session) => (await load()).showIntake(session, id, options)),
    );

  const remove = group
    .command('remove')
    .description('Removes intakes and everything kept of them from disk, for good.');
  remove
    .argument('<ids...>', 'the numbers of the intakes', parseIds)
    .addHelpText('after', examples(['assay intakes remove 12 13']))
    .action((ids: number[]) => run(remove, async (session) => (await load()).removeIntakes(session, ids)));
}
