import { Option, type Command } from 'commander';
import { REPORT_FORMATS, type ReportFormat } from '#shared/domain/report.ts';
import type { Status } from '#shared/domain/status.ts';
import { collect, forceOption, formatOption, parseId, parseStatuses } from '../../option-values.ts';
import type { OutputFormat } from '../../output/records.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';

/** What `assay report write` is asked for. */
export interface WriteReportOptions {
  readonly format?: ReportFormat;
  readonly out?: string;
  /** A report that is there already is replaced. */
  readonly force?: boolean;
  readonly only?: readonly Status[];
  readonly tag?: readonly string[];
  readonly containing?: string;
  readonly hashes?: string;
  readonly title?: string;
  readonly examiner?: string;
  readonly case?: string;
  readonly note?: string;
}

/** `assay report …`; `write` is what is meant without a further word. */
export function addReportCommands(program: Command, { run }: ProgramParts): void {
  const group = program
    .command('report')
    .summary('reports of intakes, and whether one was changed')
    .description(
      'Reports of intakes that stand up to others: inputs, accounting, every verdict as triaged and now, sets, and a seal.',
    );
  const load = () => import('./report.ts');

  const write = group
    .command('write', { isDefault: true })
    .summary('write a report of an intake; the word "write" may be left out')
    .description('Writes a report of an intake to a file. The word "write" may be left out.');
  write
    .argument('<id>', 'the number of the intake', parseId)
    .addOption(
      new Option('--format <format>', 'the form; otherwise what the name of the file ends in, or html').choices([
        ...REPORT_FORMATS,
      ]),
    )
    .option('--out <file>', 'where it is written; otherwise a file of the intake’s name in this folder')
    .addOption(forceOption())
    .addOption(
      new Option('--only <verdict,...>', 'only rows of these verdicts; may be repeated').argParser(parseStatuses),
    )
    .option('--tag <tag>', 'only rows with this tag; may be repeated', collect)
    .option('--containing <text>', 'only rows with this text in the hash, a carried column or an input’s name')
    .addOption(
      new Option(
        '--hashes <file>',
        'only the rows with a hash that is in this file, at most 10,000; - is standard input',
      ).conflicts(['only', 'tag', 'containing']),
    )
    .option('--title <text>', 'what the report is called; otherwise the title of the intake')
    .option('--examiner <name>', 'who examined; otherwise the analyst of the settings')
    .option('--case <text>', 'the case it belongs to')
    .option('--note <text>', 'a text for the beginning of the report')
    .addHelpText(
      'after',
      examples([
        'assay report 12 --format csv --out case-4711.csv',
        'assay report write 12 --only malicious,suspicious --out findings.html',
        'assay report 12 --hashes chosen.txt --out chosen.jsonl',
        'assay report 12 --format jsonl --case "Case 4711" --examiner "E. Doe"',
      ]),
    )
    .action((id: number, options: WriteReportOptions) =>
      run(write, async (session) => (await load()).writeReport(session, id, options)),
    );

  const verify = group
    .command('verify')
    .summary('whether reports are still as they were made')
    .description(
      'Compares reports with the seals they carry, or with the manifests beside them. Exits 5 when one was changed or carries no seal, 1 when one cannot be read.',
    );
  verify
    .argument('<files...>', 'reports, or manifests beside them')
    .option('--json', 'one JSON array instead of sentences')
    .addHelpText('after', examples(['assay report verify findings.html', 'assay report verify --json *.csv']))
    .action((files: string[], options: { readonly json?: boolean }) =>
      run(verify, async (session) => (await import('./report-verify.ts')).verifyReports(session, files, options)),
    );

  const list = group.command('list').description('Shows the reports made of an intake, newest first.');
  list
    .argument('<id>', 'the number of the intake', parseId)
    .addOption(formatOption('how reports are listed'))
    .addHelpText('after', examples(['assay report list 12', 'assay report list 12 --format jsonl']))
    .action((id: number, options: { readonly format: OutputFormat }) =>
      run(list, async (session) => (await load()).listReports(session, id, options)),
    );
}
