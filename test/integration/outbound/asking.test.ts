import { describe, expect, it, vi } from 'vitest';
import { startScheduler } from '#main/jobs/outbound/scheduler.ts';
import { systemTimer } from '#main/jobs/outbound/system-timer.ts';
import { systemClock } from '#main/platform/clock.ts';
import { createHashList } from '#main/services/hash-list/hash-list.ts';
import { answered, answerFor } from '../../unit/outbound/answers.ts';
import { fine, scriptedSource } from './scripted-source.ts';
import { digest, digests, outboundWorld, type OutboundWorld } from './world.ts';

const never = new AbortController().signal;
const soon = { timeout: 60_000, interval: 10 };

describe('asking what is queued', () => {
  it('asks each hash once, keeps what is said, and says nothing is left', async () => {
    const source = scriptedSource('wildfire');
    const world = await outboundWorld([source], { configs: { wildfire: { hashesPerRequest: 10, concurrency: 2 } } });
    await world.enqueue('wildfire', digests(1, 25));
    source.say = (hashes) =>
      answered(
        hashes.map((hash) => answerFor(hash, hash === digest(3) ? { status: 'malicious' } : { outcome: 'not-known' })),
      );
    world.outbound.seek();
    await world.outbound.drained({}, never);
    expect(source.asked.flatMap((request) => request.hashes).toSorted()).toEqual(digests(1, 25).toSorted());
    const found = await world.database.read('sourceCounts', {});
    expect(found).toEqual([{ source: 1, items: 25, processed: 25, malicious: 1, new: 0, rescanning: 0 }]);
    expect(world.faults).toEqual([]);
  });

  it('puts digests of one kind into one request', async () => {
    const source = scriptedSource('wildfire');
    const world = await outboundWorld([source], { configs: { wildfire: { hashesPerRequest: 100 } } });
    await world.enqueue('wildfire', [...digests(1, 5, 'md5'), ...digests(1, 5), ...digests(1, 5, 'sha1')]);
    world.outbound.seek();
    await world.outbound.drained({}, never);
    const sizes = Object.fromEntries(source.asked.map(({ kind, hashes }) => [kind, hashes.length]));
    expect([sizes, source.asked.length]).toEqual([{ md5: 5, sha1: 5, sha256: 5 }, 3]);
  });

  it('asks for a waiting person first, then new ones, then rescans', async () => {
    const source = scriptedSource('virustotal');
    const world = await outboundWorld([source]);
    await world.enqueue('virustotal', digests(10, 2), { purpose: 'rescan' });
    await world.enqueue('virustotal', digests(20, 2), { purpose: 'new' });
    await world.enqueue('virustotal', digests(30, 2), { purpose: 'person' });
    world.outbound.seek();
    await world.outbound.drained({}, never);
    const order = source.asked.flatMap(({ hashes }) => hashes);
    expect([order.slice(0, 2).toSorted(), order.slice(2, 4).toSorted(), order.slice(4).toSorted()]).toEqual([
      digests(30, 2).toSorted(),
      digests(20, 2).toSorted(),
      digests(10, 2).toSorted(),
    ]);
  });

  it('asks at once what is queued while it runs', async () => {
    const source = scriptedSource('wildfire');
    const world = await outboundWorld([source], { configs: { wildfire: { hashesPerRequest: 500 } } });
    world.outbound.seek();
    for (let n = 1; n <= 3; n += 1) {
      await world.enqueue('wildfire', [digest(n)]);
      await vi.waitFor(() => expect(source.asked.length).toBe(n), soon);
    }
  });

  it('does not ask twice for what waits already', async () => {
    const source = scriptedSource('wildfire');
    const world = await outboundWorld([source]);
    const release = source.hold();
    await world.enqueue('wildfire', [digest(1)]);
    world.outbound.seek();
    await vi.waitFor(() => expect(source.asked.length).toBe(1), soon);
    await world.enqueue('wildfire', [digest(1)]);
    release();
    await world.outbound.drained({}, never);
    expect(source.asked.length).toBe(1);
  });

  it('drops what another source made conclusive, when that is enough', async () => {
    const first = scriptedSource('wildfire');
    const second = scriptedSource('virustotal');
    const world = await outboundWorld([first, second]);
    first.say = (hashes) => answered(hashes.map((hash) => answerFor(hash, { status: 'malicious' })));
    for (const [stage, name] of [
      [0, 'wildfire'],
      [1, 'virustotal'],
    ] as const) {
      await world.enqueue(name, digests(1, 4), { stage, stopOnMalicious: true });
    }
    world.outbound.seek();
    await world.outbound.drained({}, never);
    expect([first.asked.length, second.asked.length]).toEqual([4, 0]);
    expect((await world.outbound.state()).avoidedToday).toMatchObject({ total: 4, by: { conclusive: 4 } });
  });

  it('asks the second source when the first one does not say malicious', async () => {
    const first = scriptedSource('wildfire');
    const second = scriptedSource('virustotal');
    const world = await outboundWorld([first, second]);
    for (const [stage, name] of [
      [0, 'wildfire'],
      [1, 'virustotal'],
    ] as const) {
      await world.enqueue(name, digests(1, 3), { stage, stopOnMalicious: true });
    }
    world.outbound.seek();
    await world.outbound.drained({}, never);
    expect([first.asked.length, second.asked.length]).toEqual([3, 3]);
    const firstOf = new Map(first.asked.map(({ at, hashes }) => [hashes[0], at]));
    expect(second.asked.every(({ at, hashes }) => at >= (firstOf.get(hashes[0] ?? digest(0)) ?? Infinity))).toBe(true);
  });
});

