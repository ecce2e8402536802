import { Option, type Command } from 'commander';
import { forceOption, formatOption, outOption, parseExpiry, parseId, rowsOption } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import type { ListOptions } from './hash-list.ts';

interface AddFlags {
  readonly malicious?: boolean;
  readonly nonMalicious?: boolean;
  readonly note?: string;
  readonly reason?: string;
  readonly expires?: number;
}

interface ImportFlags {
  readonly append?: boolean;
  readonly replace?: boolean;
  readonly dryRun?: boolean;
  readonly keepMine?: boolean;
  readonly takeFile?: boolean;
  readonly skipMalformed?: boolean;
}

/** `assay hash-list …`. */
export function addHashListCommands(program: Command, { run, now }: ProgramParts): void {
  const group = program
    .command('hash-list')
    .summary('known malicious and known non-malicious hashes')
    .description("The team's own list. It decides over everything else; its hashes never leave the machine.");
  const load = () => import('./hash-list.ts');

  const add = group.command('add').description('Adds hashes, all or none. Each is an entry of its own.');
  add
    .argument('<hashes...>', 'MD5, SHA-1 or SHA-256; HASH,HASH are digests of one file; - finds them in standard input')
    .addOption(new Option('--malicious', 'known malicious').conflicts('nonMalicious'))
    .addOption(new Option('--non-malicious', 'a false detection: known non-malicious'))
    .option('--note <text>', 'what it is')
    .option('--reason <text>', 'why it is on the list')
    .addOption(
      new Option('--expires <date>', 'a date or a number of days: 2027-01-31, 90d').argParser(parseExpiry(now)),
    )
    .addHelpText(
      'after',
      examples([
        'assay hash-list add 44d88612fea8a8f36de82e1278abb02f --malicious --note "EICAR test file"',
        'assay hash-list add --non-malicious --reason "own build" --expires 90d - < build.sha256',
      ]),
    )
    .action((hashes: string[], flags: AddFlags) => {
      if (flags.malicious !== true && flags.nonMalicious !== true) {
        add.error('error: choose --malicious or --non-malicious');
      }
      const side = flags.malicious === true ? 'malicious' : 'non-malicious';
      const { note = '', reason = '', expires = null } = flags;
      return run(add, async (session) => (await load()).addToList(session, hashes, { side, note, reason, expires }));
    });

  const remove = group.command('remove').description('Removes the entries that hold one of the hashes. Can be undone.');
  remove
    .argument('<hashes...>', 'any digest of an entry; - reads them from standard input')
    .addHelpText('after', examples(['assay hash-list remove 44d88612fea8a8f36de82e1278abb02f']))
    .action((hashes: string[]) => run(remove, async (session) => (await load()).removeFromList(session, hashes)));

  const undo = group.command('undo').description('Takes one change back, if nothing newer touched its entries.');
  undo
    .argument('<change>', 'the number that add, remove and import print', parseId)
    .addHelpText('after', examples(['assay hash-list undo 7']))
    .action((change: number) => run(undo, async (session) => (await load()).undoListChange(session, change)));

  const list = group.command('list').description('Shows entries, newest first.');
  list
    .addOption(new Option('--malicious', 'only known malicious').conflicts('nonMalicious'))
    .addOption(new Option('--non-malicious', 'only known non-malicious'))
    .option('--expiring', 'only entries that expire within 30 days or have expired')
    .option('--search <text>', 'found in a hash, the note, the reason or who added it')
    .addOption(formatOption('how entries are written; the formats other than table hold all'))
    .addOption(rowsOption('entries'))
    .addHelpText(
      'after',
      examples(['assay hash-list list --expiring', 'assay hash-list list --search eicar --format json']),
    )
    .action((options: ListOptions) => run(list, async (session) => (await load()).showList(session, options)));

  const bring = group.command('import').description('Imports a CSV, all or nothing. Says first what is wrong with it.');
  bring
    .argument(
      '<file>',
      'CSV with the headers hash or md5,sha1,sha256, list (malicious, non-malicious), notes; - is standard input',
    )
    .addOption(new Option('--append', 'add to what is on the list (default)').conflicts('replace'))
    .addOption(new Option('--replace', 'the file becomes the whole list'))
    .option('--dry-run', 'say what would change and write nothing')
    .addOption(new Option('--keep-mine', 'a hash on the other side stays where it is').conflicts('takeFile'))
    .addOption(new Option('--take-file', 'a hash on the other side moves to where the file has it'))
    .option('--skip-malformed', 'leave out lines that cannot be read')
    .addHelpText(
      'after',
      examples(['assay hash-list import --dry-run team.csv', 'assay hash-list import --replace --take-file team.csv']),
    )
    .action((file: string, flags: ImportFlags) => {
      const settle = flags.keepMine === true ? 'keep-mine' : flags.takeFile === true ? 'take-file' : 'refuse';
      return run(bring, async (session) =>
        (await load()).importList(session, file, {
          mode: flags.replace === true ? 'replace' : 'append',
          settle,
          skipMalformed: flags.skipMalformed === true,
          dryRun: flags.dryRun === true,
        }),
      );
    });

  const save = group.command('export').description('Writes the whole list as CSV that import reads back.');
  save
    .addOption(outOption())
    .addOption(forceOption())
    .addHelpText('after', examples(['assay hash-list export --out team.csv']))
    .action((options: { readonly out?: string }) =>
      run(save, async (session) => (await load()).exportList(session, options.out)),
    );
}
