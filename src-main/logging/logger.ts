import { join } from 'node:path';
import { type Clock, systemClock } from '../platform/clock.ts';
import { appendLine, type LogFileOptions } from './log-file.ts';
import { redact } from './redact.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Writes events, not prose: a name and fields. Secrets and hash lists in fields are taken out. Never throws and never
 * fails what it tells about; when the log cannot be written, the line is lost.
 */
export interface Logger {
  /** A logger whose lines carry these fields too, e.g. `{ feature: 'intake' }`. */
  child(fields: LogFields): Logger;
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export interface LoggerOptions extends Partial<LogFileOptions> {
  /** Lines below it are not written. Without it ASSAY_LOG decides, else `info`. */
  readonly level?: LogLevel;
  readonly clock?: Clock;
}

const MAX_BYTES = 5 * 1024 * 1024;
const KEEP = 3;

/** Where the log of a data directory lies. */
export function logPath(directory: string): string {
  return join(directory, 'logs', 'assay.log');
}

/** A logger on `<directory>/logs/assay.log`: JSON lines, set aside at 5 MB, three old files kept. Makes nothing before the first line. */
export function createLogger(directory: string, options: LoggerOptions = {}): Logger {
  const path = logPath(directory);
  const least = LOG_LEVELS.indexOf(options.level ?? levelOf(process.env['ASSAY_LOG']));
  const clock = options.clock ?? systemClock;
  const limits = { maxBytes: options.maxBytes ?? MAX_BYTES, keep: options.keep ?? KEEP };

  const loggerWith = (carried: LogFields): Logger => {
    const write = (level: LogLevel, event: string, fields: LogFields = {}): void => {
      if (LOG_LEVELS.indexOf(level) < least) {
        return;
      }
      try {
        const base = { at: new Date(clock.now()).toISOString(), level, pid: process.pid, event };
        appendLine(path, `${lineOf(base, { ...carried, ...fields })}\n`, limits);
      } catch {
        // A full or read-only disk must not stop the work the line is about.
      }
    };
    return {
      child: (fields) => loggerWith({ ...carried, ...fields }),
      debug: (event, fields) => write('debug', event, fields),
      info: (event, fields) => write('info', event, fields),
      warn: (event, fields) => write('warn', event, fields),
      error: (event, fields) => write('error', event, fields),
    };
  };
  return loggerWith({});
}

/** A logger that writes nothing. */
export const silentLogger: Logger = {
  child: () => silentLogger,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function lineOf(base: LogFields, fields: LogFields): string {
  const clean = redact(fields) as LogFields;
  // A field never takes the place of what every line has.
  const renamed = Object.entries(clean).map(([name, value]) => [name in base ? `${name}_` : name, value]);
  return JSON.stringify({ ...base, ...Object.fromEntries(renamed) });
}

function levelOf(text: string | undefined): LogLevel {
  return LOG_LEVELS.find((level) => level === text?.toLowerCase()) ?? 'info';
}
