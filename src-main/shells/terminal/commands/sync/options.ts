import { InvalidArgumentError, Option, type Command } from 'commander';
import { SYNC_ACTIONS, type SyncAction } from '#shared/domain/indicator.ts';
import { SYNC_SECRETS } from '#shared/settings/sync-job.ts';
import { collect, formatOption, parseDate, parseId, rowsOption } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import type { SetFlags } from './jobs.ts';
import type { HeldFlags, RecallFlags } from './recall.ts';
import type { RowsOptions } from './runs.ts';

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
const runs = () => import('./runs.ts');
const recalls = () => import('./recall.ts');

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

function addRuns(group: Command, { run }: ProgramParts): void {
  for (const [name, kind, about] of [
    [
      'dry-run',
      'dry-run',
      'Compares everything that matches now with what was sent, and shows what a reconcile would send and withdraw, by indicator and package. Writes nothing to Threat Response.',
    ],
    ['run', 'run', 'Pulls what changed since the last run and sends it.'],
    [
      'reconcile',
      'reconcile',
      'Compares everything that matches now with everything that was sent, and sends and withdraws the difference.',
    ],
  ] as const) {
    const command = group.command(name).description(about);
    command.argument('<job>', JOB);
    for (const option of planOptions()) {
      command.addOption(option);
    }
    command
      .addHelpText('after', examples([`assay sync ${name} 1`, `assay sync ${name} 1 --format jsonl`]))
      .action((job: string, flags: RowsOptions) =>
        run(command, async (session) => (await runs()).runJob(session, job, kind, flags)),
      );
  }

  const approve = group
    .command('approve')
    .description('Allows a run that stopped to ask the withdrawals it named, and no others, and does it.');
  approve.argument('<run>', 'number of the run', parseId);
  for (const option of planOptions()) {
    approve.addOption(option);
  }
  approve
    .option('--yes', 'approve without asking')
    .addHelpText('after', examples(['assay sync approve 12 --yes']))
    .action((runId: number, flags: RowsOptions & { readonly yes?: boolean }) =>
      run(approve, async (session) => (await runs()).approveRun(session, runId, flags)),
    );

  const cancel = group
    .command('cancel')
    .description('Ends a run: one that waits or stopped to ask at once, one that goes on after its present request.');
  cancel
    .argument('<run>', 'number of the run', parseId)
    .addHelpText('after', examples(['assay sync cancel 12']))
    .action((runId: number) => run(cancel, async (session) => (await runs()).cancelRun(session, runId)));

  const history = group
    .command('history')
    .description('Lists the runs of a job; with --run what one of them did, wrote, asked or logged.');
  history
    .argument('<job>', JOB)
    .addOption(new Option('--run <n>', 'one run').argParser(parseId))
    .addOption(
      new Option('--show <part>', 'of that run: its plan, its log, what it wrote, every request')
        .choices(['plan', 'log', 'writes', 'requests'])
        .default('plan'),
    )
    .addOption(formatOption('how rows are written'))
    .addOption(rowsOption('rows'))
    .addHelpText('after', examples(['assay sync history 1', 'assay sync history 1 --run 12 --show writes']))
    .action(
      (
        job: string,
        flags: RowsOptions & { readonly run?: number; readonly show: 'plan' | 'log' | 'writes' | 'requests' },
      ) => {
        if (flags.run === undefined && history.getOptionValueSource('show') === 'cli') {
          history.error('error: --show tells of one run: say which with --run');
        }
        return run(history, async (session) => {
          const { listRuns, showRun } = await runs();
          return flags.run === undefined
            ? listRuns(session, job, flags)
            : showRun(session, job, flags.run, flags.show, flags);
        });
      },
    );
}

function addSent(group: Command, { run }: ProgramParts): void {
  const held = group
    .command('held')
    .description('Lists indicators that are held back, and why; releases some for the next run, or holds them again.');
  held
    .argument('<job>', JOB)
    .addOption(
      new Option('--release <indicator>', 'an indicator by id or value; may be given several times')
        .argParser(collect)
        .conflicts('hold'),
    )
    .addOption(new Option('--hold <indicator>', 'a released one that is to be held back again').argParser(collect))
    .addOption(formatOption('how indicators are written'))
    .addOption(rowsOption('indicators'))
    .addHelpText('after', examples(['assay sync held 1', 'assay sync held 1 --release 4711']))
    .action((job: string, flags: HeldFlags) =>
      run(held, async (session) => (await recalls()).heldBack(session, job, flags)),
    );

  const sent = group.command('sent').description('Lists the indicators that are in Threat Response by a job.');
  sent
    .argument('<job>', JOB)
    .option('--text <text>', 'only those that hold this text')
    .addOption(formatOption('how indicators are written'))
    .addOption(rowsOption('indicators'))
    .addHelpText('after', examples(['assay sync sent 1 --text example.com', 'assay sync sent 1 --format csv']))
    .action((job: string, flags: RowsOptions & { readonly text?: string }) =>
      run(sent, async (session) => (await recalls()).sentIndicators(session, job, flags)),
    );

  const recall = group
    .command('recall')
    .description(
      'Takes out of Threat Response what was sent: indicators, what one run added, or everything. Shows first what goes. What is called back stays out until it is released.',
    );
  recall
    .argument('<job>', JOB)
    .argument('[indicators...]', 'by id or value')
    .addOption(new Option('--run <n>', 'what this run added').argParser(parseId))
    .option('--all', 'everything the job sent; the job is deactivated')
    .option('--dry-run', 'only show what it would take out')
    .option('--yes', 'call back without asking');
  for (const option of planOptions().filter(({ long }) => long !== '--only')) {
    recall.addOption(option);
  }
  recall
    .addHelpText(
      'after',
      examples([
        'assay sync recall 1 evil.example.com --dry-run',
        'assay sync recall 1 --run 12 --yes',
        'assay sync recall 1 --all',
      ]),
    )
    .action((job: string, indicators: readonly string[], flags: RecallFlags) =>
      run(recall, async (session) => (await recalls()).recall(session, job, indicators, flags)),
    );
}

function plainFormat(about: string): Option {
  return formatOption(about, ['table', 'json']);
}

function planOptions(): Option[] {
  return [
    formatOption('table, without what is unchanged; the other formats hold every indicator'),
    new Option('--only <change,...>', `only these changes: ${SYNC_ACTIONS.join(', ')}`).argParser(parseActions),
    rowsOption('indicators'),
  ];
}

function parseActions(text: string, before: readonly SyncAction[] = []): SyncAction[] {
  const found = text.split(',').map((word) => {
    const action = SYNC_ACTIONS.find((candidate) => candidate === word.trim());
    if (action === undefined) {
      throw new InvalidArgumentError(`"${word}" is not a change. There are ${SYNC_ACTIONS.join(', ')}.`);
    }
    return action;
  });
  return [...new Set([...before, ...found])];
}
