import { describe, expect, it } from 'vitest';
import { syncWorld, termsOf, type SyncWorld } from './world.ts';

function put({ threatConnect }: SyncWorld, count: number, tags: readonly string[] = []): void {
  for (let n = 0; n < count; n += 1) {
    threatConnect.control.put({ type: 'Address', summary: `45.9.${n >> 8}.${n & 255}`, owner: 'Example Corp', tags });
  }
}

const own = ({ tanium }: SyncWorld) => tanium.control.intels().filter(({ name }) => name.startsWith('Feed'));

describe('documents of a job', () => {
  it.each(['json-413', 'html-413', 'json-400', 'bare-400', 'cut'] as const)(
    'are halved by themselves on %s',
    async (tooLarge) => {
      const world = await syncWorld({ tanium: { behaviour: { maxDocumentBytes: 12_000, tooLarge } } });
      put(world, 90);
      const job = await world.job({ packageSize: 500 });
      const run = await world.run(job.id, 'reconcile');
      expect([run.state, run.message]).toEqual(['done', '']);
      expect([termsOf(world.tanium).length, own(world).length > 1]).toEqual([90, true]);
    },
  );

  it('are written again where they went missing or were changed by others; foreign ones are left alone', async () => {
    const world = await syncWorld();
    put(world, 30, ['tagged']);
    const job = await world.job({ packageSize: 10 });
    await world.run(job.id, 'reconcile');
    const { control } = world.tanium;
    const terms = termsOf(world.tanium);
    const [one, other] = own(world);
    const sourceId = one?.sourceId ?? 0;
    const foreign = control.addIntel(
      sourceId,
      (other?.contents ?? '').replace(/ id="[^"]*"/, ' id="11111111-2222-4333-8444-555555555555"'),
    );
    control.removeIntel(one?.id ?? 0);
    control.editIntel(
      other?.id ?? 0,
      (other?.contents ?? '').replace(/<Content type="IP">[^<]*/, '<Content type="IP">8.8.8.8'),
    );
    const run = await world.run(job.id, 'reconcile');
    expect([run.state, run.counts.packages, run.message]).toEqual([
      'done',
      2,
      expect.stringMatching(/no longer in Threat Response.*changed by somebody else/),
    ]);
    expect(control.intels().some(({ id }) => id === foreign.id)).toBe(true);
    control.removeIntel(foreign.id);
    expect(own(world).map(({ id }) => control.labelsOf(id))).toEqual(own(world).map(() => ['tagged']));
    expect(termsOf(world.tanium)).toEqual(terms);
  });

  it('carry the most frequent tags as labels, whatever their case, and others keep theirs', async () => {
    const world = await syncWorld();
    put(world, 5, ['APT 1', 'apt 1', 'rare', 'phish']);
    const job = await world.job({ labels: 2 });
    await world.run(job.id, 'reconcile');
    const [intel] = own(world);
    expect(world.tanium.control.labelsOf(intel?.id ?? 0)).toHaveLength(2);
    for (const { id } of world.threatConnect.control.indicators()) {
      world.threatConnect.control.change(id, { tags: ['fresh'] });
    }
    const run = await world.run(job.id, 'run');
    expect([run.state, run.counts.packages]).toEqual(['done', 0]);
    expect(world.tanium.control.labelsOf(intel?.id ?? 0)).toEqual(['fresh']);
  });

  it('are deployed once; a refused deploy is a warning and is tried again by the next run', async () => {
    const world = await syncWorld({ tanium: { behaviour: { deployFails: 400 } } });
    put(world, 3);
    const job = await world.job();
    const run = await world.run(job.id, 'reconcile');
    expect([run.state, run.message]).toEqual([
      'done',
      expect.stringContaining('The deploy failed; the next run tries again.'),
    ]);
    world.tanium.control.behaviour.deployFails = null;
    const next = await world.run(job.id, 'run');
    expect([next.state, next.counts.deploys, world.tanium.control.isUndeployed()]).toEqual(['done', 1, false]);
  });

  it('are scanned for by the chosen group after the deploy, each written one once', async () => {
    const world = await syncWorld();
    put(world, 4);
    const job = await world.job({ scanGroup: 'Servers' });
    await world.run(job.id, 'reconcile');
    await world.run(job.id, 'reconcile');
    expect(
      world.tanium.control.scans().map(({ computerGroupId, intelDocId }) => [computerGroupId, intelDocId]),
    ).toEqual([[2, own(world)[0]?.id]]);
  });

  it('search by the terms that Threat Response itself writes, where that is chosen', async () => {
    const world = await syncWorld();
    put(world, 3);
    world.threatConnect.control.put({ type: 'Host', summary: 'bad.attacker.net', owner: 'Example Corp' });
    const job = await world.job({ networkTerms: 'quick-add' });
    expect((await world.run(job.id, 'reconcile')).message).toBe('');
    const learned = termsOf(world.tanium);
    const again = await world.run(job.id, 'reconcile');
    expect([again.counts.packages, world.tanium.log.filter(({ path }) => path.endsWith('/quick-add')).length]).toEqual([
      0, 2,
    ]);
    await world.engine.threatSync.set({ jobId: job.id, change: { networkTerms: 'documented' } });
    await world.run(job.id, 'run');
    expect(termsOf(world.tanium)).not.toEqual(learned);
  });

  it('hold no files that go to the reputation hash list, and files follow when that changes', async () => {
    const world = await syncWorld();
    const { control } = world.threatConnect;
    control.put({ type: 'File', md5: 'b'.repeat(32), sha256: 'c'.repeat(64), owner: 'Example Corp' });
    const gone = control.put({ type: 'File', md5: 'd'.repeat(32), owner: 'Example Corp' });
    const job = await world.job({ filesTo: 'hash-list' });
    const run = await world.run(job.id, 'reconcile');
    expect([run.state, run.message, own(world).length]).toEqual(['done', '', 0]);
    expect(
      world.tanium.control
        .hashList()
        .map(({ md5 }) => md5)
        .sort(),
    ).toEqual(['b'.repeat(32), 'd'.repeat(32)]);
    control.remove(gone);
    await world.run(job.id, 'reconcile');
    expect(world.tanium.control.hashList()).toHaveLength(1);
    await world.engine.threatSync.set({ jobId: job.id, change: { filesTo: 'packages' } });
    await world.run(job.id, 'reconcile');
    expect([world.tanium.control.hashList(), termsOf(world.tanium).length]).toEqual([[], 2]);
    await world.engine.threatSync.set({ jobId: job.id, change: { filesTo: 'hash-list' } });
    await world.run(job.id, 'reconcile');
    expect([world.tanium.control.hashList().length, own(world)]).toEqual([1, []]);
    expect(world.faults).toEqual([]);
  });
});
