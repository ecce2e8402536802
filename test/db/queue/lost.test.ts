import { expect, test } from 'vitest';
import { NO_ANSWER_CODE } from '#main/db/codes.ts';
import { hashesOf, item, NOON, queueWorld, sha256, write, type QueueWorld } from './world.ts';

const MANY = Array.from({ length: 100 }, (_, index) => sha256(index));
const POISON = MANY[61] as string;

/** A process that ends before it hears about anything it asked, as one does that is killed. */
function die(world: QueueWorld): readonly string[] {
  const asked = hashesOf(world.claimed({ hashesPerRequest: 100 }));
  world.pass(1000);
  write(world.db, 'recoverRequests', { now: world.now() });
  return asked;
}

test('what was lost on its way counts no try, and waits behind others when that happens again and again', () => {
  const world = queueWorld();
  world.enqueue(MANY.slice(0, 2));
  world.settle(world.claimed({ hashesPerRequest: 1 }), { outcome: 'transient', next: 'retry' });
  die(world);
  world.enqueue([MANY[2] as string]);
  expect(die(world).at(-1)).toBe(MANY[2]);
  die(world);
  const next = world.claimed();
  expect(hashesOf(next)).toEqual([MANY[2], MANY[0], MANY[1]]);
  expect(next.rows.map(({ attempts }) => attempts)).toEqual([0, 1, 0]);
});

test('a hash whose answer ends the process every time is found, and given up alone', () => {
  const world = queueWorld();
  world.enqueue(MANY, { intakeId: 7 });
  let deaths = 0;
  for (let requests = 0; requests < 300; requests += 1) {
    const { claim } = world.claim({ hashesPerRequest: 100 });
    if (claim.kind !== 'request') {
      break;
    }
    world.pass(1000);
    const hashes = hashesOf(claim);
    if (hashes.includes(POISON)) {
      deaths += 1;
      write(world.db, 'recoverRequests', { now: world.now() });
      continue;
    }
    const rows = claim.rows.map(({ id }, index) => ({
      queueId: id,
      outcome: 'answer' as const,
      next: 'done' as const,
      notBefore: 0,
      reason: null,
      items: [item({ sha256: hashes[index] as never }, 'non-malicious', NOON / 1000)],
      countAttempt: true,
    }));
    world.settle(claim, {}, { rows });
  }
  expect(deaths).toBe(8);
  expect(world.reads.queueGroups(world.db)).toMatchObject([{ waiting: 0, done: 99, dropped: 1 }]);
  const kept = world.reads.itemsPage(world.db, { afterFile: 0, afterSource: 0, limit: 999 });
  expect(kept.filter(({ rawCode }) => rawCode !== null)).toMatchObject([
    {
      digests: { sha256: POISON },
      noAnswer: NO_ANSWER_CODE['could-not-ask'],
      rawCode: 'Assay ended 8 times before it heard the answer.',
    },
  ]);
  expect(kept).toHaveLength(100);
  expect(world.reads.verifyTables(world.db)).toEqual([]);
});

test('a rescan that ends the process every time is not asked again at once', () => {
  const world = queueWorld();
  write(world.db, 'importItems', { items: [item({ sha256: sha256(61) }, 'malicious', 5)], at: NOON / 1000 });
  world.enqueue([POISON], { purpose: 'rescan' });
  for (let time = 0; time < 8; time += 1) {
    die(world);
  }
  expect(world.claim().claim.kind).toBe('empty');
  const held = world.db.prepare('SELECT status, next_scan_at FROM items').raw().get();
  expect(held).toEqual([4, Math.floor(world.now() / 1000) + 86_400]);
});

test('an answer in between ends the suspicion', () => {
  const world = queueWorld();
  world.enqueue([POISON]);
  for (let time = 0; time < 20; time += 1) {
    die(world);
    world.settle(world.claimed(), { outcome: 'transient', next: 'retry', countAttempt: false });
  }
  expect(world.reads.queueDepth(world.db, {})).toEqual({ waiting: 1, onTheWay: 0 });
});

test('a few deaths make no batch smaller', () => {
  const world = queueWorld();
  world.enqueue(MANY);
  expect(die(world)).toHaveLength(100);
  expect(die(world)).toHaveLength(100);
});
