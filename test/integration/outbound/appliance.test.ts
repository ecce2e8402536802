import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createEngine } from '#main/engine.ts';
import type { Engine } from '#main/services/engine-port.ts';
import type { LoggedRequest, Simulator, SimulatorOptions } from '#main/simulators/port.ts';
import { SIMULATED } from '#main/simulators/start.ts';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import { queueNew, setUpDirectory, soakDigest, startSimulated } from '../../soak/simulated.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { memorySecrets } from '../asking/memory-secrets.ts';

const SOURCE = 'reversinglabs-a1000';
const CLOUD = { options: { reach: 'appliance-and-cloud' } };
const MINUTE_MS = 800;
const never = new AbortController().signal;
const digests = Array.from({ length: 60 }, (_, n) => soakDigest(5, n));

/** The engine of a terminal and one simulated appliance. */
async function asking(
  change: SourceConfigChange,
  limits: Partial<SimulatorOptions['limits']> = {},
): Promise<{ readonly engine: Engine; readonly simulator: Simulator }> {
  const directory = join(temporaryDirectory(), 'data');
  const none = { perMinute: null, perDay: null, perMonth: null };
  const simulator = await startSimulated(SOURCE, { minuteMs: MINUTE_MS, limits: { ...none, ...limits } });
  await setUpDirectory(directory, { [SOURCE]: { url: simulator.url, change } });
  const engine = await createEngine({
    directory,
    threads: 'inline',
    shell: 'terminal',
    secrets: memorySecrets({ [SOURCE]: SIMULATED[SOURCE].key }),
    asking: { minuteMs: MINUTE_MS },
  });
  onTestFinished(async () => {
    await engine.dispose();
    await simulator.close();
  });
  return { engine, simulator };
}

const isList = ({ path }: LoggedRequest): boolean => path === '/api/samples/v2/list/';

async function ask(engine: Engine): Promise<void> {
  await queueNew(engine, SOURCE, digests);
  engine.outbound.seek();
}

describe('an appliance with its cloud out of reach', () => {
  it('is asked by lists alone, and what it has not is not known', async () => {
    const { engine, simulator } = await asking({ hashesPerRequest: 50 });
    await ask(engine);
    await engine.outbound.drained({ purpose: 'new' }, never);
    expect(simulator.log.map((request) => [isList(request), request.hashes.length, request.billed])).toEqual([
      [true, 50, 0],
      [true, 10, 0],
    ]);
    const { items, processed, quota } = await engine.sources.view(SOURCE);
    expect([items, processed, quota.find(({ window }) => window === 'day')?.spent]).toEqual([60, 60, 2]);
  });
});

describe('an appliance with its cloud in reach', () => {
  it('is asked by lists first, then once about each hash it has not; each such call is in the ledger', async () => {
    const { engine, simulator } = await asking({ hashesPerRequest: 50, callsPerMinute: null, ...CLOUD });
    await ask(engine);
    await engine.outbound.drained({ purpose: 'new' }, never);
    const singles = simulator.log.filter((request) => !isList(request));
    expect(simulator.log.length - singles.length).toBe(2);
    expect(singles.length).toBeGreaterThan(10);
    expect(new Set(singles.flatMap(({ hashes }) => hashes)).size).toBe(singles.length);
    expect(singles.every(({ hashes, billed }) => hashes.length === 1 && billed === 1)).toBe(true);
    const { rows } = await engine.outbound.requests({ offset: 0, limit: 200 });
    expect(rows.reduce((sum, { billed }) => sum + billed, 0)).toBe(simulator.log.length);
    expect(rows.filter(({ single }) => single)).toHaveLength(singles.length);
    expect((await engine.sources.view(SOURCE)).processed).toBe(60);
  });

  it('that has used up its look-ups there is left alone until they begin anew', async () => {
    const { engine, simulator } = await asking({ hashesPerRequest: 60, concurrency: 1, ...CLOUD }, { perDay: 3 });
    await ask(engine);
    await vi.waitFor(async () => expect((await engine.sources.view(SOURCE)).state).toBe('waiting'), {
      timeout: 8_000,
      interval: 20,
    });
    expect(simulator.log.map(({ status }) => status).filter((status) => status !== 404)).toEqual(
      expect.arrayContaining([200, 429]),
    );
    expect(simulator.log.reduce((sum, { billed }) => sum + billed, 0)).toBe(3);
    const { until, reason } = await engine.sources.view(SOURCE);
    const day = 86_400_000;
    expect([new Date(until ?? 0).toISOString().slice(11, 16), (until ?? 0) - Date.now() < day + 60_000]).toEqual([
      '00:01',
      true,
    ]);
    expect(reason).toContain('00:01 UTC');
  });
});
