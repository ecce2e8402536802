import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { NO_ANSWER_CODE } from '#main/db/codes.ts';
import { item, hashesOf, md5, NOON, queueWorld, sha1, sha256, VIRUSTOTAL, WILDFIRE, write } from './world.ts';
import type { QueueWorld } from './world.ts';
import type { Claim, SettledItem } from '#main/db/repositories/queue-types.ts';

const A = sha256('a');
const B = sha256('b');
const NOW = NOON / 1000;

function know(world: QueueWorld, ...items: readonly SettledItem[]): void {
  write(world.db, 'importItems', { items, at: NOW });
}

function list(world: QueueWorld, hash: string, expiresAt: number | null = null): void {
  world.db
    .prepare(
      `INSERT INTO hash_list (id, side, ${hash.length === 32 ? 'md5' : 'sha256'}, added_by, added_at, updated_at, expires_at)
       VALUES (1, 2, unhex(?), 'ada', ?, ?, ?)`,
    )
    .run(hash, NOW - 10, NOW - 10, expiresAt);
  world.db
    .prepare('INSERT INTO hash_list_keys (key, entry_id) VALUES (?, 1)')
    .run(Number.parseInt(hash.slice(0, 12), 16));
}

const avoided = (world: QueueWorld) => world.reads.avoidedSince(world.db, { at: NOON - 1000 });

