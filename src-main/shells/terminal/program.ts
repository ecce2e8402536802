import { Command, CommanderError, Option } from 'commander';
import { addCacheCommands } from './commands/cache/cache-options.ts';
import { addChangesCommand } from './commands/changes/changes-options.ts';
import { addFormatsCommand } from './commands/intakes/formats-options.ts';
import { addHashListCommands } from './commands/lists/hash-list-options.ts';
import { addIntakesCommands } from './commands/intakes/intakes-options.ts';
import { addKnownSetsCommands } from './commands/lists/known-sets-options.ts';
import { addNoteCommands } from './commands/lists/note-options.ts';
import { addPlanCommand } from './commands/asking/plan-options.ts';
import { addQueueCommands } from './commands/asking/queue-options.ts';
import { addReportCommands } from './commands/report/report-options.ts';
import { addReviewCommands } from './commands/changes/review-options.ts';
import { addRunCommand } from './commands/asking/run-options.ts';
import { addScanCommand } from './commands/asking/scan-options.ts';
import { addLookupCommand } from './commands/lookup/lookup-options.ts';
import { addSettingsCommands } from './commands/settings/settings-options.ts';
import { addSimulateCommand } from './commands/asking/simulate-options.ts';
import { addSourcesCommands } from './commands/settings/sources-options.ts';
import { addSyncCommands } from './commands/sync/options.ts';
import { addTriageCommand } from './commands/intakes/triage-options.ts';
import { addUsageCommand } from './commands/usage/usage-options.ts';
import { EXIT } from './exit-codes.ts';
import { createSession, type GlobalOptions, type Outputs, type Session } from './session.ts';
import type { Host } from './host.ts';
import { parseFolder } from './option-values.ts';
import { readPlaces } from './output/read-places.ts';
import { requireFree, type OutOptions } from './output/require-free.ts';
import { examples, type ProgramParts, type Run } from './program-parts.ts';

const ABOUT =
  "Answers what is known about file hashes: from the team's hash list, known sets and cached reputation items on this machine and, where a command says so, from reputation sources inside their quotas.";

const EXIT_CODES = `
Exit codes: 0 done, 1 nothing could be read or written, 2 wrong usage, 3 found what --fail-on names,
or a sync run stopped to ask, 4 --strict and a row was rejected or an input could not be read whole,
5 a verified report was changed or carries no seal,
130 interrupted.
Data goes to standard output; progress and messages go to standard error.`;

/** The command tree. `finish` receives the exit code of the command that ran. */
export function buildProgram(host: Host, outputs: Outputs, version: string, finish: (code: number) => void): Command {
  const program = new Command('assay')
    .description(ABOUT)
    .version(version, '--version', 'print the version')
    .addOption(new Option('--data <dir>', 'the data directory; ASSAY_DATA does the same').argParser(parseFolder))
    .addOption(new Option('--quiet', 'no progress and no notes; warnings and errors stay'))
    .addOption(new Option('--no-color', 'no colours; NO_COLOR does the same'))
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'assay: ')),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ sortSubcommands: false })
    .addHelpText('after', EXIT_CODES)
    .addHelpText(
      'after',
      examples([
        'assay triage suspicious.txt',
        'assay hash-list add 44d88612fea8a8f36de82e1278abb02f --malicious --note "EICAR test file"',
        'assay intakes list',
      ]),
    );
  const run: Run = async (command, work) => {
    const globals = command.optsWithGlobals<
      GlobalOptions & OutOptions & { readonly ask?: boolean; readonly wait?: boolean }
    >();
    const session = createSession(host, outputs, globals, mayAsk(command, globals));
    try {
      for (const sentence of await requireFree(host.folder, globals, readPlaces(command, host.env))) {
        session.warn(sentence);
      }
      finish(await work(session));
    } catch (error) {
      finish(await codeOfFailure(session, error));
    } finally {
      session.end();
    }
  };
  const parts: ProgramParts = { run, now: Math.floor(host.now() / 1000) };
  addTriageCommand(program, parts);
  addFormatsCommand(program, parts);
  addLookupCommand(program, parts);
  addPlanCommand(program, parts);
  addScanCommand(program, parts);
  addChangesCommand(program, parts);
  addReportCommands(program, parts);
  addReviewCommands(program, parts);
  addUsageCommand(program, parts);
  addHashListCommands(program, parts);
  addNoteCommands(program, parts);
  addKnownSetsCommands(program, parts);
  addIntakesCommands(program, parts);
  addSourcesCommands(program, parts);
  addQueueCommands(program, parts);
  addSyncCommands(program, parts);
  addRunCommand(program, parts);
  addCacheCommands(program, parts);
  addSettingsCommands(program, parts);
  addSimulateCommand(program, parts);
  settle(program);
  return program;
}

/** Whether a command may ask sources by itself: looking at what is known never does. */
function mayAsk(command: Command, options: { readonly ask?: boolean; readonly wait?: boolean }): boolean {
  switch (command.name()) {
    case 'run':
      return true;
    case 'test':
      return command.parent?.name() === 'sources' || command.parent?.name() === 'sync';
    case 'dry-run':
    case 'reconcile':
    case 'approve':
    case 'recall':
    case 'owners':
    case 'count':
      return command.parent?.name() === 'sync';
    case 'lookup':
      return options.ask === true;
    case 'scan':
      return options.wait === true;
    default:
      return false;
  }
}

/** Every command of the tree, the root first. */
export function allCommands(root: Command): Command[] {
  return [root, ...root.commands.flatMap((command) => allCommands(command))];
}

/** The exit code of what commander threw; wrong usage is 2, version and help that was asked for are 0. */
export function codeOfUsage(error: unknown): number | null {
  if (!(error instanceof CommanderError)) {
    return null;
  }
  return error.exitCode === 0 ? EXIT.done : EXIT.usage;
}

async function codeOfFailure(session: Session, error: unknown): Promise<number> {
  const { failureOf } = await import('./failure.ts');
  return failureOf(session, error);
}

function settle(root: Command): void {
  for (const command of allCommands(root).slice(1)) {
    command.copyInheritedSettings(root).helpOption('-h, --help', 'print help');
    if (command.commands.length === 0) {
      command.addHelpText('after', '\nAlso: --data <dir>, --quiet, --no-color (see assay --help).');
    } else {
      command.helpCommand(false);
    }
  }
}
