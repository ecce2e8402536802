import { Option, type Command } from 'commander';
import { SYNC_SECRETS } from '#shared/settings/sync-job.ts';
import { formatOption, parseDate } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import type { SetFlags } from './jobs.ts';
import { addRuns, addSent } from './run-options.ts';

type Format = { readonly format: 'table' | 'json' };

const JOB = 'number or name of the job';
const SETTINGS = 'settings as `sync show` prints them; lists with commas, none for nothing';

/** `assay sync …`. */
export function addSyncCommands(program: Command, parts: ProgramParts): void {
  const group = program
    .command('sync')
    .summary('ThreatConnect indicators into Threat Response, and back')
    .description(
      'Sync jobs: each pulls Address, File and Host indicators from ThreatConnect by its criteria and keeps them as intel packages in Tanium Threat Response. Nothing is written before a dry run was looked at and the job activated, or a run asked for.',
    );
  addJobs(group, parts);
  addSettings(group, parts);
  addActivation(group, parts);
  addRuns(group, parts);
  addSent(group, parts);
}

const jobs = () => import('./jobs.ts');

function addJobs(group: Command, { run }: ProgramParts): void {
  const list = group
    .command('list', { isDefault: true })
    .description('Lists the jobs: state, last and next run, counts.');
  list
    .addOption(plainFormat('how jobs are written'))
    .addHelpText('after', examples(['assay sync list']))
    .action((flags: Format) => run(list, async (session) => (await jobs()).listJobs(session, flags.format)));

  const show = group
    .command('show')
    .description(
      'Prints the settings of a job as name=value, its query, and what is missing. Secrets are never printed.',
    );
  show
    .argument('<job>', JOB)
    .addOption(plainFormat('how the job is written'))
    .addHelpText('after', examples(['assay sync show 1']))
    .action((job: string, flags: Format) =>
      run(show, async (session) => (await jobs()).showJob(session, job, flags.format)),
    );

  const owners = group.command('owners').description('Lists the ThreatConnect owners the Api User may read.');
  owners
    .argument('<job>', JOB)
    .addOption(plainFormat('how owners are written'))
    .addHelpText('after', examples(['assay sync owners 1']))
    .action((job: string, flags: Format) =>
      run(owners, async (session) => (await jobs()).listOwners(session, job, flags.format)),
    );

  const count = group.command('count').description('Prints the query of a job, and how many indicators match it now.');
  count
    .argument('<job>', JOB)
    .addHelpText('after', examples(['assay sync count 1']))
    .action((job: string) => run(count, async (session) => (await jobs()).countMatches(session, job)));

  const test = group
    .command('test')
    .description('Tests the connections of a job and names what is at fault. Writes nothing there.');
  test
    .argument('<job>', JOB)
    .addOption(new Option('--side <side>', 'only this side').choices(['threatconnect', 'tanium']))
    .addHelpText('after', examples(['assay sync test 1', 'assay sync test 1 --side tanium']))
    .action((job: string, flags: { readonly side?: 'threatconnect' | 'tanium' }) =>
      run(test, async (session) => (await jobs()).testJob(session, job, flags.side ?? null)),
    );
}

function addSettings(group: Command, { run }: ProgramParts): void {
  const create = group.command('create').description('Makes a job. It is inactive, and sends nothing.');
  create
    .argument('<name>', 'what it is called')
    .argument('[name=value...]', SETTINGS)
    .option('--file <file>', 'settings from a JSON file, an object by the same names')
    .option('--copy-of <job>', 'with the settings of another job; secrets are not copied')
    .addHelpText(
      'after',
      examples([
        'assay sync create "High rated" threatConnectUrl=https://acme.threatconnect.com minRating=4',
        'assay sync create "Phishing hosts" --copy-of "High rated" types=Host includeTags=phishing',
      ]),
    )
    .action((name: string, words: readonly string[], flags: { readonly file?: string; readonly copyOf?: string }) =>
      run(create, async (session) => (await jobs()).createJob(session, name, words, flags)),
    );

  const set = group
    .command('set')
    .description('Changes settings of a job together, or a secret. A secret is never an argument: it would be seen.');
  set
    .argument('<job>', JOB)
    .argument('[name=value...]', SETTINGS)
    .option('--file <file>', 'settings from a JSON file, an object by the same names')
    .option('--name <name>', 'what it is called from now on')
    .addOption(new Option('--secret <which>', 'asks for a secret, unseen').choices([...SYNC_SECRETS]))
    .addOption(new Option('--stdin', 'reads the secret from standard input'))
    .addOption(
      new Option('--remove-secret <which>', 'removes a stored secret').choices([...SYNC_SECRETS]).conflicts('secret'),
    )
    .addHelpText(
      'after',
      examples([
        'assay sync set 1 minRating=4 minConfidence=60 excludeTags=sinkholed',
        'assay sync set 1 taniumUrl=https://tanium.example.com schedule=06:30',
        'assay sync set 1 --secret threatconnect',
        'pass show tanium | assay sync set 1 --secret tanium --stdin',
      ]),
    )
    .action((job: string, words: readonly string[], flags: SetFlags) => {
      if (flags.stdin === true && flags.secret === undefined) {
        set.error('error: --stdin reads a secret: say which with --secret');
      }
      return run(set, async (session) => (await jobs()).setJob(session, job, words, flags));
    });

  const remove = group
    .command('remove')
    .description(
      'Removes a job with its history. Refused while something it sent is still there, unless it is to be left.',
    );
  remove
    .argument('<job>', JOB)
    .option('--leave', 'leave what it sent in Threat Response, where nothing keeps track of it any more')
    .option('--yes', 'remove without asking')
    .addHelpText('after', examples(['assay sync remove "Phishing hosts" --yes']))
    .action((job: string, flags: { readonly leave?: boolean; readonly yes?: boolean }) =>
      run(remove, async (session) => (await jobs()).removeJob(session, job, flags)),
    );
}

function addActivation(group: Command, { run }: ProgramParts): void {
  for (const [name, active, about] of [
    [
      'activate',
      true,
      'Lets a job run on its schedule. The first time a dry run with the present settings must have been looked at.',
    ],
    ['deactivate', false, 'Stops the schedule of a job. What it sent stays.'],
  ] as const) {
    const command = group.command(name).description(about);
    command
      .argument('<job>', JOB)
      .addHelpText('after', examples([`assay sync ${name} 1`]))
      .action((job: string) => run(command, async (session) => (await jobs()).activateJob(session, job, active)));
  }

  const startOver = group
    .command('start-over')
    .description('Moves Last Modified: the next run pulls everything that was modified since a date.');
  startOver
    .argument('<job>', JOB)
    .addOption(
      new Option('--from <date>', 'the date, as in 2026-01-31, midnight UTC')
        .argParser(parseDate)
        .makeOptionMandatory(),
    )
    .addHelpText('after', examples(['assay sync start-over 1 --from 2026-01-01']))
    .action((job: string, flags: { readonly from: number }) =>
      run(startOver, async (session) => (await jobs()).startOver(session, job, flags.from)),
    );
}

function plainFormat(about: string): Option {
  return formatOption(about, ['table', 'json']);
}