describe('what needs no call is dropped at the moment of sending', () => {
  test('a fresh item, by its own digest or another of the file', () => {
    const world = queueWorld();
    know(world, item({ sha256: A, md5: md5('a') }, 'non-malicious', NOW - 100));
    know(world, item({ sha256: B }, 'unknown', NOW - 100, { noAnswer: NO_ANSWER_CODE['not-known'] }));
    world.enqueue([A, B, sha256('c')]);
    world.enqueue([md5('a')], { kind: 'md5' });
    const { claim, dropped } = world.claim();
    expect(claim.kind === 'request' && hashesOf(claim)).toEqual([sha256('c')]);
    expect(dropped).toEqual({ fresh: 2 });
    // The MD5 is of another kind and is looked at when its turn comes.
    expect(world.claim()).toEqual({ claim: { kind: 'empty' }, dropped: { link: 1 } });
    expect(avoided(world)).toEqual({ fresh: 2, link: 1 });
    expect(world.reads.avoidedSince(world.db, { at: NOON + 1000 })).toEqual({});
  });

  test('not an item that is stale, another source’s, or none', () => {
    const world = queueWorld();
    know(world, item({ sha256: A }, 'malicious', NOW - 31 * 86_400));
    know(world, item({ sha256: B }, 'malicious', NOW - 10, { source: VIRUSTOTAL }));
    const C = sha256('c');
    know(world, item({ sha256: C }, 'unknown', NOW - 10, { noAnswer: NO_ANSWER_CODE['could-not-ask'] }));
    world.enqueue([A, B, C]);
    expect(hashesOf(world.claimed())).toEqual([A, B, C]);
  });

  test('not where a person wants it again, nor when avoidance is off', () => {
    const world = queueWorld();
    know(world, item({ sha256: A }, 'malicious', NOW), item({ sha256: B }, 'malicious', NOW));
    world.enqueue([A], { force: true });
    world.enqueue([B]);
    expect(hashesOf(world.claimed({ hashesPerRequest: 1 }))).toEqual([A]);
    expect(hashesOf(world.claimed({ avoid: false }))).toEqual([B]);
  });

  test('a pending answer does not answer its own recheck, a verdict does', () => {
    const world = queueWorld();
    world.enqueue([A, B]);
    const claim = world.claimed();
    world.settle(claim, { outcome: 'pending', next: 'recheck', notBefore: NOON + 1000 });
    know(world, item({ sha256: A }, 'pending', NOW), item({ sha256: B }, 'malicious', NOW + 1));
    world.pass(1000);
    const next = world.claim();
    expect(next.claim.kind === 'request' && hashesOf(next.claim)).toEqual([A]);
    expect(next.dropped).toEqual({ fresh: 1 });
  });

  test('a pending answer until it is due, however long other answers stay fresh', () => {
    const world = queueWorld();
    const [C, D] = [sha256('c'), sha256('d')];
    know(world, item({ sha256: A }, 'pending', NOW - 900), item({ sha256: B }, 'pending', NOW - 901));
    know(world, item({ sha256: C }, 'pending', NOW - 900), item({ sha256: D }, 'pending', NOW - 901));
    world.enqueue([A, B]);
    world.enqueue([C, D], { purpose: 'person' });
    const first = world.claim({ recheckSeconds: 900 });
    expect(first.claim.kind === 'request' && hashesOf(first.claim)).toEqual([D, B]);
    expect(first.dropped).toEqual({ fresh: 2 });
    world.enqueue([A]);
    expect(world.claim({ recheckSeconds: 900, freshSeconds: 60 }).dropped).toEqual({ fresh: 1 });
  });

  test('a malicious verdict of another source, where that is enough', () => {
    const world = queueWorld();
    know(world, item({ sha256: A }, 'malicious', NOW - 10, { source: VIRUSTOTAL }));
    world.enqueue([A], { stopOnMalicious: true });
    world.enqueue([B], { stopOnMalicious: true });
    expect(world.claim()).toMatchObject({ claim: { kind: 'request' }, dropped: { conclusive: 1 } });
  });

  test('another digest of the file that is on its way', () => {
    const world = queueWorld();
    write(world.db, 'learnComputedLinks', { sets: [{ sha256: A, md5: md5('a') }], at: 1 });
    world.enqueue([A], { intakeId: 7 });
    world.enqueue([md5('a')], { kind: 'md5', intakeId: 8 });
    const claim = world.claimed();
    expect(world.claim()).toEqual({ claim: { kind: 'empty' }, dropped: { link: 1 } });
    // Whoever waited for the MD5 waits for the SHA-256 now.
    expect(world.reads.queueDepth(world.db, { intakeId: 8 })).toEqual({ waiting: 0, onTheWay: 1 });
    world.settle(claim, { outcome: 'transient', next: 'retry' });
    write(world.db, 'cancelQueue', { intakeId: 7, at: NOON });
    expect(hashesOf(world.claimed())).toEqual([A]);
  });

  test('also when everybody had given that one up', () => {
    const world = queueWorld();
    write(world.db, 'learnComputedLinks', { sets: [{ sha256: A, md5: md5('a') }], at: 1 });
    world.enqueue([A], { intakeId: 7 });
    const claim = world.claimed();
    write(world.db, 'cancelQueue', { intakeId: 7, at: NOON });
    world.enqueue([md5('a')], { kind: 'md5', intakeId: 8 });
    expect(world.claim().dropped).toEqual({ link: 1 });
    world.settle(claim, { outcome: 'transient', next: 'retry' });
    expect(world.reads.queueDepth(world.db, { intakeId: 7 })).toEqual({ waiting: 0, onTheWay: 0 });
    expect(world.reads.queueDepth(world.db, { intakeId: 8 })).toEqual({ waiting: 1, onTheWay: 0 });
    expect(world.reads.verifyTables(world.db)).toEqual([]);
  });

  test('thousands of them in few looks, each short', () => {
    const world = queueWorld();
    const many = Array.from({ length: 20_000 }, (_, index) => sha256(index));
    know(world, ...many.map((hash) => item({ sha256: hash }, 'non-malicious', NOW)));
    world.enqueue(many);
    world.enqueue([A]);
    let dropped = 0;
    const looks: Claim[] = [];
    do {
      const next = world.claim({ hashesPerRequest: 1 });
      dropped += next.dropped.fresh ?? 0;
      looks.push(next.claim);
    } while (looks.at(-1)?.kind === 'wait');
    const last = looks.pop();
    expect(last?.kind === 'request' && hashesOf(last)).toEqual([A]);
    expect(looks.length).toBeGreaterThan(0);
    expect(new Set(looks.map((look) => JSON.stringify(look)))).toEqual(
      new Set([JSON.stringify({ kind: 'wait', until: NOON, why: 'not-before' })]),
    );
    expect(dropped).toBe(20_000);
  });
});

test('a request is not sent half empty because many rows before it needed none', () => {
  const world = queueWorld();
  const known = Array.from({ length: 1100 }, (_, index) => sha256(index));
  know(world, ...known.map((hash) => item({ sha256: hash }, 'malicious', NOW)));
  world.enqueue([A, ...known, B]);
  let time = 0;
  const slow = vi.spyOn(performance, 'now').mockImplementation(() => (time += 1000));
  onTestFinished(() => slow.mockRestore());
  const first = world.claim();
  expect(first.claim).toEqual({ kind: 'wait', until: NOON, why: 'not-before' });
  expect(first.dropped.fresh).toBeGreaterThan(900);
  expect(hashesOf(world.claimed())).toEqual([A, B]);
  expect(world.reads.verifyTables(world.db)).toEqual([]);
});

