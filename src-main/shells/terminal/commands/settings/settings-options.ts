import type { Command } from 'commander';
import { formatOption } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';

/** `assay settings …`. */
export function addSettingsCommands(program: Command, { run }: ProgramParts): void {
  const group = program
    .command('settings')
    .summary('read and change settings')
    .description('Settings of the data directory. They act at once in every process.');
  const load = () => import('./settings.ts');

  const get = group.command('get', { isDefault: true }).description('Prints one setting, or all as name=value.');
  get
    .argument('[name]', 'the name of a setting')
    .addOption(formatOption('how values are written', ['table', 'json']))
    .addHelpText('after', examples(['assay settings get', 'assay settings get staleAfterDays']))
    .action((name: string | undefined, options: { readonly format: 'table' | 'json' }) =>
      run(get, async (session) => (await load()).getSettings(session, name, options.format)),
    );

  const set = group.command('set').description('Changes one setting.');
  set
    .argument('<name>', 'the name of a setting')
    .argument('<value>', 'a number, a text, or null for none')
    .addHelpText(
      'after',
      examples(['assay settings set staleAfterDays 14', 'assay settings set virustotalThreshold.malicious 5']),
    )
    .action((name: string, value: string) =>
      run(set, async (session) => (await load()).setSetting(session, name, value)),
    );

  const effects = group
    .command('effects')
    .description('Prints what settings come to: rescans that are due, calls a day, what a purge would remove.');
  effects
    .argument('[name=value...]', 'settings as they would be, or SOURCE.name=value; nothing is kept')
    .addOption(formatOption('how it is written', ['table', 'json']))
    .addHelpText(
      'after',
      examples(['assay settings effects', 'assay settings effects rescanItemDays=7 virustotal.newItemDays=3']),
    )
    .action((words: readonly string[], options: { readonly format: 'table' | 'json' }) =>
      run(effects, async (session) =>
        (await import('./settings-effects.ts')).settingsEffects(session, words, options.format),
      ),
    );
}
