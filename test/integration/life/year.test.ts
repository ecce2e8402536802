import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { checkHistory, checkQuotas } from './check-life.ts';
import {
  closeSimulators,
  connect,
  DAY,
  lifeDigests,
  live,
  openAt,
  requestCount,
  scanList,
  startSimulators,
} from './life-world.ts';
import { createVirtualTime } from './virtual-time.ts';

const START = Date.UTC(2026, 0, 1, 8);

test('what sources said over a quarter is what their simulators put down', { timeout: 60_000 }, async () => {
  const time = createVirtualTime(START);
  const limits = {
    wildfire: { perMinute: 30, perDay: 200, perMonth: null },
    virustotal: { perMinute: 10, perDay: 100, perMonth: 2_500 },
  };
  const simulators = await startSimulators(['wildfire', 'virustotal'], time, { limits });
  const directory = temporaryDirectory();
  const faults: unknown[] = [];
  const engine = await openAt(directory, time, faults);
  onTestFinished(async () => {
    await engine.dispose();
    await closeSimulators(simulators);
  });
  await connect(engine, simulators, {
    wildfire: { callsPerMinute: 30, callsPerDay: 200, callsPerMonth: null, hashesPerRequest: 100 },
    virustotal: { callsPerMinute: 10, callsPerDay: 100, callsPerMonth: 2_500 },
  });
  engine.outbound.seek();
  await scanList(engine, lifeDigests(0, 150));
  await live(engine, time, START + 90 * DAY, { log: () => requestCount(simulators) });
  expect(faults).toEqual([]);
  for (const source of ['wildfire', 'virustotal'] as const) {
    const log = simulators[source]?.log ?? [];
    const checked = checkHistory(directory, source, log);
    expect(checked.wrong).toEqual([]);
    expect(checkQuotas(log, limits[source])).toEqual([]);
  }
});
