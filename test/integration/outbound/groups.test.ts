import { describe, expect, it } from 'vitest';
import { utcTime } from '#main/services/outbound/waits.ts';
import { claimArgs } from '../../db/queue/world.ts';
import { scriptedSource } from './scripted-source.ts';
import { digests, outboundWorld, type OutboundWorld } from './world.ts';

const never = new AbortController().signal;

async function shown(world: OutboundWorld): Promise<unknown[]> {
  const { groups } = await world.outbound.state();
  return groups.map(({ source, purpose, intakeId, waiting, onTheWay, done }) =>
    [source, purpose, intakeId, waiting, onTheWay, done].join(' '),
  );
}

describe('groups of the queue', () => {
  it('that are over are shown no more, unless the same list is still asked about elsewhere', async () => {
    const world = await outboundWorld([scriptedSource('wildfire'), scriptedSource('virustotal')]);
    await world.outbound.pause({ source: 'virustotal' });
    await world.enqueue('wildfire', digests(1, 3), { intakeId: 7 });
    await world.enqueue('wildfire', digests(11, 2), { intakeId: 8 });
    await world.enqueue('wildfire', digests(21, 1), { purpose: 'person' });
    await world.enqueue('virustotal', digests(1, 3), { intakeId: 7 });
    world.outbound.seek();
    await world.outbound.drained({ source: 'wildfire' }, never);
    expect(await shown(world)).toEqual(['wildfire new 7 0 0 3', 'virustotal new 7 3 0 0']);
    await world.outbound.resume({ source: 'virustotal' });
    await world.outbound.drained({}, never);
    expect(await shown(world)).toEqual([]);
  });

  it('that are on their way are shown although nothing of them waits', async () => {
    const source = scriptedSource('wildfire');
    const release = source.hold();
    const world = await outboundWorld([source]);
    await world.enqueue('wildfire', digests(1, 1), { intakeId: 7 });
    world.outbound.seek();
    await expect.poll(() => source.asked.length).toBe(1);
    expect(await shown(world)).toEqual(['wildfire new 7 0 1 0']);
    release();
    await world.outbound.drained({}, never);
  });

  it('that wait for a time of their own say so', async () => {
    const world = await outboundWorld([scriptedSource('wildfire'), scriptedSource('virustotal')]);
    const owned = async () =>
      (await world.outbound.state()).groups
        .filter(({ waiting }) => waiting > 0)
        .map(({ waitingFor, endsAt }) => ({ waitingFor, endsAt }));
    await world.enqueue('wildfire', digests(1, 1), { intakeId: 7 });
    expect((await owned())[0]?.waitingFor).toBe('a process that asks');
    const at = Date.now() + 5 * 86_400_000;
    const time = utcTime(at, Date.now());
    await postponed(world, 'recheck', at);
    expect(await owned()).toEqual([{ waitingFor: `its recheck, ${time}`, endsAt: null }]);
    await world.enqueue('wildfire', digests(2, 1), { intakeId: 7 });
    await postponed(world, 'retry', at);
    expect((await owned())[0]?.waitingFor).toBe(`another try, ${time}`);
    world.outbound.seek();
    await expect.poll(async () => (await owned())[0]?.endsAt).toBeGreaterThanOrEqual(at);
    expect((await world.outbound.state()).sentence).toBe(`2 hashes wait: WildFire waits for another try, ${time}.`);
  });
});

/** What is queued was asked, and is asked again at a time. */
async function postponed(world: OutboundWorld, next: 'recheck' | 'retry', notBefore: number): Promise<void> {
  const { claim } = await world.database.write('claimRequest', claimArgs(Date.now(), 0, { takes: ['sha256'] }));
  if (claim.kind !== 'request') {
    throw new Error('nothing to ask');
  }
  const outcome = next === 'recheck' ? 'pending' : 'transient';
  const row = { outcome, next, notBefore, reason: 'Later.', items: [], countAttempt: true } as const;
  await world.database.write('settleRequest', {
    requestId: claim.requestId,
    now: Date.now(),
    outcome,
    httpStatus: 200,
    elapsedMs: 1,
    message: null,
    billed: 1,
    rows: claim.rows.map(({ id }) => ({ queueId: id, ...row })),
  });
}
