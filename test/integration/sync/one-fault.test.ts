import { describe, expect, it } from 'vitest';
import type { Fault } from '#main/simulators/port.ts';
import { syncWorld, termsOf } from './world.ts';

const FAULTS: readonly Fault[] = [{ kind: 'html' }, { kind: 'status', status: 502 }, { kind: 'truncated' }];
/** Requests to Tanium of a first run, without any that is repeated: packages, labels, the hash list, deploy and log-out. */
const REQUESTS = 18;

describe('a first run', () => {
  it.each(Array.from({ length: REQUESTS }, (_, n) => n))('ends well although request %i to Tanium fails', async (n) => {
    const world = await syncWorld();
    for (const type of ['Address', 'File', 'Host'] as const) {
      const summary = type === 'Address' ? '93.184.1.7' : type === 'Host' ? 'bad.sync.simulated' : '';
      const md5 = type === 'File' ? { md5: 'a'.repeat(32) } : {};
      world.threatConnect.control.put({ type, summary, owner: 'Example Corp', tags: ['APT'], ...md5 });
    }
    const job = await world.job({ filesTo: 'both', labels: 1 });
    const none: readonly Fault[] = Array.from({ length: n }, () => ({ kind: 'none' }));
    const fault = FAULTS[n % FAULTS.length];
    world.tanium.script(fault === undefined ? [] : [...none, fault]);
    const { state, message } = await world.run(job.id, 'reconcile');
    expect([state, message.replace(/^The deploy failed; the next run tries again\. .*/, '')]).toEqual(['done', '']);
    expect([termsOf(world.tanium).length, world.tanium.control.hashList().length]).toEqual([3, 1]);
    const sources = world.tanium.control.sources().filter(({ name }) => name === 'ThreatConnect');
    expect(sources.length).toBe(1);
    expect(world.tanium.log.length).toBeGreaterThanOrEqual(REQUESTS);
  });
});