describe('ending', () => {
  it('does not wait for a request that cannot even be broken off; the next owner asks again', async () => {
    const source = scriptedSource('wildfire');
    const world = await outboundWorld([source]);
    await world.enqueue('wildfire', [digest(1)]);
    source.say = () => new Promise(() => undefined);
    const scheduler = await startScheduler({
      database: world.database,
      sources: world.sources,
      settings: world.settings,
      timer: systemTimer(systemClock),
      random: Math.random,
      minuteMs: 60_000,
      avoid: true,
      onFault: (error) => world.faults.push(error),
    });
    await vi.waitFor(() => expect(source.asked.length).toBe(1), soon);
    // Nothing but its own deadline ends it, and its timers keep no process alive.
    const alive = setInterval(() => undefined, 50);
    await scheduler.stop(50);
    clearInterval(alive);
    source.say = fine;
    world.outbound.seek();
    await world.outbound.drained({}, never);
    const { rows } = await world.outbound.requests({ offset: 0, limit: 5 });
    expect([rows.map(({ outcome }) => outcome), world.faults]).toEqual([['answer', 'lost'], []]);
  });
});

describe('what is decided again at the moment of sending', () => {
  it('a hash listed while it waited is never sent', async () => {
    const source = scriptedSource('virustotal');
    const world = await outboundWorld([source], { minuteMs: 1_500, configs: { virustotal: { callsPerMinute: 1 } } });
    await world.enqueue('virustotal', digests(1, 2));
    world.outbound.seek();
    await vi.waitFor(() => expect(source.asked.length).toBe(1), soon);
    const left = digests(1, 2).find((hash) => hash !== source.asked[0]?.hashes[0]) ?? digest(0);
    await listed(world, left);
    await world.outbound.drained({}, never);
    expect(source.asked.length).toBe(1);
  });

  it('a hash put under embargo while it waited is never sent', async () => {
    const source = scriptedSource('virustotal');
    const world = await outboundWorld([source], { minuteMs: 1_500, configs: { virustotal: { callsPerMinute: 1 } } });
    await world.enqueue('virustotal', digests(1, 2));
    world.outbound.seek();
    await vi.waitFor(() => expect(source.asked.length).toBe(1), soon);
    await world.database.write('setEmbargoKeys', {
      intakeId: 7,
      digests: [{ kind: 'sha256', bytes: Buffer.from(digests(1, 2).join(''), 'hex') }],
    });
    await world.outbound.drained({}, never);
    expect(source.asked.length).toBe(1);
  });

  it('the offline switch holds everything back at once and lets it go on', async () => {
    const source = scriptedSource('wildfire');
    const world = await outboundWorld([source]);
    const release = source.hold();
    await world.enqueue('wildfire', digests(1, 5));
    world.outbound.seek();
    await vi.waitFor(() => expect(source.asked.length).toBe(1), soon);
    await world.settings.set({ offline: true });
    release();
    await vi.waitFor(async () => expect((await world.outbound.state()).inFlight).toBe(0), soon);
    expect(source.asked.length).toBe(1);
    expect((await world.outbound.state()).sentence).toBe('Offline: nothing leaves this machine; 4 hashes wait.');
    await world.settings.set({ offline: false });
    await world.outbound.drained({}, never);
    expect(source.asked.length).toBe(5);
  });
});

