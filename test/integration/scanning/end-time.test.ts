import { describe, expect, it } from 'vitest';
import { flightPlanSchema } from '#shared/contract/scan.ts';
import { digests } from '../outbound/world.ts';
import { NEVER_ABORTED, scanWorld, simulators } from './scan-world.ts';

/** A short minute, so that several of them fit into a test. */
const MINUTE_MS = 2_200;
/** What a busy machine may add in all: beside real minutes nothing, beside these as much as the share itself. */
const MACHINE_MS = 350;

describe('the end a plan tells', () => {
  // Tried again where something else held the machine meanwhile; a plan that is wrong is wrong each time.
  it('is within 5 % of what the run then takes, and so are its requests', { retry: 2 }, async () => {
    const asked = await simulators({
      minuteMs: MINUTE_MS,
      limits: { perMinute: 20, perDay: null, perMonth: null },
      latencyMs: { least: 20, most: 60 },
    });
    const limits = { callsPerMinute: 20, callsPerDay: null, callsPerMonth: null, concurrency: 4 };
    const it = await scanWorld({
      minuteMs: MINUTE_MS,
      configs: {
        wildfire: { url: asked.wildfire.url, ...limits, hashesPerRequest: 10 },
        virustotal: { url: asked.virustotal.url, ...limits, hashesPerRequest: 1 },
      },
    });
    for (const simulator of Object.values(asked)) {
      for (const sha256 of digests(0, 80)) {
        simulator.know({ sha256, status: 'non-malicious' });
      }
    }
    const stop = it.outbound.seek();
    // Some answers first: a plan goes by how long the last ones took.
    for (const [from, count] of [
      [0, 4],
      [64, 10],
    ] as const) {
      await it.scanning.start(it.scan(await it.dropped(digests(from, count))), () => undefined, NEVER_ABORTED);
      await it.outbound.drained({ purpose: 'new' }, NEVER_ABORTED);
    }
    const before = { wildfire: asked.wildfire.log.length, virustotal: asked.virustotal.log.length };
    const request = it.scan(await it.dropped(digests(4, 60)));
    const plan = await it.scanning.plan(request, NEVER_ABORTED);
    const started = Date.now();
    await it.scanning.start(request, () => undefined, NEVER_ABORTED);
    await it.outbound.drained({ purpose: 'new' }, NEVER_ABORTED);
    await stop();
    const [{ end } = { end: 0 }] = it.sql<{ end: number }>('SELECT max(settled_at) AS end FROM requests');
    const [told, took] = [(plan.endsAt ?? 0) - started, end - started];
    expect(took).toBeGreaterThan(2 * MINUTE_MS);
    expect(flightPlanSchema.parse(plan).endsAt).toBe(plan.endsAt);
    expect(Math.abs(told - took)).toBeLessThan(0.05 * took + MACHINE_MS);
    const counts = plan.sources.map(({ source, requests }) => [source, requests]);
    expect(counts).toEqual([
      ['wildfire', asked.wildfire.log.length - before.wildfire],
      ['virustotal', asked.virustotal.log.length - before.virustotal],
    ]);
    expect(asked.virustotal.log.every(({ status }) => status !== 429)).toBe(true);
  });
});
