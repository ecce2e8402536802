import { Option, type Command } from 'commander';
import { formatOption, parseExpiry, rowsOption } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import type { DecideOptions, ReviewOptions } from './review.ts';

interface DecideFlags extends Omit<DecideOptions, 'side' | 'expires'> {
  readonly malicious?: boolean;
  readonly knownGood?: boolean;
  readonly expires?: number;
}

/** `assay review …`. */
export function addReviewCommands(program: Command, { run, now }: ProgramParts): void {
  const group = program
    .command('review')
    .summary('files about which sources disagree, and deciding them')
    .description(
      'Files about which sources disagree: one says suspicious or worse, another non-malicious. Deciding one puts it on the hash list, which decides over all sources.',
    );
  const load = () => import('./review.ts');

  const list = group
    .command('list', { isDefault: true })
    .description('Lists undecided disagreements, newest first, and who says what. The same as review alone.');
  list
    .addOption(formatOption('table, json, jsonl or csv', ['table', 'json', 'jsonl', 'csv']))
    .addOption(rowsOption('files'))
    .addHelpText('after', examples(['assay review', 'assay review list --format jsonl']))
    .action((options: ReviewOptions) => run(list, async (session) => (await load()).listReviews(session, options)));

  const decide = group
    .command('decide')
    .description(
      'Decides disagreements, all or none, with a reason. What it does to past verdicts is shown first; hash-list undo takes it back.',
    );
  decide
    .argument('<hashes...>', 'any digest of a file about which sources disagree')
    .addOption(new Option('--malicious', 'it is malicious').conflicts('knownGood'))
    .addOption(new Option('--known-good', 'it is known good: a false detection'))
    .requiredOption('--reason <text>', 'why')
    .option('--note <text>', 'what it is')
    .addOption(
      new Option('--expires <date>', 'a date or a number of days: 2027-01-31, 90d').argParser(parseExpiry(now)),
    )
    .option('--dry-run', 'only show what it would do')
    .option('--yes', 'decide without asking')
    .addHelpText(
      'after',
      examples([
        'assay review decide 44d88612fea8a8f36de82e1278abb02f --malicious --reason incident --dry-run',
        'assay review decide 44d88612fea8a8f36de82e1278abb02f --known-good --reason "own build" --yes',
      ]),
    )
    .action((hashes: string[], { malicious, knownGood, expires, ...flags }: DecideFlags) => {
      if (malicious !== true && knownGood !== true) {
        decide.error('error: choose --malicious or --known-good');
      }
      if (flags.reason.trim() === '') {
        decide.error('error: the reason is empty');
      }
      const side = malicious === true ? 'malicious' : 'non-malicious';
      return run(decide, async (session) =>
        (await load()).decideReviews(session, hashes, { ...flags, side, expires: expires ?? null }),
      );
    });
}
