import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCE_IDS, type SourceId } from '#shared/domain/source.ts';

/** A simulator that runs, as whoever connects to it needs to know. The key opens nothing but it. */
export interface SimulatorAddress {
  readonly source: SourceId;
  readonly url: string;
  readonly key: string;
  /** What the source has to be told besides the key, by the names of its settings. */
  readonly options?: Readonly<Record<string, string>>;
}

/** Written into a directory once its sources were pointed at simulators. */
export const SIMULATORS_FILE = 'simulators.json';

/** The simulators last connected to this directory, or null. */
export function readSimulators(directory: string): readonly SimulatorAddress[] | null {
  try {
    return simulatorsIn(readFileSync(join(directory, SIMULATORS_FILE), 'utf8'));
  } catch {
    // Absent.
    return null;
  }
}

export function writeSimulators(directory: string, simulators: readonly SimulatorAddress[]): void {
  const path = join(directory, SIMULATORS_FILE);
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify({ simulators }), { mode: 0o600 });
  renameSync(temporary, path);
}

/** The addresses in a text like `{"simulators": [{"source", "url", "key"}]}`, or null when it is anything else. */
export function simulatorsIn(text: string): readonly SimulatorAddress[] | null {
  try {
    const { simulators } = JSON.parse(text) as { readonly simulators?: unknown };
    return Array.isArray(simulators) && simulators.length > 0 && simulators.every(isAddress) ? simulators : null;
  } catch {
    return null;
  }
}

function isAddress(value: unknown): value is SimulatorAddress {
  const { source, url, key, options } = (typeof value === 'object' ? (value ?? {}) : {}) as Record<string, unknown>;
  return (
    SOURCE_IDS.some((id) => id === source) &&
    typeof url === 'string' &&
    typeof key === 'string' &&
    areTexts(options ?? {})
  );
}

function areTexts(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
}
