import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SIMULATED_THREATCONNECT, startServices, type RunningService } from '#main/simulators/services.ts';

const NOW = Date.UTC(2026, 2, 1, 12);
let folder = '';
const undo: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-services-'));
  undo.push(() => rm(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

async function started(now: number, keptIn: string | null, asked: string[] = []) {
  const running = await startServices({
    ports: {},
    latencyMs: { least: 0, most: 0 },
    faultShare: 0,
    seed: 1,
    now: () => now,
    indicators: 50,
    folder: keptIn,
    onRequest: (service) => void asked.push(service),
  });
  undo.push(() => running.close());
  return running;
}

const urlOf = (services: readonly RunningService[], wanted: RunningService['service']): string =>
  services.find(({ service }) => service === wanted)?.url ?? '';

async function indicatorsOf(services: readonly RunningService[]): Promise<unknown> {
  const url = `${urlOf(services, 'threatconnect')}/api/v3/indicators?sorting=id%20asc`;
  const headers = { authorization: `TC-Token ${SIMULATED_THREATCONNECT.token}` };
  return ((await (await fetch(url, { headers })).json()) as { readonly data: unknown }).data;
}

it('services with a folder have the same data and addresses the next time, where nobody else listens there', async () => {
  const first = await started(NOW, folder);
  const before = await indicatorsOf(first.services);
  await first.close();
  const stranger = createServer();
  const port = Number(new URL(urlOf(first.services, 'tanium')).port);
  await new Promise<void>((resolve) => void stranger.listen(port, '127.0.0.1', resolve));
  undo.push(() => new Promise((resolve) => void stranger.close(() => resolve())));
  const second = await started(NOW + 86_400_000, folder);
  expect(urlOf(second.services, 'threatconnect')).toBe(urlOf(first.services, 'threatconnect'));
  expect(urlOf(second.services, 'tanium')).not.toBe(urlOf(first.services, 'tanium'));
  expect(await indicatorsOf(second.services)).toEqual(before);
});

it('services without one begin anew, and tell who was asked', async () => {
  const asked: string[] = [];
  const first = await started(NOW, null, asked);
  const before = await indicatorsOf(first.services);
  await first.close();
  const second = await started(NOW + 86_400_000, null);
  expect(await indicatorsOf(second.services)).not.toEqual(before);
  expect(asked).toEqual(['threatconnect']);
});
