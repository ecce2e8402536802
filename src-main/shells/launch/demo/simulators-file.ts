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

/** ThreatConnect or Tanium, simulated: what a sync job has to be told, by the simulator's names. */
export interface ServiceAddress {
  readonly service: 'threatconnect' | 'tanium';
  readonly url: string;
  readonly credentials: Readonly<Record<string, string>>;
}

/** The two services of threat sync, and the job that was made for them; null before it was. */
export interface DemoSync {
  readonly services: readonly ServiceAddress[];
  readonly jobId: number | null;
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

/** The services of threat sync last connected to this directory, or null. */
export function readDemoSync(directory: string): DemoSync | null {
  try {
    return syncIn(readFileSync(join(directory, SIMULATORS_FILE), 'utf8'));
  } catch {
    // Absent.
    return null;
  }
}

/** Without `sync` the directory has no services of threat sync. */
export function writeSimulators(
  directory: string,
  simulators: readonly SimulatorAddress[],
  sync: DemoSync | null = null,
): void {
  const path = join(directory, SIMULATORS_FILE);
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify({ simulators, ...sync }), { mode: 0o600 });
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

/** The services in a text like `{"services": [{"service", "url", "credentials"}], "jobId": 1}`, or null when there are none. */
export function syncIn(text: string): DemoSync | null {
  try {
    const { services, jobId } = JSON.parse(text) as { readonly services?: unknown; readonly jobId?: unknown };
    return Array.isArray(services) && services.length > 0 && services.every(isService)
      ? { services, jobId: typeof jobId === 'number' ? jobId : null }
      : null;
  } catch {
    return null;
  }
}

function isService(value: unknown): value is ServiceAddress {
  const { service, url, credentials } = (typeof value === 'object' ? (value ?? {}) : {}) as Record<string, unknown>;
  return (service === 'threatconnect' || service === 'tanium') && typeof url === 'string' && areTexts(credentials);
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
