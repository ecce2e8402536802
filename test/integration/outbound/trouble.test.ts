import { describe, expect, it, vi } from 'vitest';
import type { SourceState } from '#main/db/repositories/queue-types.ts';
import { failed } from '../../unit/outbound/answers.ts';
import { fine, scriptedSource } from './scripted-source.ts';
import { digests, outboundWorld } from './world.ts';

const never = new AbortController().signal;
const soon = { timeout: 60_000, interval: 10 };

describe('a source in trouble', () => {
  it('does not hold up the other one', async () => {
    const [broken, other] = [scriptedSource('wildfire'), scriptedSource('virustotal')];
    const world = await outboundWorld([broken, other], { configs: { wildfire: { concurrency: 2 } } });
    broken.say = () => failed('transient');
    const release = broken.hold();
    await world.enqueue('wildfire', digests(1, 20));
    await world.enqueue('virustotal', digests(1, 50));
    world.outbound.seek();
    // All of it, while not one answer of the first has come.
    await world.outbound.drained({ source: 'virustotal' }, never);
    expect([broken.asked.length, other.asked.length]).toEqual([2, 50]);
    release();
    await vi.waitFor(async () => {
      const { groups } = await world.outbound.state();
      expect(groups.find((group) => group.source === 'wildfire')?.waitingFor).toMatch(/after a fault$/);
    }, soon);
    await world.enqueue('virustotal', digests(100, 5));
    await world.outbound.drained({ source: 'virustotal' }, never);
    expect(other.asked.length).toBe(55);
  });

  it('stops at a refused key until the key changes, and loses nothing', async () => {
    const source = scriptedSource('wildfire');
    const world = await outboundWorld([source]);
    source.say = () => failed('auth');
    await world.enqueue('wildfire', digests(1, 3));
    world.outbound.seek();
    await vi.waitFor(async () => {
      const [group] = (await world.outbound.state()).groups;
      expect([group?.waiting, group?.waitingFor]).toEqual([3, 'its key or settings to change']);
    }, soon);
    expect(source.asked.length).toBe(1);
    source.say = fine;
    // What the sources service does when a key is set.
    await world.database.write('setSourceState', {
      source: 1,
      change: { state: 'ready', reason: null, until: null, faults: 0 },
      at: Date.now(),
    });
    world.sources.setKeyOf('wildfire', 'another key');
    await world.outbound.drained({}, never);
    expect((await world.database.read('sourceCounts', {}))[0]?.processed).toBe(3);
  });

  it('never puts a hash down as not known because of a limit or a fault', async () => {
    const source = scriptedSource('wildfire');
    const world = await outboundWorld([source], { minuteMs: 4, configs: { wildfire: { concurrency: 2 } } });
    const kinds = ['transient', 'protocol', 'quota'] as const;
    let call = 0;
    source.say = () => {
      call += 1;
      return failed(kinds[call % kinds.length] ?? 'quota');
    };
    await world.enqueue('wildfire', digests(1, 3));
    world.outbound.seek();
    await world.outbound.drained({}, never);
    const files = await world.database.read('sourceCounts', {});
    expect(files).toEqual([{ source: 1, items: 3, processed: 0, malicious: 0, new: 0, rescanning: 0 }]);
  });

  it('still waits for its quota after a restart', async () => {
    const before = scriptedSource('wildfire');
    const world = await outboundWorld([before]);
    before.say = () => failed('quota', { window: 'month' });
    await world.enqueue('wildfire', digests(1, 3));
    world.outbound.seek();
    await vi.waitFor(() => expect(before.asked.length).toBe(1), soon);
    await vi.waitFor(async () => expect((await world.outbound.state()).inFlight).toBe(0), soon);
    await world.outbound.dispose();
    const after = scriptedSource('wildfire');
    const again = await outboundWorld([after], { directory: world.directory });
    again.outbound.seek();
    await vi.waitFor(async () => expect((await again.outbound.state()).owner?.isThis).toBe(true), soon);
    const [group] = (await again.outbound.state()).groups;
    expect([group?.waiting, group?.waitingFor]).toEqual([3, expect.stringMatching(/^its quota, refused until/)]);
    expect([after.asked.length, again.outbound.isWorking()]).toEqual([0, false]);
    await again.outbound.resume({ source: 'wildfire' });
    await again.outbound.drained({}, never);
    expect(after.asked.length).toBe(3);
  });

  it('that waits, or is stopped, still is so after a pause of all sources', async () => {
    const sources = [scriptedSource('wildfire'), scriptedSource('virustotal')] as const;
    const world = await outboundWorld(sources);
    const until = Date.now() + 3_600_000;
    const set = (source: number, change: Partial<SourceState>) =>
      world.database.write('setSourceState', { source, change, at: Date.now() });
    const states = async () =>
      (await world.database.read('sourceStates', {})).map(({ state, until: end }) => [state, end]);
    await set(1, { state: 'waiting', reason: 'Refused.', until });
    await world.outbound.pause({});
    expect((await states()).map(([state]) => state)).toEqual(['paused', 'paused']);
    await world.outbound.resume({});
    expect(await states()).toEqual([
      ['waiting', until],
      ['ready', null],
    ]);
    await set(5, { state: 'stopped', reason: 'The key was refused.', until: null });
    await world.outbound.resume({});
    await world.outbound.resume({ source: 'virustotal' });
    expect(await states()).toEqual([
      ['waiting', until],
      ['stopped', null],
    ]);
    // Who names a source that waits wants it to be asked again now.
    await world.outbound.resume({ source: 'wildfire' });
    expect((await states())[0]).toEqual(['ready', null]);
  });

  it('keeps to its minute', async () => {
    const source = scriptedSource('virustotal');
    const world = await outboundWorld([source], {
      minuteMs: 400,
      configs: { virustotal: { callsPerMinute: 3, concurrency: 4 } },
    });
    await world.enqueue('virustotal', digests(1, 12));
    world.outbound.seek();
    await world.outbound.drained({}, never);
    const times = source.asked.map(({ at }) => at).toSorted((a, b) => a - b);
    const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 400).length));
    expect([times.length, most]).toEqual([12, 3]);
  });
});
