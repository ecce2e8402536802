import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestOf } from '#test/bench/data.ts';
import { run } from '#test/unit/terminal/stage.ts';
import { changingWorld, DAY, START, type ChangingWorld } from '../history/changing-world.ts';

const HASH = digestOf('file', 1);

let world: ChangingWorld;
beforeEach(async () => {
  world = await changingWorld();
  await world.says('wildfire', 'non-malicious', [HASH]);
  await world.says('virustotal', 'non-malicious', [HASH], 0);
  world.later(DAY);
  await world.says('virustotal', 'malicious', [HASH], 41);
  await world.keep('host 12', [HASH]);
});
afterEach(() => world.dispose());

/** The command line on the real engine, which stays open. */
const assay = (...argv: string[]) =>
  run(argv, {
    openEngine: async () => ({ ...world.engine, dispose: () => Promise.resolve() }),
    now: () => world.now() * 1000,
  });

it('lists what changed, and remembers the look', async () => {
  world.later(60);
  const { out } = await assay('changes', '--since', 'last', '--format', 'jsonl');
  expect(JSON.parse(out)).toMatchObject({
    at: '2026-11-23T08:00:00Z',
    source: 'virustotal',
    hash: HASH,
    flip: 'raised',
    before: 'non-malicious',
    after: 'malicious',
    lists: 1,
    listsNamed: [{ intake: 1, title: 'host 12' }],
  });
  expect(await world.engine.history.unseen()).toMatchObject({ raised: 0, lookedAt: START + DAY + 60 });
  const table = await assay('changes', '--since', '48h');
  expect(table.out).toContain('1 change since 2026-11-21 08:01 UTC: 1 turned malicious, 0 no longer malicious.');
  world.later(60);
  expect((await assay('changes', '--since', 'last', '--format', 'json')).out).toBe('[\n]\n');
});

it('shows what a decision does, decides, and has nothing left to review', async () => {
  const list = await assay('review');
  expect(list.out).toContain('VirusTotal malicious (41 engines), WildFire non-malicious');
  const argv = ['review', 'decide', HASH.slice(0, 64).toUpperCase(), '--known-good', '--reason', 'own build'];
  const dry = await assay(...argv, '--dry-run');
  expect(dry.out).toContain('1 file as known good: 1 row in 1 list would be judged by it, 1 with another status.');
  expect((await world.engine.review.page({ offset: 0, limit: 1 })).total).toBe(1);
  const decided = await assay(...argv, '--yes');
  expect([decided.code, decided.err]).toEqual([0, expect.stringContaining('Undo: assay hash-list undo')]);
  const after = await assay('review');
  expect([after.code, after.err]).toEqual([0, 'No disagreement waits for a decision.\n']);
  const again = await assay(...argv, '--yes');
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('is on the hash list: it is decided')]);
});
