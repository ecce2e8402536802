import { InvalidArgumentError, Option, type Command } from 'commander';
import { SOURCE_IDS, type SourceId } from '#shared/domain/source.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import type { LookupOptions } from './lookup.ts';

const LONGEST_WAIT = 86_400;

/** `assay lookup`. */
export function addLookupCommand(program: Command, { run }: ProgramParts): void {
  const command = program
    .command('lookup')
    .summary('what is known about single hashes; asks when told')
    .description(
      'Shows what this machine knows about hashes: the verdict, why, every source side by side, and what changed. Nothing is sent without --ask.',
    )
    .argument('[hashes...]', 'MD5, SHA-1 or SHA-256; - takes any text from standard input; at most 100 hashes')
    .option('--json', 'one JSON array instead of tables')
    .addOption(
      new Option(
        '--jsonl <input>',
        'stays open: a hash or {"hash": …, "id": …} per line of standard input, one JSON line out for each, in order',
      ).choices(['-']),
    )
    .option('--ask', 'ask sources whose answer is due; the price is said first')
    .option('--again', 'with --ask: ask again although the answer is not due')
    .addOption(new Option('--sources <source,...>', 'with --ask: only these').argParser(parseSources))
    .option('--yes', 'with --ask: spend the price without asking')
    .addOption(new Option('--max-calls <n>', 'with --ask: spend at most this many calls').argParser(parseCalls))
    .addOption(
      new Option('--wait <seconds>', 'with --ask: how long to wait for answers').argParser(parseSeconds).default(120),
    )
    .addHelpText(
      'after',
      examples([
        'assay lookup 44d88612fea8a8f36de82e1278abb02f',
        'assay lookup --ask --yes --sources virustotal 44d88612fea8a8f36de82e1278abb02f',
        'grep -i blocked proxy.log | assay lookup - --json',
        'my-scanner | assay lookup --jsonl - | my-alerts',
      ]),
    )
    .action((hashes: string[], options: LookupOptions) =>
      run(command, async (session) => (await import('./lookup.ts')).lookup(session, hashes, options)),
    );
}

function parseSources(text: string, before: readonly SourceId[] = []): SourceId[] {
  const found = text.split(',').map((word) => {
    const source = SOURCE_IDS.find((id) => id === word.trim());
    if (source === undefined) {
      throw new InvalidArgumentError(`"${word}" is not a source. There are ${SOURCE_IDS.join(', ')}.`);
    }
    return source;
  });
  return [...new Set([...before, ...found])];
}

function parseCalls(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new InvalidArgumentError(`"${text}" is not a number of calls.`);
  }
  return Number(text);
}

function parseSeconds(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > LONGEST_WAIT) {
    throw new InvalidArgumentError(`"${text}" is not a number of seconds up to ${LONGEST_WAIT}.`);
  }
  return Number(text);
}
