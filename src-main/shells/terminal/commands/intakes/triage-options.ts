import { Option, type Command } from 'commander';
import { collect, parseReportFile, rowOptions } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import type { TriageOptions } from './triage.ts';

/** `assay triage`. */
export function addTriageCommand(program: Command, { run }: ProgramParts): void {
  const command = program
    .command('triage')
    .summary('answer every hash in files, folders or standard input')
    .description(
      'Reads lists, logs, CSVs and folders, recognised by content, and answers every hash in them. Every row is accounted for.',
    )
    .argument('[files...]', 'files and folders; - is standard input, also read when a pipe is attached');
  for (const option of rowOptions()) {
    command.addOption(option);
  }
  command
    .addOption(
      new Option('--fail-on <verdict>', 'exit 3 when a hash is that bad or worse').choices(['malicious', 'suspicious']),
    )
    .option('--strict', 'exit 4 when a row is rejected or an input cannot be read whole')
    .addOption(
      new Option(
        '--as <format>',
        'auto: by content; sample: hash the files themselves; list: hashes, whatever else it looks like; or a format that "assay formats" names',
      ).default('auto'),
    )
    .option('--read-as <format>', 'a format beside --as auto, list or sample; "--read-as list" is one hash per line')
    .option('--column <name>', 'a column that holds hashes, by header or number; may be repeated', collect)
    .option('--password-file <file>', 'passwords of encrypted archives, one in a line; - is standard input')
    .option('--title <text>', 'what the intake is called; otherwise the name of the file')
    .option('--embargo', 'never ask any source about these hashes')
    .addOption(
      new Option('--report <file>', 'write a report of all rows as well, in the form its name ends in').argParser(
        parseReportFile,
      ),
    )
    .addHelpText(
      'after',
      examples([
        'assay triage suspicious.txt',
        'assay triage --format csv --out answered.csv autoruns.csv',
        "find /opt -name '*.jar' -exec sha256sum {} + | assay triage -",
        'assay triage --format jsonl --only malicious,suspicious --fail-on suspicious hashes.txt',
        'assay triage --as csv --column 3 export.txt',
        'assay triage --report findings.html autoruns.csv',
        'assay triage --column SHA256 --embargo --title "Case 4711" export.csv',
      ]),
    )
    .action((files: string[], options: TriageOptions) =>
      run(command, async (session) => (await import('./triage.ts')).triage(session, files, options)),
    );
}
