import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createEngine } from '#main/engine.ts';
import type { Engine } from '#main/services/engine-port.ts';
import type { LoggedRequest, SimulatorOptions } from '#main/simulators/port.ts';
import type { A1000Simulator } from '#main/simulators/reversinglabs-a1000/simulator.ts';
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
): Promise<{ readonly engine: Engine; readonly simulator: A1000Simulator }> {
  const directory = join(temporaryDirectory(), 'data');
  const none = { perMinute: null, perDay: null, perMonth: null };
  const options = { minuteMs: MINUTE_MS, limits: { ...none, ...limits } };
  const simulator = (await startSimulated(SOURCE, options)) as A1000Simulator;
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
      timeout: 60_000,
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

describe('a hash that a person asks an appliance about', () => {
  const [here, there] = [soakDigest(6, 1), soakDigest(6, 2)];
  const lookUp = async (change: SourceConfigChange) => {
    const { engine, simulator } = await asking({ callsPerMinute: null, ...change });
    simulator.know({ sha256: here, status: 'malicious' });
    simulator.say(here, { cloud: 'goodware' });
    simulator.knowInCloud({ sha256: there, status: 'suspicious' });
    return { engine, simulator, look: (hash: string) => answered(engine, hash) };
  };

  it('is looked for in its list first, so that both sides of a disagreement are kept', async () => {
    const { look, simulator } = await lookUp(CLOUD);
    const { price, after } = await look(here);
    expect(price).toMatchObject({ billed: 2, unit: 'request' });
    expect([after?.item?.status, after?.thresholdText]).toEqual([
      'malicious',
      'malicious on the appliance, goodware in its cloud = malicious',
    ]);
    expect(after?.scoreText).toMatch(/^risk \d+ of 10$/);
    expect(JSON.parse(after?.report ?? '')).toMatchObject({
      appliance: { classification: 'malicious' },
      cloud: { classification: 'goodware' },
      disagreement: expect.stringContaining("the appliance's word counts"),
    });
    expect(simulator.log.map(isList)).toEqual([true]);
  });

  it('is looked for in its cloud when it is not there, and may be', async () => {
    const { look, simulator } = await lookUp(CLOUD);
    const { after } = await look(there);
    expect([after?.item?.status, after?.thresholdText]).toEqual(['suspicious', 'suspicious in its cloud = suspicious']);
    expect(simulator.log.map((request) => [isList(request), request.billed])).toEqual([
      [true, 0],
      [false, 1],
    ]);
  });

  it('keeps what its cloud said while it is looked for again, also when the cloud cannot be asked', async () => {
    const { engine, look, simulator } = await lookUp(CLOUD);
    await look(there);
    const before = simulator.log.length;
    simulator.script([LISTED_NOWHERE, { kind: 'status', status: 429 }]);
    await engine.lookup.ask(there, [SOURCE], true);
    engine.outbound.seek();
    await vi.waitFor(async () => expect((await engine.sources.view(SOURCE)).state).toBe('waiting'), patient);
    expect(simulator.log.slice(before).map(isList)).toEqual([true, false]);
    expect((await shownBy(engine, there))?.item).toMatchObject({ status: 'suspicious', rawCode: 'cloud=suspicious' });
  });

  it('is never shown as not known while its cloud is still to be asked', async () => {
    const { engine, simulator } = await lookUp(CLOUD);
    simulator.script([LISTED_NOWHERE, { kind: 'status', status: 429 }]);
    await engine.lookup.ask(there, [SOURCE], false);
    engine.outbound.seek();
    await vi.waitFor(async () => expect((await engine.sources.view(SOURCE)).state).toBe('waiting'), patient);
    const shown = await shownBy(engine, there);
    expect([shown?.item?.noAnswer ?? null, shown?.queued]).toEqual([null, expect.any(String)]);
  });

  it('is not known when its cloud may not be asked', async () => {
    const { look, simulator } = await lookUp({});
    const { price, after } = await look(there);
    expect([price?.billed, after?.item?.noAnswer, simulator.log.map(isList)]).toEqual([1, 'not-known', [true]]);
  });
});

const patient = { timeout: 60_000, interval: 20 };
const LISTED_NOWHERE = {
  kind: 'status',
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"count":0,"next":null,"previous":null,"results":[]}',
} as const;

async function shownBy(engine: Engine, hash: string) {
  const { results } = await engine.lookup.find(hash);
  return results[0]?.sources.find(({ source }) => source === SOURCE);
}

/** What a look-up shows before and after the appliance was asked. */
async function answered(engine: Engine, hash: string) {
  const before = await shownBy(engine, hash);
  await engine.lookup.ask(hash, [SOURCE], false);
  engine.outbound.seek();
  await engine.outbound.drained({ purpose: 'person' }, never);
  return { price: before?.price, after: await shownBy(engine, hash) };
}
