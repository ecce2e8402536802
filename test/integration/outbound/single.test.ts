import { describe, expect, it } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import { answered, answerFor, failed } from '../../unit/outbound/answers.ts';
import { scriptedSource, withSingleCall, type ScriptedSource } from './scripted-source.ts';
import { digest, digests, outboundWorld, type OutboundWorld } from './world.ts';

const never = new AbortController().signal;
const DAY = { callsPerDay: 6 };

/** Malicious without details for the even ones, not known here for the rest. */
function bulk(hashes: readonly HexDigest[]) {
  return answered(
    hashes.map((hash) =>
      isEven(hash)
        ? answerFor(hash, { status: 'malicious', more: 'details', digests: {} })
        : answerFor(hash, { outcome: 'not-known', status: 'unknown', more: 'elsewhere', digests: {} }),
    ),
  );
}

const isEven = (hash: HexDigest): boolean => Number.parseInt(hash.slice(-4), 16) % 2 === 0;

async function started(): Promise<{ source: ScriptedSource; world: OutboundWorld }> {
  const source = withSingleCall(scriptedSource('recorded-future'));
  source.say = bulk;
  source.sayOne = (hash) =>
    answered([answerFor(hash, { status: 'malicious', firstSeen: 1_700_000_000, threat: 'Emotet', more: 'details' })]);
  const world = await outboundWorld([source], { configs: { 'recorded-future': { hashesPerRequest: 100 } } });
  return { source, world };
}

const items = (world: OutboundWorld) => world.database.read('itemsPage', { afterFile: 0, afterSource: 0, limit: 99 });

describe('a source whose batches tell less than its single call', () => {
  it('is asked in batches, and by the single call once for what it told too little about', async () => {
    const { source, world } = await started();
    await world.enqueue('recorded-future', digests(1, 6));
    world.outbound.seek();
    await world.outbound.drained({}, never);
    expect(source.asked.map(({ hashes }) => hashes.length)).toEqual([6]);
    expect(source.askedOne.toSorted()).toEqual(digests(1, 6).toSorted());
    expect((await items(world)).map(({ threat, firstSeen }) => [threat, firstSeen])).toEqual(
      digests(1, 6).map(() => ['Emotet', 1_700_000_000]),
    );
    const { rows } = await world.outbound.requests({ offset: 0, limit: 99 });
    expect([rows.filter(({ single }) => single).length, rows.reduce((sum, { billed }) => sum + billed, 0)]).toEqual([
      6, 7,
    ]);
    expect(world.faults).toEqual([]);
  });

  it('is asked by the single call alone when a person wants everything', async () => {
    const { source, world } = await started();
    await world.enqueue('recorded-future', [digest(2)], { purpose: 'person', single: true });
    world.outbound.seek();
    await world.outbound.drained({}, never);
    expect([source.asked.length, source.askedOne]).toEqual([0, [digest(2)]]);
  });

  it('spends no call beyond its budget on details', async () => {
    const source = withSingleCall(scriptedSource('recorded-future'));
    source.say = bulk;
    const config = { hashesPerRequest: 100, ...DAY };
    const world = await outboundWorld([source], { configs: { 'recorded-future': config } });
    await world.enqueue('recorded-future', digests(1, 9));
    world.outbound.seek();
    await expect.poll(async () => (await world.outbound.state()).groups[0]?.waitingFor ?? '').toContain('its day');
    // The last call is reserved, and the wait told of, before it leaves.
    await expect.poll(async () => (await world.outbound.state()).inFlight).toBe(0);
    expect(source.asked.length + source.askedOne.length).toBe(6);
    // What batches said is kept. What was only not found here is neither known nor unknown until it was asked elsewhere.
    const known = new Set([...digests(1, 9).filter(isEven), ...source.askedOne]);
    const kept = await items(world);
    expect([kept.length, kept.filter(({ status }) => status === 0)]).toEqual([known.size, []]);
  });

  it('keeps batches as large as they were when single calls fail', async () => {
    const { source, world } = await started();
    let refused = 0;
    source.sayOne = () => {
      refused += 1;
      return failed('invalid-input');
    };
    await world.enqueue('recorded-future', [digest(2)]);
    world.outbound.seek();
    await world.outbound.drained({}, never);
    await world.enqueue('recorded-future', digests(10, 50));
    await expect.poll(() => source.asked.length).toBe(2);
    expect([refused > 0, source.asked[1]?.hashes.length]).toEqual([true, 50]);
    // What could not be completed keeps the answer of its batch.
    expect((await items(world)).filter(({ status }) => status === 4).length).toBeGreaterThan(0);
  });
});
