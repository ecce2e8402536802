import { describe, expect, it } from 'vitest';
import type { Fault } from '#main/simulators/port.ts';
import { syncWorld, termsOf, type SyncWorld } from './world.ts';

const FAULTS: readonly Fault[] = [{ kind: 'html' }, { kind: 'status', status: 502 }, { kind: 'truncated' }];
/** Requests to Tanium of a first run, without any that is repeated: packages, labels, the hash list, deploy and log-out. */
const REQUESTS = 18;

/** One indicator of each type, and a job that sends them everywhere. */
async function ready(): Promise<{ readonly world: SyncWorld; readonly job: { readonly id: number } }> {
  const world = await syncWorld();
  for (const type of ['Address', 'File', 'Host'] as const) {
    const summary = type === 'Address' ? '93.184.1.7' : type === 'Host' ? 'bad.sync.simulated' : '';
    const md5 = type === 'File' ? { md5: 'a'.repeat(32) } : {};
    world.threatConnect.control.put({ type, summary, owner: 'Example Corp', tags: ['APT'], ...md5 });
  }
  return { world, job: await world.job({ filesTo: 'both', labels: 1 }) };
}

const isDeploy = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method === 'POST' && path.endsWith('/intel/deploy');

describe('a first run', () => {
  it('deploys once when it was asked to do so more slowly', async () => {
    const calm = await ready();
    await calm.world.run(calm.job.id, 'reconcile');
    const at = calm.world.tanium.log.findIndex(isDeploy);
    const { world, job } = await ready();
    const late = { kind: 'status', status: 429, headers: { 'retry-after': '1' } } as const;
    world.tanium.script([...Array.from({ length: at }, () => ({ kind: 'none' as const })), late]);
    const { state, message, counts } = await world.run(job.id, 'reconcile');
    expect([state, message, counts.deploys]).toEqual(['done', '', 1]);
    expect(world.tanium.log.filter(isDeploy).map(({ status }) => status)).toEqual([429, 200]);
  });

  it.each(Array.from({ length: REQUESTS }, (_, n) => n))('ends well although request %i to Tanium fails', async (n) => {
    const { world, job } = await ready();
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
