import { InvalidArgumentError, Option, type Command } from 'commander';
import { lastRange, USUAL_BARS, type LastRange } from '#shared/domain/usage/last-range.ts';
import { PANEL_IDS, type PanelId, type Split } from '#shared/domain/usage/panels.ts';
import { forceOption, formatOption, outOption, parseDate } from '../../option-values.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import type { UsageOptions } from './usage.ts';

const SECONDS: Readonly<Record<string, number>> = { min: 60, h: 3600, d: 86_400 };
const WEEK = 7 * 86_400;
const SPLITS = [
  'source',
  'status',
  'door',
  'reason',
  'side',
  'direction',
  'age',
  'state',
  'none',
] as const satisfies readonly Split[];

/** `assay usage`. */
export function addUsageCommand(program: Command, { run, now }: ProgramParts): void {
  const command = program
    .command('usage')
    .summary('what was asked, saved and kept over time')
    .description(
      'Prints the reputation board: what was sent, received, kept and saved over time, and when quotas will run out. Sends nothing.',
    )
    .addOption(
      new Option('--since <when>', 'hours or days back, a date (UTC), or two: FROM..TO, TO not in it')
        .argParser(parseSince(now))
        .default(lastRange(WEEK, now), '7d'),
    )
    .addOption(new Option('--panel <panel...>', `only these panels: ${PANEL_IDS.join(', ')}`).argParser(parsePanels))
    .addOption(new Option('--split <way>', 'how panels are broken down, where they can be').choices([...SPLITS]))
    .addOption(
      new Option('--step <length>', 'length of an interval: 1min to 30min, 1h to 12h, 1d, 2d, 7d').argParser(parseStep),
    )
    .option('--compare', 'also as long a time before')
    .addOption(new Option('--forecast', 'when each quota runs out instead').conflicts(['saved', 'prometheus']))
    .addOption(new Option('--saved', 'what calls that were not needed would have cost instead').conflicts('prometheus'))
    .addOption(new Option('--prometheus', 'counters and gauges instead, as text for a collector of files'))
    .addOption(formatOption('table; the other formats hold every interval'))
    .addOption(outOption())
    .addOption(forceOption())
    .addHelpText(
      'after',
      examples([
        'assay usage --since 30d --compare',
        'assay usage --panel outbound-items outbound-failed --since 24h --step 1h',
        'assay usage --since 2026-10-01..2026-11-01 --format json --out october.json',
        'assay usage --forecast',
        'assay usage --saved --since 30d',
        'assay usage --prometheus --force --out /var/lib/node_exporter/assay.prom',
      ]),
    )
    .action((options: Omit<UsageOptions, 'range'> & { readonly since: LastRange }) =>
      run(command, async (session) =>
        (await import('./usage.ts')).showUsage(session, { ...options, range: options.since }),
      ),
    );
}

/** `24h` and `30d`, as the window means them, `2026-10-01` or `2026-10-01..2026-11-01`. */
export function parseSince(now: number): (text: string) => LastRange {
  return (text) => {
    const [, amount, unit = ''] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
    if (amount !== undefined) {
      if (Number(amount) === 0) {
        throw new InvalidArgumentError('It is at least 1h.');
      }
      const range = lastRange(Number(amount) * (SECONDS[unit] ?? 0), now);
      return { ...range, from: Math.max(0, range.from) };
    }
    const [first = '', last, more] = text.split('..');
    if (!/^\d{4}-/.test(first) || more !== undefined) {
      throw new InvalidArgumentError(`"${text}" is not a time. Times are written 24h, 7d, 2026-11-01 or FROM..TO.`);
    }
    const range = { from: parseDate(first), to: last === undefined ? now + 1 : parseDate(last), bars: USUAL_BARS };
    if (range.to <= range.from) {
      throw new InvalidArgumentError(last === undefined ? 'That is still to come.' : 'It ends before it begins.');
    }
    return range;
  };
}

function parsePanels(text: string, before: readonly PanelId[] = []): PanelId[] {
  const found = text.split(',').map((word) => {
    const panel = PANEL_IDS.find((id) => id === word.trim());
    if (panel === undefined) {
      throw new InvalidArgumentError(`"${word}" is not a panel. There are ${PANEL_IDS.join(', ')}.`);
    }
    return panel;
  });
  return [...new Set([...before, ...found])];
}

/** `15min`, `1h`, `1d` as seconds; which of them there are is said where they are used. */
function parseStep(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,3})(min|h|d)$/.exec(text) ?? [];
  if (amount === undefined) {
    throw new InvalidArgumentError(`"${text}" is not a length. Lengths are written 15min, 1h or 1d.`);
  }
  return Number(amount) * (SECONDS[unit] ?? 0);
}
