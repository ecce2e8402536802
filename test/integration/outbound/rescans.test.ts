import { describe, expect, it } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import type { Timer } from '#main/jobs/outbound/port.ts';
import { createHashList } from '#main/services/hash-list/hash-list.ts';
import { answered, answerFor } from '../../unit/outbound/answers.ts';
import { scriptedSource, type ScriptedSource } from './scripted-source.ts';
import { digest, digests, outboundWorld, type OutboundWorld, type WorldOptions } from './world.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1, 12);
/** An hour of the test's world takes so many of its milliseconds. */
const PACE = 600_000;
const soon = { timeout: 60_000, interval: 20 };

/** Real timers of a world in which time runs faster; `skip` lets its clock pass some. */
function fastTime(): Timer & { skip(milliseconds: number): void } {
  const begun = performance.now();
  let skipped = 0;
  const passed = () => (performance.now() - begun) * (HOUR / PACE) * 1000;
  return {
    now: () => Math.floor(START + skipped + passed()),
    steady: () => passed(),
    after(milliseconds, run) {
      const timer = setTimeout(run, milliseconds / ((HOUR / PACE) * 1000));
      return () => clearTimeout(timer);
    },
    skip(milliseconds) {
      skipped += milliseconds;
    },
  };
}

async function world(config: NonNullable<WorldOptions['configs']>['wildfire'] = {}) {
  const time = fastTime();
  const source = scriptedSource('wildfire');
  source.say = (hashes) => answered(hashes.map((hash) => answerFor(hash, { digests: { sha256: hash } })));
  const made = await outboundWorld([source], { configs: { wildfire: config }, timer: time });
  return { time, source, world: made };
}

/** Asks about hashes as new ones, and forgets that it did. */
async function known(made: OutboundWorld, source: ScriptedSource, hashes: readonly HexDigest[]): Promise<void> {
  await made.enqueue('wildfire', hashes);
  made.outbound.seek();
  await expect.poll(() => source.asked.flatMap((request) => request.hashes).length, soon).toBe(hashes.length);
  await made.outbound.drained({}, new AbortController().signal);
  source.asked.length = 0;
}

const askedOf = (source: ScriptedSource) => source.asked.flatMap(({ hashes }) => hashes).toSorted();

describe('items that are due', () => {
  it('are asked about again by themselves, once, and in batches', async () => {
    const { time, source, world: made } = await world({ hashesPerRequest: 50 });
    await known(made, source, digests(1, 30));
    time.skip(40 * DAY);
    await expect.poll(() => askedOf(source), soon).toEqual(digests(1, 30).toSorted());
    time.skip(2 * DAY);
    await expect.poll(async () => (await made.outbound.state()).depth, soon).toBe(0);
    // They are queued in slices of time: on a busy machine one may end before the last of them.
    expect(source.asked.length).toBeLessThan(4);
    const { rows } = await made.outbound.requests({ offset: 0, limit: 9 });
    const rescans = rows.filter(({ purpose }) => purpose === 'rescan').map(({ hashes }) => hashes);
    expect(rescans).toEqual(source.asked.map(({ hashes }) => hashes.length).toReversed());
    expect(made.faults).toEqual([]);
  });

  it('wait while their hash is listed, and are asked about when the entry is gone', async () => {
    const { time, source, world: made } = await world();
    await known(made, source, [digest(1), digest(2)]);
    const list = createHashList(made.database, {
      clock: time,
      analyst: async () => 'a test',
      countIntakesHolding: async (files) => files.map(() => 0),
    });
    await list.addText({ text: digest(1), side: 'malicious', note: '', reason: '', expiresAt: null });
    time.skip(40 * DAY);
    await expect.poll(() => askedOf(source), soon).toEqual([digest(2)]);
    await list.removeHashes([digest(1)]);
    time.skip(2 * DAY);
    await expect.poll(() => askedOf(source), soon).toEqual([digest(1), digest(2)].toSorted());
  });

  it.each([
    ['its key became a public one', { plan: 'public' }],
    ['rescans of it were switched off', { rescans: false }],
  ] as const)('and wait already leave the queue unasked once %s', async (_, change) => {
    const { time, source, world: made } = await world({ callsPerDay: 500 });
    source.say = (hashes) =>
      answered(hashes.map((hash) => answerFor(hash, { status: 'non-malicious', digests: { sha256: hash } })));
    await known(made, source, digests(1, 30));
    await made.settings.set({ rescanShare: 0 });
    time.skip(40 * DAY);
    const rescans = async () => (await made.outbound.state()).groups.find(({ purpose }) => purpose === 'rescan');
    await expect.poll(async () => (await rescans())?.waiting, soon).toBe(30);
    made.sources.change('wildfire', change);
    await made.settings.set({ rescanShare: 100 });
    await expect.poll(async () => (await made.outbound.state()).depth, soon).toBe(0);
    expect([source.asked, made.faults]).toEqual([[], []]);
  });
});
