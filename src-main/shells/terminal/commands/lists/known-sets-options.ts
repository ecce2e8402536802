import { Option, type Command } from 'commander';
import { SET_MARKS, type SetMark } from '#shared/domain/evidence.ts';
import { formatOption, parseDate } from '../../option-values.ts';
import { DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import { SET_FORMS, type SetForm } from '#shared/domain/known-sets/set-forms.ts';
import type { OutputFormat } from '../../output/records.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';

interface ImportFlags {
  readonly name?: string;
  readonly edition: string;
  readonly date?: number;
  readonly mark: SetMark;
  readonly kind: 'auto' | SetForm;
  readonly digest?: DigestKind;
  readonly base?: string;
  readonly replace?: boolean;
}

/** `assay known-sets …`. */
export function addKnownSetsCommands(program: Command, { run }: ProgramParts): void {
  const group = program
    .command('known-sets')
    .summary('offline sets of hashes')
    .description(
      'Offline sets of hashes: vendor lists, gold images, feeds. Known is not good unless a set is marked so.',
    );
  const load = () => import('./known-sets.ts');

  const bring = group
    .command('import')
    .description('Imports a file of hashes as a set. It is in force when it is whole.');
  bring
    .argument('<file>', 'a list in any format triage reads, or an NSRL database; - is standard input')
    .option('--name <name>', 'what the set is called; otherwise the name of the file')
    .option('--edition <text>', 'which edition of the set this is', '')
    .addOption(new Option('--date <date>', 'the date of the edition: 2026-11-01').argParser(parseDate))
    .addOption(
      new Option('--mark <mark>', 'known says nothing; known-good makes hashes non-malicious, known-bad malicious')
        .choices([...SET_MARKS])
        .default('known'),
    )
    .addOption(
      new Option('--kind <kind>', 'what the file is; a delta is applied to the set named by --name')
        .choices(['auto', ...SET_FORMS])
        .default('auto'),
    )
    .addOption(new Option('--digest <kind>', 'what a Bloom filter holds; SHA-1 by default').choices([...DIGEST_KINDS]))
    .option('--base <file>', 'the database of the edition a delta is for, which may then also change and remove rows')
    .option('--replace', 'take the place of the set of that name')
    .addHelpText(
      'after',
      examples([
        'assay known-sets import gold-image.sha256 --name "Gold image" --edition 2026-11 --mark known-good',
        'assay known-sets import RDS_2026.09.1_modern_minimal.db --name NSRL --mark known-good',
        'assay known-sets import RDS_2026.12.1_modern_minimal_delta.sql --kind nsrl-delta --name NSRL',
        'assay known-sets import delta.sql --kind nsrl-delta --base RDS_2026.09.1_modern.db --name NSRL',
        'assay known-sets import hashlookup-full.bloom --name hashlookup',
        'assay known-sets import feed.csv --name "Vendor feed" --date 2026-11-20 --mark known-bad --replace',
      ]),
    )
    .action((file: string, flags: ImportFlags) =>
      run(bring, async (session) =>
        (await load()).importSet(session, file, {
          ...(flags.name === undefined ? {} : { name: flags.name }),
          edition: flags.edition,
          date: flags.date ?? null,
          mark: flags.mark,
          kind: flags.kind,
          ...(flags.digest === undefined ? {} : { digest: flags.digest }),
          ...(flags.base === undefined ? {} : { base: flags.base }),
          replace: flags.replace === true,
        }),
      ),
    );

  const list = group.command('list').description('Shows all sets, by name.');
  list
    .addOption(formatOption('how sets are written'))
    .addHelpText('after', examples(['assay known-sets list']))
    .action((options: { readonly format: OutputFormat }) =>
      run(list, async (session) => (await load()).listSets(session, options.format)),
    );

  const remove = group.command('remove').description('Removes a set. Verdicts that rested on it are judged again.');
  remove
    .argument('<name>', 'the name of the set, or its number')
    .addHelpText('after', examples(['assay known-sets remove "Gold image"']))
    .action((name: string) => run(remove, async (session) => (await load()).removeSet(session, name)));

  const left = group
    .command('left')
    .description('Shows what imports that did not end have kept, the latest first; or discards it.');
  left
    .option('--discard <id>', 'remove what this import kept: its id, or the beginning of it')
    .addOption(formatOption('how they are written'))
    .addHelpText('after', examples(['assay known-sets left', 'assay known-sets left --discard 3f9a02']))
    .action((options: { readonly discard?: string; readonly format: OutputFormat }) =>
      run(left, async (session) => {
        const commands = await import('./left-imports.ts');
        return options.discard === undefined
          ? commands.listLeft(session, options.format)
          : commands.discardLeft(session, options.discard);
      }),
    );
}
