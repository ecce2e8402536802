import { InvalidArgumentError, Option, type Command } from 'commander';
import type { SourceId } from '#shared/domain/source.ts';
import { forceOption, formatOption, outOption, parseDate, rowsOption } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import type { ChangesOptions, Since } from './changes.ts';
import { parseSource } from '../settings/sources-options.ts';

const SECONDS: Readonly<Record<string, number>> = { h: 3600, d: 86_400 };

/** `assay changes`. */
export function addChangesCommand(program: Command, { run, now }: ProgramParts): void {
  const command = program
    .command('changes')
    .summary('what sources say otherwise than before')
    .description(
      'Lists what sources say otherwise than before, newest first: status before and after, and how many kept lists hold the file. Sends nothing.',
    )
    .addOption(
      new Option(
        '--since <when>',
        'hours or days back, a date (UTC), or last: since the last look, here or in a window',
      )
        .argParser(parseSince(now))
        .default({ kind: 'at', at: now - 7 * 86_400 } satisfies Since, '7d'),
    )
    .option('--flips', 'only what turned malicious or ceased to be')
    .addOption(new Option('--source <source>', 'only this source').argParser(parseSource))
    .addOption(formatOption('table; the other formats hold every change'))
    .addOption(rowsOption('changes'))
    .addOption(outOption())
    .addOption(forceOption())
    .addHelpText(
      'after',
      examples([
        'assay changes --since 24h',
        'assay changes --since last --flips',
        'assay changes --since 2026-11-01 --source virustotal --format jsonl --out changes.jsonl',
      ]),
    )
    .action((options: Omit<ChangesOptions, 'source'> & { readonly source?: SourceId }) =>
      run(command, async (session) =>
        (await import('./changes.ts')).showChanges(session, { ...options, source: options.source ?? null }),
      ),
    );
}

/** `7d`, `24h`, `2026-11-01` or `last`. */
function parseSince(now: number): (text: string) => Since {
  return (text) => {
    if (text === 'last') {
      return { kind: 'last' };
    }
    const [, amount, unit = ''] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
    if (amount !== undefined) {
      return { kind: 'at', at: Math.max(0, now - Number(amount) * (SECONDS[unit] ?? 0)) };
    }
    if (!/^\d{4}-/.test(text)) {
      throw new InvalidArgumentError(`"${text}" is not a time. Times are written 24h, 7d, 2026-11-01 or last.`);
    }
    return { kind: 'at', at: parseDate(text) };
  };
}
