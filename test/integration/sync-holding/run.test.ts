import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '#test/bench/data.ts';
import { syncWorld, termsOf, type SyncWorld } from '../sync/world.ts';

const { signal } = new AbortController();
const owner = 'Demo Source';
const sha256 = (number: number): string => digestOf('file', number);
const md5 = (number: number): string => digestOf('md5', number).slice(0, 32);
const upper = (hash: string): string => `FileItem/Sha256sum ${hash.toUpperCase()}`;

/** ThreatConnect holds files 1 to 6 and some addresses and names; this machine calls four of the files harmless. */
async function harmlessWorld(): Promise<SyncWorld> {
  const world = await syncWorld();
  const { hashList, knownSets, cache } = world.engine;
  for (let id = 1; id <= 6; id += 1) {
    const digests = id === 2 ? { md5: md5(2), sha256: sha256(2) } : { sha256: sha256(id) };
    world.threatConnect.control.put({ id, owner, type: 'File', rating: 4, ...digests });
  }
  world.threatConnect.control.put({ id: 11, owner, type: 'Address', summary: '10.0.0.7' });
  world.threatConnect.control.put({ id: 12, owner, type: 'Address', summary: '45.33.32.156' });
  world.threatConnect.control.put({ id: 13, owner, type: 'Host', summary: 'vpn.acme.com' });
  world.threatConnect.control.put({ id: 14, owner, type: 'Host', summary: 'evil.com' });
  await hashList.addText({ text: sha256(1), side: 'non-malicious', note: 'our updater', reason: '', expiresAt: null });
  const path = join(world.directory, 'good.txt');
  writeFileSync(path, `${md5(2)}\n`);
  const set = { name: 'NSRL', edition: '2026.03', datedAt: 1_772_323_200, mark: 'known-good', replace: false } as const;
  await knownSets.import(path, set, () => undefined, signal);
  const items = [
    {
      sha256: sha256(3),
      source: 'wildfire',
      status: 'non-malicious',
      scannedAt: '2026-11-20T03:04:05Z',
      simulated: true,
    },
    { sha256: sha256(4), source: 'wildfire', status: 'malicious', scannedAt: '2026-11-20T03:04:05Z', simulated: true },
  ];
  async function* chunks(): AsyncIterable<Uint8Array> {
    yield Buffer.from(items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  }
  await cache.importItems(chunks(), () => undefined, signal);
  return world;
}

describe('what this machine knows to be harmless', () => {
  it('stays out of Threat Response until it is released; own addresses and names for good', async () => {
    const world = await harmlessWorld();
    const { threatSync } = world.engine;
    const { id: jobId } = await world.job({ own: ['acme.com'] });
    const dry = await world.run(jobId, 'dry-run');
    expect([dry.state, dry.message, dry.counts.new, dry.counts.held]).toEqual(['done', 'Nothing was written.', 5, 5]);
    const { rows } = await threatSync.plan({ runId: dry.id, actions: ['held'], offset: 0, limit: 100 });
    expect(rows.map(({ id, reason, why, here }) => [id, reason, why, here])).toEqual([
      [
        1,
        'hash-list',
        expect.stringMatching(/^The hash list says non-malicious \(SHA-256, added .*\): our updater\.$/),
        'non-malicious',
      ],
      [2, 'known-good', 'The known-good set NSRL (edition 2026.03, dated 2026-03-01) holds its MD5.', 'unknown'],
      [3, 'non-malicious', 'WildFire said non-malicious on 2026-11-20 (SHA-256).', 'non-malicious'],
      [11, 'own', '10.0.0.7 is a private address (10.0.0.0/8).', null],
      [13, 'own', 'vpn.acme.com is of your own domain acme.com.', null],
    ]);
    expect(termsOf(world.tanium)).toEqual([]);

    await world.run(jobId, 'reconcile');
    const sent = [
      'DnsEntryItem/RecordName evil.com',
      upper(sha256(4)),
      upper(sha256(5)),
      upper(sha256(6)),
      'PortItem/remoteIP 45.33.32.156',
    ].sort();
    expect(termsOf(world.tanium)).toEqual(sent);

    await threatSync.release({ jobId, ids: [1, 2, 11, 13], release: true });
    await world.run(jobId, 'reconcile');
    const released = [...sent, upper(sha256(1)), upper(sha256(2)), `FileItem/Md5sum ${md5(2).toUpperCase()}`].sort();
    expect(termsOf(world.tanium)).toEqual(released);
    expect(world.faults).toEqual([]);
  });

  it('is taken out by the next reconcile when it becomes known later', async () => {
    const world = await harmlessWorld();
    const { id: jobId } = await world.job({ types: ['File'] });
    await world.run(jobId, 'reconcile');
    expect(termsOf(world.tanium)).toContain(upper(sha256(5)));
    await world.engine.hashList.addText({
      text: sha256(5),
      side: 'non-malicious',
      note: '',
      reason: 'false detection',
      expiresAt: null,
    });
    const run = await world.run(jobId, 'reconcile');
    expect(run.counts.withdrawn).toBe(1);
    expect(termsOf(world.tanium)).not.toContain(upper(sha256(5)));
  });
});

describe('pulled files in triage', () => {
  it('are known after a run, held-back ones too, and raise verdicts by the rule alone', async () => {
    const world = await harmlessWorld();
    const { threatSync, lookup, knownSets } = world.engine;
    const { id: jobId } = await world.job({ types: ['File'] });
    await world.run(jobId, 'dry-run');
    expect((await knownSets.list()).map(({ name }) => name)).toEqual(['NSRL']);
    await world.run(jobId, 'reconcile');
    const why = async (number: number): Promise<string> =>
      (await lookup.find(sha256(number))).results[0]?.why ?? 'nothing';
    expect(await why(5)).toMatch(
      /^The known set ThreatConnect rating 4 \(edition Feed, dated \d{4}-\d\d-\d\d\) holds it; known is not a judgement\.$/,
    );
    expect(await why(3)).toMatch(/^WildFire says non-malicious/);
    await threatSync.set({ jobId, change: { raiseFromRating: 4 } });
    expect(await why(5)).toMatch(/^The known-bad set ThreatConnect rating 4 /);
    expect((await lookup.find(sha256(3))).results[0]?.verdict.flags).toContain('conflict');
    await threatSync.set({ jobId, change: { raiseFromRating: null } });
    expect(await why(5)).toMatch(/^The known set /);

    world.threatConnect.control.remove(5);
    await world.run(jobId, 'reconcile');
    expect(await why(5)).toMatch(/^Nothing on this machine says anything/);
    await threatSync.remove({ jobId, leave: true });
    expect((await knownSets.list()).map(({ name }) => name)).toEqual(['NSRL']);
  });

  it('that cannot be kept are named by the run, and kept by the next one', async () => {
    const world = await syncWorld();
    world.threatConnect.control.put({ id: 1, owner, type: 'File', rating: 4, sha256: sha256(1) });
    const { id: jobId } = await world.job();
    const inTheWay = join(world.directory, 'known-sets');
    rmSync(inTheWay, { recursive: true, force: true });
    writeFileSync(inTheWay, '');
    const run = await world.run(jobId);
    expect([run.state, run.message]).toEqual([
      'done',
      expect.stringContaining(
        'The known sets of pulled files could not be brought up to date; the next run tries again.',
      ),
    ]);
    expect(world.faults).toHaveLength(1);
    rmSync(inTheWay);
    expect((await world.run(jobId)).message).not.toContain('known sets');
    expect((await world.engine.knownSets.list()).map(({ name }) => name)).toEqual(['ThreatConnect rating 4']);
  });
});