describe('what must not leave the machine', () => {
  test('a listed hash, by any digest of its file, forced or not', () => {
    const world = queueWorld();
    write(world.db, 'learnComputedLinks', { sets: [{ sha256: A, md5: md5('a') }], at: 1 });
    list(world, md5('a'));
    world.enqueue([A], { force: true, purpose: 'person' });
    expect(world.claim({ avoid: false })).toEqual({ claim: { kind: 'empty' }, dropped: { 'hash-list': 1 } });
  });

  test('an entry that expired lists nothing', () => {
    const world = queueWorld();
    list(world, A, NOW - 1);
    world.enqueue([A]);
    expect(world.claim().claim.kind).toBe('request');
  });

  test('a digest under embargo, by any digest of its file', () => {
    const world = queueWorld();
    write(world.db, 'learnComputedLinks', { sets: [{ sha256: A, sha1: sha1('a') }], at: 1 });
    const bytes = new Uint8Array(Buffer.from(sha1('a'), 'hex'));
    write(world.db, 'setEmbargoKeys', { intakeId: 3, digests: [{ kind: 'sha1', bytes }] });
    world.enqueue([A, B], { force: true });
    const { claim, dropped } = world.claim({ avoid: false });
    expect(claim.kind === 'request' && hashesOf(claim)).toEqual([B]);
    expect(dropped).toEqual({ embargo: 1 });
  });

  test('a row of an intake that was put under embargo, and of one that also waits', () => {
    const world = queueWorld();
    const id = write(world.db, 'createIntake', {
      title: 't',
      door: 'paste',
      createdAt: NOW,
      readBy: 'r',
      origin: [],
      process: '',
    });
    world.enqueue([A], { intakeId: 99 });
    world.enqueue([A, B], { intakeId: id });
    world.db.prepare('UPDATE intakes SET embargo = 1').run();
    expect(world.claim()).toEqual({ claim: { kind: 'empty' }, dropped: { embargo: 2 } });
  });

  test('anything while offline', () => {
    const world = queueWorld();
    world.enqueue([A]);
    write(world.db, 'setSettings', { change: { offline: true }, at: NOW });
    expect(world.claim().claim).toEqual({ kind: 'held', why: 'offline' });
  });

  test.each(['paused', 'stopped'] as const)('anything while the source is %s', (state) => {
    const world = queueWorld();
    world.enqueue([A]);
    write(world.db, 'setSourceState', { source: WILDFIRE, change: { state }, at: NOON });
    expect(world.claim().claim).toEqual({ kind: 'held', why: 'paused' });
  });

  test('anything while the source is switched off', () => {
    const world = queueWorld();
    world.enqueue([A]);
    write(world.db, 'setSourceConfig', { source: WILDFIRE, config: { enabled: false }, at: NOON });
    expect(world.claim().claim).toEqual({ kind: 'held', why: 'paused' });
  });
});

describe('digest kinds', () => {
  test('a batch has one kind, that of the most urgent row', () => {
    const world = queueWorld();
    world.enqueue([A]);
    world.enqueue([md5('m')], { kind: 'md5' });
    world.enqueue([B]);
    world.enqueue([md5('person')], { kind: 'md5', purpose: 'person' });
    const first = world.claimed();
    expect([first.digestKind, hashesOf(first)]).toEqual(['md5', [md5('person'), md5('m')]]);
    const second = world.claimed();
    expect([second.digestKind, hashesOf(second)]).toEqual(['sha256', [A, B]]);
  });

  test('a kind the source does not take is asked through the strongest one it takes', () => {
    const world = queueWorld();
    write(world.db, 'learnComputedLinks', { sets: [{ sha256: A, md5: md5('a'), sha1: sha1('a') }], at: 1 });
    world.enqueue([sha1('a')], { kind: 'sha1', intakeId: 7 });
    const claim = world.claimed();
    expect([claim.digestKind, hashesOf(claim)]).toEqual(['sha256', [A]]);
    expect(world.settle(claim)).toBe(1);
  });

  test('one question serves both digests of a file', () => {
    const world = queueWorld();
    write(world.db, 'learnComputedLinks', { sets: [{ sha256: A, sha1: sha1('a') }], at: 1 });
    world.enqueue([sha1('a')], { kind: 'sha1', intakeId: 7 });
    world.enqueue([A, B], { intakeId: 8 });
    const { claim, dropped } = world.claim();
    expect(claim.kind === 'request' && hashesOf(claim)).toEqual([A, B]);
    expect(dropped).toEqual({ queued: 1 });
    expect(world.reads.queueDepth(world.db, { intakeId: 7 })).toEqual({ waiting: 0, onTheWay: 1 });
  });

  test('where no other digest is known it is put down as could not ask, and no answer is lost by that', () => {
    const world = queueWorld();
    know(world, item({ sha1: sha1('old') }, 'malicious', NOW - 40 * 86_400));
    world.enqueue([sha1('x'), sha1('old')], { kind: 'sha1' });
    expect(world.claim()).toEqual({ claim: { kind: 'empty' }, dropped: { 'could-not-ask': 2 } });
    const rows = world.reads.itemsPage(world.db, { afterFile: 0, afterSource: 0, limit: 9 });
    expect(rows.map((row) => [row.digests.sha1, row.status, row.noAnswer])).toEqual([
      [sha1('old'), 4, null],
      [sha1('x'), 0, NO_ANSWER_CODE['could-not-ask']],
    ]);
    expect(world.reads.sourceCounts(world.db)).toMatchObject([{ items: 2, processed: 1 }]);
    expect(world.db.prepare('SELECT count(*) FROM requests').pluck().get()).toBe(0);
  });

  test('an ambiguous digest is asked by itself', () => {
    const world = queueWorld();
    know(
      world,
      item({ sha256: A, md5: md5('same') }, 'malicious', NOW),
      item({ sha256: B, md5: md5('same') }, 'malicious', NOW - 99 * 86_400),
    );
    world.enqueue([md5('same')], { kind: 'md5' });
    expect(hashesOf(world.claimed())).toEqual([md5('same')]);
  });
});

