import { InvalidArgumentError, Option, type Command } from 'commander';
import { SOURCE_IDS, sourceLabel, type SourceId } from '#shared/domain/source.ts';
import { examples, type ProgramParts } from '../../program-parts.ts';
import { formatOption } from '../../option-values.ts';
import type { SimulateOptions } from './simulate.ts';

type Limited = Readonly<Partial<Record<SourceId, SimulatedLimits>>>;

/** Calls per minute, day and month; null is no limit. */
export interface SimulatedLimits {
  readonly perMinute: number | null;
  readonly perDay: number | null;
  readonly perMonth: number | null;
}

const SERVICES = [
  { service: 'threatconnect', label: 'ThreatConnect' },
  { service: 'tanium', label: 'Tanium' },
] as const;

/**
 * What a public VirusTotal key, a licensed WildFire firewall and an A1000 in its cloud may ask, by the vendors' public
 * pages; others tell none.
 */
const DOCUMENTED: Limited = {
  wildfire: { perMinute: null, perDay: 1050, perMonth: null },
  'reversinglabs-a1000': { perMinute: null, perDay: 10_000, perMonth: null },
  virustotal: { perMinute: 4, perDay: 500, perMonth: 15_500 },
};

/** `assay simulate`. */
export function addSimulateCommand(program: Command, { run }: ProgramParts): void {
  const ports = SOURCE_IDS.map((source) => ({ source, option: portOption(source, sourceLabel(source)) }));
  const services = SERVICES.map(({ service, label }) => ({ service, option: portOption(service, label) }));
  const command = program
    .command('simulate')
    .summary('run simulated sources and services on this machine')
    .description(
      'Runs a simulator of every source, of ThreatConnect and of Tanium with Threat Response on 127.0.0.1 until Ctrl-C. What sources answer is made up from the hash and the seed, indicators from the seed. Only a data directory of the demonstration takes their answers: name it with --for, and other commands ask them there.',
    );
  ports.forEach(({ option }) => command.addOption(option));
  services.forEach(({ option }) => command.addOption(option));
  command
    .addOption(
      new Option('--indicators <n>', 'indicators that the simulated ThreatConnect has, up to 200000')
        .argParser(parseIndicators)
        .default(300),
    )
    .addOption(new Option('--seed <n>', 'another seed, other answers').argParser(parseSeed).default(1))
    .addOption(
      new Option('--latency <a-b>', 'milliseconds an answer takes, drawn evenly between the two')
        .argParser(parseLatency)
        .default({ least: 50, most: 800 }, '50-800'),
    )
    .addOption(
      new Option('--faults <share>', 'share of requests met by a fault, 0 to 1 or 5%').argParser(parseShare).default(0),
    )
    .addOption(
      new Option('--limits <source=m/d/mo>', 'calls per minute, day and month, - for none; or none; may be repeated')
        .argParser(parseLimits)
        .default(DOCUMENTED, 'virustotal=4/500/15500 wildfire=-/1050/- reversinglabs-a1000=-/10000/-'),
    )
    .option('--for <dir>', 'answer for this data directory of the demonstration; a new one is made')
    .option('--log <file>', 'append every request to a file, one JSON object per line')
    .addOption(formatOption('how addresses and minutes are written', ['table', 'jsonl']))
    .addOption(new Option('--keep <dir>', 'keep what lasts of threat sync in this folder').hideHelp())
    .addOption(new Option('--attached', 'end when standard input ends').hideHelp())
    .addHelpText(
      'after',
      examples([
        'assay simulate',
        'assay simulate --virustotal-port 8001 --wildfire-port 8002 --latency 5-20 --limits none',
        'assay simulate --for /tmp/assay-demo --limits virustotal=4/500/15500',
        'assay simulate --for /tmp/assay-demo --indicators 100000',
        'assay simulate --faults 5% --limits virustotal=240/20000/- --log requests.jsonl',
      ]),
    )
    .action((given: Omit<SimulateOptions, 'ports' | 'servicePorts'> & Readonly<Record<string, unknown>>) => {
      const chosen = ports.map(({ source, option }) => [source, Number(given[option.attributeName()])] as const);
      const served = services.map(({ service, option }) => [service, Number(given[option.attributeName()])] as const);
      const options = { ...given, ports: Object.fromEntries(chosen), servicePorts: Object.fromEntries(served) };
      return run(command, async (session) => (await import('./simulate.ts')).simulate(session, options));
    });
}

function portOption(name: string, label: string): Option {
  return new Option(`--${name}-port <n>`, `port of the ${label} simulator; 0 takes a free one`)
    .argParser(parsePort)
    .default(0);
}

function parseIndicators(text: string): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) > 200_000) {
    throw new InvalidArgumentError(`"${text}" is not a number from 0 to 200000.`);
  }
  return Number(text);
}

/** A TCP port, 0 for any. */
export function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError(`"${text}" is not a port from 0 to 65535.`);
  }
  return Number(text);
}

function parseSeed(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new InvalidArgumentError(`"${text}" is not a whole number of up to nine digits.`);
  }
  return Number(text);
}

/** `50-800`, or `100` for always as long. */
export function parseLatency(text: string): { readonly least: number; readonly most: number } {
  const found = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(text);
  const least = Number(found?.[1]);
  const most = Number(found?.[2] ?? found?.[1]);
  if (found === null || most < least) {
    throw new InvalidArgumentError(`"${text}" is not a span of milliseconds like 50-800.`);
  }
  return { least, most };
}

/** `0.05` or `5%`. */
export function parseShare(text: string): number {
  const isNumber = /^\d+(?:\.\d+)?%?$/.test(text);
  const share = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (!isNumber || share > 1) {
    throw new InvalidArgumentError(`"${text}" is not a share from 0 to 1.`);
  }
  return share;
}

/** `none`, or one source's limits over those before. */
export function parseLimits(text: string, before: Limited = DOCUMENTED): Limited {
  if (text === 'none') {
    return {};
  }
  const found = /^([a-z][a-z0-9-]*)=(\d{1,9}|-)\/(\d{1,9}|-)\/(\d{1,9}|-)$/.exec(text);
  const source = SOURCE_IDS.find((candidate) => candidate === found?.[1]);
  if (found === null || source === undefined) {
    throw new InvalidArgumentError(`"${text}" is not like virustotal=4/500/15500, wildfire=-/1050/- or none.`);
  }
  const limit = (part: string | undefined): number | null => (part === '-' ? null : Number(part));
  return { ...before, [source]: { perMinute: limit(found[2]), perDay: limit(found[3]), perMonth: limit(found[4]) } };
}