describe('pausing, resuming and cancelling', () => {
  it('holds back a source and leaves the other alone', async () => {
    const [paused, other] = [scriptedSource('wildfire'), scriptedSource('virustotal')];
    const world = await outboundWorld([paused, other]);
    await world.outbound.pause({ source: 'wildfire' });
    await world.enqueue('wildfire', digests(1, 3));
    await world.enqueue('virustotal', digests(1, 3));
    world.outbound.seek();
    await world.outbound.drained({ source: 'virustotal' }, never);
    expect([paused.asked.length, other.asked.length]).toEqual([0, 3]);
    const [group] = (await world.outbound.state()).groups;
    expect([group?.source, group?.waiting, group?.waitingFor, group?.endsAt]).toEqual(['wildfire', 3, 'resume', null]);
    await world.outbound.resume({ source: 'wildfire' });
    await world.outbound.drained({}, never);
    expect(paused.asked.length).toBe(3);
  });

  it('holds back one intake, also what is queued for it later', async () => {
    const source = scriptedSource('wildfire');
    const world = await outboundWorld([source]);
    await world.enqueue('wildfire', digests(1, 2), { intakeId: 4 });
    await world.outbound.pause({ intakeId: 4 });
    await world.enqueue('wildfire', digests(5, 2), { intakeId: 4 });
    await world.enqueue('wildfire', digests(10, 2), { intakeId: 5 });
    world.outbound.seek();
    await world.outbound.drained({ intakeId: 5 }, never);
    expect(source.asked.length).toBe(2);
    await world.outbound.resume({ intakeId: 4 });
    await world.outbound.drained({}, never);
    expect(source.asked.length).toBe(6);
  });

  it('takes a part out unasked and hears what is on its way', async () => {
    const source = scriptedSource('wildfire');
    const world = await outboundWorld([source]);
    const release = source.hold();
    await world.enqueue('wildfire', digests(1, 5), { intakeId: 4 });
    world.outbound.seek();
    await vi.waitFor(() => expect(source.asked.length).toBe(1), soon);
    const removed = await world.outbound.cancel({ intakeId: 4 });
    release();
    await world.outbound.drained({}, never);
    expect([removed, source.asked.length]).toEqual([4, 1]);
    expect((await world.database.read('sourceCounts', {}))[0]?.processed).toBe(1);
  });
});

/** Puts a hash on the team's list. */
async function listed(world: OutboundWorld, hash: string): Promise<void> {
  const list = createHashList(world.database, {
    clock: systemClock,
    analyst: async () => 'a test',
    countIntakesHolding: async (files) => files.map(() => 0),
  });
  await list.addText({ text: hash, side: 'malicious', note: '', reason: '', expiresAt: null });
}