describe('stages', () => {
  const inStages = (world: QueueWorld): void => {
    world.enqueue([A, B], { source: VIRUSTOTAL });
    world.enqueue([A, B], { stage: 1, stopOnMalicious: true });
  };

  test('nothing waits for a rescan, which may be held to its share for long', () => {
    const world = queueWorld();
    world.enqueue([A], { source: VIRUSTOTAL, purpose: 'rescan' });
    world.enqueue([A], { stage: 1, stopOnMalicious: true });
    expect(hashesOf(world.claimed())).toEqual([A]);
  });

  test('a later stage waits for the earlier one and goes on when that is over', () => {
    const world = queueWorld();
    inStages(world);
    expect(world.claim().claim).toEqual({ kind: 'wait', until: NOON + 300_000, why: 'stage' });
    const claim = world.claimed({ source: VIRUSTOTAL });
    world.settle(
      claim,
      {},
      {
        rows: claim.rows.map(({ id }, index) => ({
          queueId: id,
          outcome: 'answer',
          next: 'done',
          notBefore: 0,
          reason: null,
          countAttempt: true,
          items: [
            item({ sha256: index === 0 ? A : B }, index === 0 ? 'malicious' : 'unknown', NOW, { source: VIRUSTOTAL }),
          ],
        })),
      },
    );
    const next = world.claim();
    expect(next.claim.kind === 'request' && hashesOf(next.claim)).toEqual([B]);
    expect(next.dropped).toEqual({ conclusive: 1 });
  });

  test('it does not wait for a source that is stopped meanwhile', () => {
    const world = queueWorld();
    inStages(world);
    expect(world.claim().claim).toMatchObject({ kind: 'wait', why: 'stage' });
    write(world.db, 'setSourceState', { source: VIRUSTOTAL, change: { state: 'stopped' }, at: NOON });
    expect(hashesOf(world.claimed())).toEqual([A, B]);
  });

  test('nor for one that is switched off, nor for a part that is held back', () => {
    const world = queueWorld();
    inStages(world);
    write(world.db, 'setSourceConfig', { source: VIRUSTOTAL, config: { enabled: false }, at: NOON });
    expect(hashesOf(world.claimed({ hashesPerRequest: 1 }))).toEqual([A]);
    write(world.db, 'setSourceConfig', { source: VIRUSTOTAL, config: { enabled: true }, at: NOON });
    expect(world.claim().claim).toMatchObject({ kind: 'wait', why: 'stage' });
    write(world.db, 'pauseQueue', { source: VIRUSTOTAL, purpose: 'new', paused: true, at: NOON });
    expect(hashesOf(world.claimed())).toEqual([B]);
  });

  test('that the other source has no key any more shows after a while', () => {
    const world = queueWorld();
    inStages(world);
    expect(world.claim().claim).toMatchObject({ kind: 'wait', until: NOON + 300_000, why: 'stage' });
    world.pass(300_000);
    expect(world.claim().claim).toMatchObject({ kind: 'wait', until: NOON + 600_000, why: 'stage' });
    expect(world.claim({ able: [WILDFIRE] }).claim).toMatchObject({ kind: 'wait', until: NOON + 600_000 });
    world.pass(300_000);
    expect(hashesOf(world.claimed({ able: [WILDFIRE] }))).toEqual([A, B]);
  });

  test('thousands that wait are woken together', () => {
    const world = queueWorld();
    const many = Array.from({ length: 2000 }, (_, index) => sha256(index));
    world.enqueue(many, { source: VIRUSTOTAL });
    world.enqueue(many, { stage: 1 });
    write(world.db, 'setSourceState', { source: VIRUSTOTAL, change: { state: 'paused' }, at: NOON });
    expect(world.db.prepare('SELECT count(*) FROM queue WHERE parked = 1').pluck().get()).toBe(0);
    expect(world.claimed().rows).toHaveLength(500);
  });

  test('cancelling the earlier stage lets the later one go', () => {
    const world = queueWorld();
    inStages(world);
    write(world.db, 'cancelQueue', { source: VIRUSTOTAL, at: NOON });
    expect(hashesOf(world.claimed())).toEqual([A, B]);
  });

  test('a pending answer does not hold up the next source', () => {
    const world = queueWorld();
    inStages(world);
    const claim = world.claimed({ source: VIRUSTOTAL });
    world.settle(claim, { outcome: 'pending', next: 'recheck', notBefore: NOON + 600_000 });
    expect(hashesOf(world.claimed())).toEqual([A, B]);
  });

  describe('under another digest of the file', () => {
    /** The earlier source takes MD5 alone; the later one is asked by SHA-256. */
    const inStagesByAlias = (): QueueWorld => {
      const world = queueWorld();
      write(world.db, 'learnComputedLinks', { sets: [{ md5: md5('a'), sha256: A }], at: NOW });
      world.enqueue([md5('a')], { kind: 'md5', source: VIRUSTOTAL });
      world.enqueue([A], { stage: 1, stopOnMalicious: true });
      return world;
    };

    test('a later stage waits as well, and is dropped when the earlier one says malicious', () => {
      const world = inStagesByAlias();
      expect(world.claim().claim).toEqual({ kind: 'wait', until: NOON + 300_000, why: 'stage' });
      const claim = world.claimed({ source: VIRUSTOTAL });
      world.settle(claim, { items: [item({ md5: md5('a') }, 'malicious', NOW, { source: VIRUSTOTAL })] });
      expect(world.claim()).toMatchObject({ claim: { kind: 'empty' }, dropped: { conclusive: 1 } });
    });

    test('it is woken at once by any other answer', () => {
      const world = inStagesByAlias();
      expect(world.claim().claim).toMatchObject({ kind: 'wait', why: 'stage' });
      const claim = world.claimed({ source: VIRUSTOTAL });
      world.settle(claim, { items: [item({ md5: md5('a') }, 'non-malicious', NOW, { source: VIRUSTOTAL })] });
      expect(hashesOf(world.claimed())).toEqual([A]);
    });

    test('it is woken when the earlier one is cancelled', () => {
      const world = inStagesByAlias();
      expect(world.claim().claim).toMatchObject({ kind: 'wait', why: 'stage' });
      write(world.db, 'cancelQueue', { source: VIRUSTOTAL, at: NOON });
      expect(hashesOf(world.claimed())).toEqual([A]);
    });

    test('it waits for the digest that the earlier source is asked by in place of its own', () => {
      const world = queueWorld();
      write(world.db, 'learnComputedLinks', { sets: [{ sha1: sha1('a'), sha256: A }], at: NOW });
      world.enqueue([sha1('a')], { kind: 'sha1', source: VIRUSTOTAL });
      world.enqueue([sha1('a')], { kind: 'sha1', stage: 1 });
      const claim = world.claimed({ source: VIRUSTOTAL, takes: ['sha256'] });
      expect(hashesOf(claim)).toEqual([A]);
      expect(world.claim({ takes: ['sha1'] }).claim).toMatchObject({ kind: 'wait', why: 'stage' });
      world.settle(claim, { items: [item({ sha256: A }, 'unknown', NOW, { source: VIRUSTOTAL })] });
      expect(hashesOf(world.claimed({ takes: ['sha1'] }))).toEqual([sha1('a')]);
    });

    test('a digest of several files waits for its own row alone', () => {
      const world = queueWorld();
      know(world, item({ sha256: A, md5: md5('same') }, 'unknown', NOW - 99 * 86_400));
      know(world, item({ sha256: B, md5: md5('same') }, 'unknown', NOW - 99 * 86_400));
      world.enqueue([A], { source: VIRUSTOTAL });
      world.enqueue([md5('same')], { kind: 'md5', stage: 1 });
      expect(hashesOf(world.claimed())).toEqual([md5('same')]);
    });
  });
});
