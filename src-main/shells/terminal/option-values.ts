import { InvalidArgumentError, Option } from 'commander';
import { REPORT_FORMAT, REPORT_FORMATS } from '#shared/domain/report.ts';
import { STATUSES, type Status } from '#shared/domain/status.ts';
import { FORMATS } from './output/records.ts';

const DAY = 86_400;

/** `malicious,suspicious` as statuses; may be given several times. */
export function parseStatuses(text: string, before: readonly Status[] = []): Status[] {
  const found = text.split(',').map((word) => {
    const status = STATUSES.find((candidate) => candidate === word.trim());
    if (status === undefined) {
      throw new InvalidArgumentError(`"${word}" is not a verdict. There are ${STATUSES.join(', ')}.`);
    }
    return status;
  });
  return [...new Set([...before, ...found])];
}

/** A number of rows, or `all`. */
function parseRows(text: string): number | 'all' {
  return text === 'all' ? 'all' : parseNumber(text, 'a number of rows or "all"');
}

/** The number of an intake, an entry or a change. */
export function parseId(text: string): number {
  const id = parseNumber(text, 'a number');
  if (id === 0) {
    throw new InvalidArgumentError('Numbers start at 1.');
  }
  return id;
}

/** How many of something, at least one. */
export function parseLimit(text: string): number {
  const limit = parseNumber(text, 'a number');
  if (limit === 0) {
    throw new InvalidArgumentError('It is at least 1.');
  }
  return limit;
}

/** For arguments that are given several times. */
export function parseIds(text: string, before: readonly number[] = []): number[] {
  return [...before, parseId(text)];
}

/** A folder by name. An empty one is an unset variable in somebody's script, not the default. */
export function parseFolder(text: string): string {
  if (text === '') {
    throw new InvalidArgumentError('It is empty.');
  }
  return text;
}

/** A file for a report: its name says which form it takes. */
export function parseReportFile(text: string): string {
  const endings = REPORT_FORMATS.map((format) => `.${REPORT_FORMAT[format].ending}`);
  if (!endings.some((ending) => text.toLowerCase().endsWith(ending))) {
    throw new InvalidArgumentError(`Its name ends in one of ${endings.join(', ')}.`);
  }
  return text;
}

export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** `2026-11-01` as seconds since the epoch, midnight UTC. */
export function parseDate(text: string): number {
  const seconds = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) / 1000 : Number.NaN;
  if (Number.isNaN(seconds) || new Date(seconds * 1000).toISOString().slice(0, 10) !== text) {
    throw new InvalidArgumentError(`"${text}" is not a date. Dates are written 2026-11-01.`);
  }
  return seconds;
}

/** `2027-01-31` or `90d` as seconds since the epoch; a time gone by is refused. */
export function parseExpiry(now: number): (text: string) => number {
  return (text) => {
    const days = /^(\d{1,5})d$/.exec(text)?.[1];
    const at = days === undefined ? parseDate(text) : now + Number(days) * DAY;
    if (at <= now) {
      throw new InvalidArgumentError(`"${text}" has passed.`);
    }
    return at;
  };
}

/** Options of the commands that write rows of an intake. */
export function rowOptions(): Option[] {
  return [
    formatOption('table, worst first; the other formats hold every row in source order'),
    new Option('--only <verdict,...>', `only rows of these verdicts: ${STATUSES.join(', ')}`).argParser(parseStatuses),
    rowsOption('rows'),
    outOption(),
    forceOption(),
  ];
}

export function formatOption(about: string, choices: readonly string[] = FORMATS): Option {
  return new Option('--format <format>', about).choices([...choices]).default('table');
}

export function rowsOption(what: string): Option {
  return new Option('--rows <n|all>', `how many ${what} a table shows`).argParser(parseRows).default(50);
}

export function outOption(): Option {
  return new Option('--out <file>', 'write to a file that appears only when it is whole; - is standard output');
}

/** Beside every option that names a file to write: without it nothing that is there is replaced. */
export function forceOption(): Option {
  return new Option('--force', 'replace the file when it is there already');
}

function parseNumber(text: string, what: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new InvalidArgumentError(`"${text}" is not ${what}.`);
  }
  return Number(text);
}
