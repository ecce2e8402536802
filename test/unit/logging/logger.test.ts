import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger, logPath, silentLogger } from '#main/logging/logger.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'assay-log-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

const clock = { now: () => Date.UTC(2026, 10, 22) };
const lines = (): unknown[] =>
  readFileSync(logPath(directory), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('the log', () => {
  it('holds one JSON line per event, with the fields of the logger it came through', () => {
    const logger = createLogger(directory, { clock });
    expect(readdirSync(directory)).toEqual([]);
    const window = logger.child({ feature: 'window' });
    window.warn('page.refused', { url: 'x', level: 3, token: 'abc' });
    logger.info('started\nnot two lines');
    const base = { at: '2026-11-22T00:00:00.000Z', pid: process.pid };
    expect(lines()).toEqual([
      { ...base, level: 'warn', event: 'page.refused', feature: 'window', url: 'x', level_: 3, token: '[redacted]' },
      { ...base, level: 'info', event: 'started\nnot two lines' },
    ]);
  });

  it.skipIf(process.platform === 'win32')('can be read by its owner only', () => {
    createLogger(directory).info('event');
    expect(statSync(logPath(directory)).mode & 0o777).toBe(0o600);
  });

  it('leaves out what is below its level', () => {
    const events = (level: string | undefined, asked?: 'debug'): number => {
      vi.stubEnv('ASSAY_LOG', level);
      rmSync(join(directory, 'logs'), { recursive: true, force: true });
      const logger = createLogger(directory, asked === undefined ? {} : { level: asked });
      for (const name of ['debug', 'info', 'warn', 'error'] as const) {
        logger[name]('event');
      }
      return readdirSync(directory).length === 0 ? 0 : lines().length;
    };
    expect([undefined, 'DEBUG', 'warn', 'error', 'silent', 'nonsense'].map((level) => events(level))).toEqual([
      3, 4, 2, 1, 0, 3,
    ]);
    expect(events('silent', 'debug')).toBe(4);
  });

  it('is set aside when it is large, and only so many are kept', () => {
    const logger = createLogger(directory, { clock, maxBytes: 400, keep: 2 });
    for (let number = 0; number < 30; number += 1) {
      logger.info('event', { number });
    }
    expect(readdirSync(join(directory, 'logs')).sort()).toEqual(['assay.log.1', 'assay.log.2']);
    expect(readFileSync(`${logPath(directory)}.1`, 'utf8')).toContain('"number":29');
    logger.info('event', { number: 30 });
    expect(lines()).toHaveLength(1);
  });

  it('never throws, also when nothing can be written', () => {
    writeFileSync(join(directory, 'logs'), 'a file where the folder should be');
    expect(() => createLogger(directory).error('lost', { bad: Symbol('x') })).not.toThrow();
    rmSync(join(directory, 'logs'));
    mkdirSync(logPath(directory), { recursive: true });
    expect(() => createLogger(directory).error('lost')).not.toThrow();
    expect(() => silentLogger.child({}).error('nothing')).not.toThrow();
  });
});
