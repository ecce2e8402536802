import { InvalidArgumentError, Option, type Command } from 'commander';
import { SOURCE_IDS, type SourceId } from '#shared/domain/source.ts';
import { formatOption } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';

/** Every source, as help texts name them. */
const ONE_SOURCE = `${SOURCE_IDS.slice(0, -1).join(', ')} or ${SOURCE_IDS.at(-1) ?? ''}`;

interface SetFlags {
  readonly key?: boolean;
  readonly keyStdin?: boolean;
  readonly proxyKey?: boolean;
  readonly removeKey?: boolean;
}

type Format = 'table' | 'json';

/** `assay sources …`. */
export function addSourcesCommands(program: Command, { run }: ProgramParts): void {
  const group = program
    .command('sources')
    .summary('reputation sources: settings, keys, quotas')
    .description(
      'Reputation sources that can be asked about hashes. None is asked before it is enabled and has a key.',
    );
  const load = () => import('./sources.ts');

  const list = group.command('list').description('Shows every source, what it is doing, and its quotas.');
  list
    .addOption(formatOption('how sources are written', ['table', 'json']))
    .addHelpText('after', examples(['assay sources list']))
    .action((flags: { readonly format: Format }) =>
      run(list, async (session) => (await load()).listSources(session, flags.format)),
    );

  const show = group
    .command('show')
    .description('Prints the settings of one source as name=value, and its key’s state.');
  show
    .argument('<source>', ONE_SOURCE, parseSource)
    .addOption(formatOption('how settings are written', ['table', 'json']))
    .addHelpText('after', examples(['assay sources show virustotal']))
    .action((source: SourceId, flags: { readonly format: Format }) =>
      run(show, async (session) => (await load()).showSource(session, source, flags.format)),
    );

  const set = group
    .command('set')
    .description('Changes settings of a source together, and its key. A key is never an argument: it would be seen.');
  set
    .argument('<source>', ONE_SOURCE, parseSource)
    .argument('[name=value...]', 'settings as `sources show` prints them; none stands for no limit')
    .addOption(new Option('--key', 'asks for the key, unseen').conflicts(['keyStdin', 'removeKey']))
    .addOption(new Option('--key-stdin', 'reads the key from standard input').conflicts(['removeKey']))
    .addOption(new Option('--proxy-key', 'the key is name:password of the source’s proxy'))
    .addOption(new Option('--remove-key', 'removes the stored key'))
    .addHelpText(
      'after',
      examples([
        'assay sources set virustotal plan=public licenceAccepted=true',
        'assay sources set virustotal callsPerMinute=4 callsPerDay=500 callsPerMonth=15500',
        'assay sources set virustotal --key',
        'pass show virustotal | assay sources set virustotal --key-stdin',
        'assay sources set wildfire url=https://eu.wildfire.paloaltonetworks.com/publicapi',
        'assay sources set reversinglabs-titaniumcloud username=u/company/user',
      ]),
    )
    .action((source: SourceId, values: readonly string[], flags: SetFlags) =>
      run(set, async (session) => (await load()).setSource(session, source, values, flags)),
    );

  for (const [name, enabled, about] of [
    ['enable', true, 'Lets a source be asked. Nothing is sent before something is queued.'],
    ['disable', false, 'Stops asking a source. What is queued for it waits.'],
  ] as const) {
    const command = group.command(name).description(about);
    command
      .argument('<source>', ONE_SOURCE, parseSource)
      .addHelpText('after', examples([`assay sources ${name} wildfire`]))
      .action((source: SourceId) =>
        run(command, async (session) => (await load()).enableSource(session, source, enabled)),
      );
  }

  const test = group
    .command('test')
    .description('Tests the connection of a source and names what is at fault. Recorded and billed like any request.');
  test
    .argument('<source>', ONE_SOURCE, parseSource)
    .addOption(formatOption('how the result is written', ['table', 'json']))
    .addHelpText('after', examples(['assay sources test wildfire']))
    .action((source: SourceId, flags: { readonly format: Format }) =>
      run(test, async (session) => (await load()).testSource(session, source, flags.format)),
    );

  const keys = group
    .command('keys')
    .description('Shows where keys are kept, or chooses: the system’s keychain, or a file locked with a passphrase.');
  keys
    .addOption(new Option('--keep-in <place>', 'where new keys go').choices(['keychain', 'file']))
    .option('--passphrase-stdin', 'reads the passphrase from standard input; ASSAY_PASSPHRASE opens the file later')
    .addHelpText('after', examples(['assay sources keys', 'assay sources keys --keep-in file']))
    .action((flags: { readonly keepIn?: 'keychain' | 'file'; readonly passphraseStdin?: boolean }) =>
      run(keys, async (session) => (await load()).keyStore(session, flags)),
    );
}

/** The id of a source. */
export function parseSource(text: string): SourceId {
  const found = SOURCE_IDS.find((id) => id === text.toLowerCase());
  if (found === undefined) {
    throw new InvalidArgumentError(`"${text}" is not a source. There are ${SOURCE_IDS.join(', ')}.`);
  }
  return found;
}
