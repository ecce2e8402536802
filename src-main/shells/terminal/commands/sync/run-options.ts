import { InvalidArgumentError, Option, type Command } from 'commander';
import { SYNC_ACTIONS, type SyncAction } from '#shared/domain/indicator.ts';
import { collect, formatOption, parseId, rowsOption } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import type { HeldFlags, RecallFlags } from './recall.ts';
import type { RowsOptions } from './runs.ts';

const JOB = 'number or name of the job';

const runs = () => import('./runs.ts');
const recalls = () => import('./recall.ts');

/** Runs of a job, and what is kept about them. */
export function addRuns(group: Command, { run }: ProgramParts): void {
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

/** What is held back or sent, and calling it back. */
export function addSent(group: Command, { run }: ProgramParts): void {
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
