import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { assay, type Ended, type RunOptions } from './assay.ts';

export const bad = 'ba'.repeat(32);
export const shady = '5d'.repeat(32);
export const good = '90'.repeat(32);
export const nobody = 'ff'.repeat(32);

export const item = (sha256: string, status: string): string =>
  JSON.stringify({ sha256, source: 'virustotal', status, scannedAt: '2026-11-01T08:00:00Z' });

export const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
export const objects = (text: string): Record<string, unknown>[] =>
  lines(text).map((line) => JSON.parse(line) as Record<string, unknown>);

/** A folder for the tests of one file, with a data directory in which three hashes are answered. */
export interface CommandWorld {
  readonly file: (name: string) => string;
  /** Writes a file into the folder; returns its path. */
  readonly put: (name: string, text: string | Uint8Array) => string;
  readonly data: () => string;
  /** Runs the real command on the data directory. */
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Ended>;
  /** How the import of the answers ended. */
  readonly seeded: () => Ended | null;
}

export function commandWorld(): CommandWorld {
  let folder = '';
  let seeded: Ended | null = null;
  const file = (name: string): string => join(folder, name);
  const run: CommandWorld['run'] = (args, options = {}) => assay(['--data', file('data'), ...args], options);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-terminal-'));
    const items = [item(bad, 'malicious'), item(shady, 'suspicious'), item(good, 'non-malicious')].join('\n');
    seeded = await run(['cache', 'import', '-'], { stdin: `${items}\n{"sha256":"short"}\n` });
  });
  afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return {
    file,
    put(name, text) {
      writeFileSync(file(name), text);
      return file(name);
    },
    data: () => file('data'),
    run,
    seeded: () => seeded,
  };
}
