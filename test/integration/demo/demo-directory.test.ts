import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SOURCE_IDS } from '#shared/domain/source.ts';
import { isStampedDirectory } from '#main/db/stamped.ts';
import { createEngine } from '#main/engine.ts';
import { secretVariable } from '#main/platform/secrets/environment.ts';
import { programFolder } from '#main/platform/resources.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { joinDemo, keyVariables } from '#main/shells/launch/demo/join-demo.ts';
import { openDemo } from '#main/shells/launch/demo/open-demo.ts';
import { readSimulators, writeSimulators, type SimulatorAddress } from '#main/shells/launch/demo/simulators-file.ts';
import { memorySecrets } from '../asking/memory-secrets.ts';

const root = programFolder();
const never = new AbortController().signal;
let folder = '';
let data = '';
const undo: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-demo-'));
  data = join(folder, 'demo');
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
  await rm(folder, { recursive: true, force: true });
});

async function opened(): Promise<readonly SimulatorAddress[]> {
  const demo = await openDemo(data, root);
  undo.push(() => demo.leave());
  return readSimulators(data) ?? [];
}

/** The engine of a directory, with the simulators' keys. */
async function engineAt(directory: string): Promise<Engine> {
  const secrets = memorySecrets(Object.fromEntries(SOURCE_IDS.map((id) => [id, `simulated-${id}-key`])));
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal', secrets });
  undo.push(() => engine.dispose());
  return engine;
}

async function answer(simulators: readonly SimulatorAddress[]): Promise<boolean> {
  const tries = simulators.map(({ url }) =>
    fetch(url).then(
      () => true,
      () => false,
    ),
  );
  return tries.length > 0 && (await Promise.all(tries)).every(Boolean);
}

describe('a directory of the demonstration', () => {
  it('is stamped, and its sources are on, point at simulators and answer', async () => {
    await opened();
    expect(isStampedDirectory(data)).toBe(true);
    const { sources, simulated } = await engineAt(data);
    const tested = await Promise.all(SOURCE_IDS.map((id) => sources.test(id, never)));
    expect([simulated, ...tested.map(({ ok, at }) => [ok, at])]).toEqual([true, ...SOURCE_IDS.map(() => [true, null])]);
  });

  it('gets the sources that an earlier version did not have, and keeps the others as they were set', async () => {
    const first = await openDemo(data, root);
    const before = await engineAt(data);
    await before.sources.set('wildfire', { callsPerDay: 7 });
    const titaniumcloud = await before.sources.config('reversinglabs-titaniumcloud');
    await before.sources.set('reversinglabs-titaniumcloud', { enabled: false, options: { username: '' } });
    await first.leave();
    const known = (readSimulators(data) ?? []).filter(({ source }) => source !== 'reversinglabs-titaniumcloud');
    writeSimulators(data, known);
    await opened();
    const { sources } = await engineAt(data);
    const { enabled, options } = await sources.config('reversinglabs-titaniumcloud');
    expect([enabled, options]).toEqual([true, titaniumcloud.options]);
    expect((await sources.config('wildfire')).callsPerDay).toBe(7);
  });

  it('keeps what a person set when it is opened again', async () => {
    const first = await openDemo(data, root);
    const before = await engineAt(data);
    await before.sources.set('wildfire', { callsPerDay: 7 });
    await before.sources.set('virustotal', { enabled: false });
    await first.leave();
    const [address] = await opened();
    const { sources } = await engineAt(data);
    const [wildfire, virustotal] = [await sources.config('wildfire'), await sources.config('virustotal')];
    expect([wildfire.callsPerDay, wildfire.enabled, wildfire.url, virustotal.enabled]).toEqual([
      7,
      true,
      address?.url,
      false,
    ]);
  });

  it('takes no address beyond this machine', async () => {
    await opened();
    const { sources } = await engineAt(data);
    const url = 'https://wildfire.paloaltonetworks.com/publicapi';
    await expect(sources.set('wildfire', { url })).rejects.toThrow(/must be on this machine/);
  });

  it('is never made of one that holds data', async () => {
    const real = await createEngine({ directory: data, threads: 'inline', shell: 'terminal' });
    const item = { sha256: 'ab'.repeat(32), source: 'wildfire', status: 'malicious' };
    await real.cache.importItems(chunk(JSON.stringify(item)), () => undefined, never);
    await real.dispose();
    await expect(openDemo(data, root)).rejects.toMatchObject({ code: 'SIMULATED_MIX' });
    expect([isStampedDirectory(data), readSimulators(data)]).toEqual([false, null]);
  });
});

describe('the simulators of a directory', () => {
  it('are started once: whoever comes later uses them, leaves them running, and takes over when they end', async () => {
    const first = await openDemo(data, root);
    const before = readSimulators(data) ?? [];
    const connected: string[] = [];
    const later = await joinDemo(data, root, async ({ simulators }) => {
      connected.push(...simulators.map(({ url }) => url));
      return null;
    });
    expect([Object.keys(keyVariables(later.simulators)).sort(), connected]).toEqual([
      SOURCE_IDS.map(secretVariable).sort(),
      [],
    ]);
    const third = await joinDemo(data, root, () => Promise.reject(new Error('not to be connected')));
    await third.leave();
    expect(await answer(before)).toBe(true);
    await first.leave();
    await vi.waitUntil(() => connected.length > 0, { timeout: 60_000 });
    await vi.waitUntil(() => readSimulators(data)?.[0]?.url === connected[0], { timeout: 60_000 });
    expect(await answer(readSimulators(data) ?? [])).toBe(true);
    await later.leave();
    expect(await answer(readSimulators(data) ?? [])).toBe(false);
  });

  it('end when their directory is left', async () => {
    const demo = await openDemo(data, root);
    const simulators = readSimulators(data) ?? [];
    expect(await answer(simulators)).toBe(true);
    await demo.leave();
    expect(await answer(simulators)).toBe(false);
  });
});

describe('a real directory', () => {
  it('refuses what a simulator answers', async () => {
    const url = (await opened()).find(({ source }) => source === 'wildfire')?.url ?? '';
    const { sources, cache, simulated } = await engineAt(join(folder, 'real'));
    await sources.set('wildfire', { url, enabled: true });
    const { ok, at, message } = await sources.test('wildfire', never);
    expect({ simulated, ok, at, items: (await cache.stats()).items }).toEqual({
      simulated: false,
      ok: false,
      at: 'url',
      items: 0,
    });
    expect(message).toMatch(/simulat/i);
  });
});

async function* chunk(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
