import { onTestFinished } from 'vitest';
import type { ScanRequest } from '#shared/contract/scan.ts';
import type { Selection } from '#shared/contract/intake.ts';
import type { SourceId } from '#shared/domain/source.ts';
import type { Status } from '#shared/domain/status.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import { startReading } from '#main/db/start.ts';
import { createNetwork } from '#main/net/network.ts';
import { systemClock, type Clock } from '#main/platform/clock.ts';
import type { Provider } from '#main/providers/port.ts';
import { virustotal } from '#main/providers/virustotal/index.ts';
import { wildfire } from '#main/providers/wildfire/index.ts';
import { createIntakes } from '#main/services/intake/create-intakes.ts';
import type { IntakeService, StartIntake } from '#main/services/intake/port.ts';
import { createOutbound } from '#main/services/outbound/outbound.ts';
import type { OutboundService } from '#main/services/outbound/port.ts';
import { createScanning } from '#main/services/scanning/scanning.ts';
import type { ScanningService } from '#main/services/scanning/port.ts';
import { createSettings, type SettingsService } from '#main/settings/settings.ts';
import type { Simulator, SimulatorOptions } from '#main/simulators/port.ts';
import { createVirusTotalSimulator } from '#main/simulators/virustotal/simulator.ts';
import { createWildFireSimulator } from '#main/simulators/wildfire/simulator.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { memorySources, type MemorySources } from '../outbound/memory-sources.ts';

/** A data directory with lists, plans and the scheduler, over sources of the test's choice. */
export interface ScanWorld {
  readonly directory: string;
  readonly database: Database;
  readonly settings: SettingsService;
  readonly sources: MemorySources;
  readonly intakes: IntakeService;
  readonly scanning: ScanningService;
  readonly outbound: OutboundService;
  /** Defects of background work. A test that expects none looks here. */
  readonly faults: unknown[];
  /** Reads a list of lines; resolves with its number when it is ready and received. */
  dropped(lines: readonly string[], more?: Partial<StartIntake>): Promise<number>;
  /** A request for all rows of an intake. */
  scan(intakeId: number, change?: Partial<ScanRequest>): ScanRequest;
  /** What waits, as `source hex`, sorted. */
  queued(): string[];
  /** Rows of a query of the test's own. */
  sql<Row>(text: string): Row[];
}

export interface ScanWorldOptions {
  readonly directory?: string;
  /** A source with batches and one without, when absent. */
  readonly providers?: readonly Provider[];
  readonly configs?: Readonly<Partial<Record<SourceId, Partial<SourceConfig>>>>;
  readonly minuteMs?: number;
  readonly avoid?: boolean;
  readonly clock?: Clock;
  readonly threads?: 'inline' | 'workers';
  /** New items that may be made of so many; all of them when absent. */
  readonly room?: (count: number) => Promise<number>;
}

export const NEVER_ABORTED = new AbortController().signal;

export function rowsOf(...statuses: Status[]): Selection {
  return {
    kind: 'query',
    query: { statuses, flags: [], text: '', sort: 'position', descending: false, asOf: 0 },
  };
}

export async function scanWorld(options: ScanWorldOptions = {}): Promise<ScanWorld> {
  const directory = options.directory ?? temporaryDirectory();
  const clock = options.clock ?? systemClock;
  const database = await openInlineDatabase(directory);
  const settings = createSettings(database, clock);
  const intakes = await createIntakes(database, { threads: options.threads ?? 'inline', clock, readBy: 'a test' });
  const network = createNetwork({
    isOffline: async () => (await settings.get()).offline,
    directory: 'simulated',
  });
  const sources = memorySources(options.providers ?? [wildfire, virustotal], options.configs, (config) =>
    network.client({
      verifyTls: true,
      caFile: null,
      proxy: { kind: 'none' },
      proxyCredentials: null,
      concurrency: config.concurrency,
    }),
  );
  const faults: unknown[] = [];
  const onFault = (error: unknown): void => void faults.push(error);
  const asking = { minuteMs: options.minuteMs ?? 60_000, avoid: options.avoid ?? true, clock, onFault };
  const outbound = createOutbound({
    database,
    directory,
    shell: 'terminal',
    settings,
    sources,
    intakes,
    ...asking,
  });
  const scanning = createScanning({
    database,
    intakes,
    settings,
    sources,
    room: options.room ?? (async (count) => count),
    ...asking,
  });
  const reading = startReading(database.file);
  const sql = <Row>(text: string): Row[] => reading.db.prepare(text).all() as Row[];
  onTestFinished(async () => {
    await scanning.dispose();
    await outbound.dispose();
    await sources.dispose();
    await intakes.dispose();
    await database.close();
    reading.db.close();
    reading.use.release();
  });
  return {
    directory,
    database,
    settings,
    sources,
    intakes,
    scanning,
    outbound,
    faults,
    async dropped(lines, more = {}) {
      const { intakeId, finished } = await intakes.start(
        {
          door: 'terminal',
          inputs: [{ kind: 'text', name: 'list.txt', text: `${lines.join('\n')}\n` }],
          reading: { as: 'list' },
          ...more,
        },
        () => undefined,
        NEVER_ABORTED,
      );
      await finished;
      await scanning.settled();
      return intakeId;
    },
    scan: (intakeId, change = {}) => ({ intakeId, selection: rowsOf(), strategy: 'certain', ...change }),
    queued: () =>
      sql<{ line: string }>(
        "SELECT CASE source WHEN 1 THEN 'wildfire' ELSE 'virustotal' END || ' ' || lower(hex(digest)) AS line FROM queue ORDER BY 1",
      ).map(({ line }) => line),
    sql,
  };
}

/** Both simulators with answers of their own, closed when the test ends. */
export async function simulators(
  change: Partial<SimulatorOptions> = {},
): Promise<Readonly<Record<'wildfire' | 'virustotal', Simulator>>> {
  const options: SimulatorOptions = {
    port: 0,
    key: 'a key',
    limits: { perMinute: null, perDay: null, perMonth: null },
    latencyMs: { least: 0, most: 0 },
    faultShare: 0,
    seed: 7,
    now: () => Date.now(),
    minuteMs: 60_000,
    tls: null,
    ...change,
  };
  const [wildfire, virustotal] = await Promise.all([
    createWildFireSimulator(options),
    createVirusTotalSimulator(options),
  ]);
  onTestFinished(async () => {
    await Promise.all([wildfire.close(), virustotal.close()]);
  });
  return { wildfire, virustotal };
}
