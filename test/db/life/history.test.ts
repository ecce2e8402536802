import { describe, expect, test } from 'vitest';
import { CHANGE } from '#main/db/change-kinds.ts';
import { NO_ANSWER_CODE } from '#main/db/codes.ts';
import type { SettledItem } from '#main/db/repositories/queue-types.ts';
import { item, md5, NOON, queueWorld, sha256, VIRUSTOTAL, write, type QueueWorld } from '../queue/world.ts';

const NOW = NOON / 1000;
const HOUR = 3600;
const A = sha256('a');

/** A source that is asked once an hour and says one after the other. */
function hears(world: QueueWorld, ...said: readonly Partial<SettledItem>[]): void {
  for (const one of said) {
    const at = world.now() / 1000;
    const heard = { ...item({ sha256: A }, 'unknown', at), ...one };
    const { source } = heard;
    world.enqueue([A], { source, force: true, purpose: 'rescan' });
    world.settle(world.claimed({ source }), { items: [heard] });
    world.pass(HOUR * 1000);
  }
}

const good = { status: 2 } as const;
const suspicious = { status: 3 } as const;
const bad = { status: 4, threat: 'Trojan' } as const;
const pending = { status: 1 } as const;
const notKnown = { status: 0, noAnswer: NO_ANSWER_CODE['not-known'] } as const;
const failed = { status: 0, noAnswer: NO_ANSWER_CODE['could-not-ask'], rawCode: 'why' } as const;

const history = (world: QueueWorld) => world.reads.historyOfFiles(world.db, { fileIds: [1], limit: 99 });
const flips = (world: QueueWorld) => history(world).rows.map(({ flip }) => flip);

describe('history', () => {
  test('holds what was said, from when to when, newest first', () => {
    const world = queueWorld();
    hears(
      world,
      { ...good, score: 0 },
      { ...bad, score: 9 },
      { ...bad, score: 9 },
      { ...bad, threat: 'Worm', score: 9 },
    );
    expect(history(world)).toEqual({
      total: 2,
      rows: [
        {
          id: 2,
          fileId: 1,
          source: 1,
          fromAt: NOW + HOUR,
          at: NOW + 3 * HOUR,
          before: { status: 4, noAnswer: null, score: 9, threat: 'Trojan' },
          after: { status: 4, noAnswer: null, score: 9, threat: 'Worm' },
          flip: 0,
        },
        {
          id: 1,
          fileId: 1,
          source: 1,
          fromAt: NOW,
          at: NOW + HOUR,
          before: { status: 2, noAnswer: null, score: 0, threat: null },
          after: { status: 4, noAnswer: null, score: 9, threat: 'Trojan' },
          flip: 1,
        },
      ],
    });
    expect(world.db.prepare('SELECT since FROM items').pluck().get()).toBe(NOW + 3 * HOUR);
  });

  test('knows no change where nothing was said otherwise', () => {
    const world = queueWorld();
    hears(world, failed, bad, failed, bad, { ...bad, rawCode: 'x', firstSeen: 5 });
    expect(history(world).total).toBe(0);
    expect(world.db.prepare('SELECT since FROM items').pluck().get()).toBe(NOW + HOUR);
  });

  test('is kept when an import updates an item, not when the stored answer stays', () => {
    const world = queueWorld();
    hears(world, good);
    const items = [item({ sha256: A }, 'malicious', NOW + 5), item({ sha256: A }, 'suspicious', NOW + 1)];
    write(world.db, 'importItems', { items, at: NOW + 60 });
    expect(history(world).rows).toMatchObject([{ fromAt: NOW, at: NOW + 60, after: { status: 4 }, flip: 1 }]);
  });

  test('has no stretch that ends before it begins when the clock was set back', () => {
    const world = queueWorld();
    hears(world, good);
    world.setClock(-9 * HOUR * 1000);
    hears(world, bad);
    expect(history(world).rows).toMatchObject([{ fromAt: NOW - 8 * HOUR, at: NOW - 8 * HOUR, flip: 1 }]);
  });
});

describe('an answer that tells less than another call', () => {
  const reportOf = (world: QueueWorld) => world.reads.reportOf(world.db, { fileId: 1, source: 1 })?.report;

  test('leaves the name and the report while the status is the same', () => {
    const world = queueWorld();
    const whole = { ...bad, report: '"whole"' };
    const partial = { status: 4, report: '"part"', isPartial: true } as const;
    hears(world, partial, whole, partial);
    expect([reportOf(world), history(world).rows[0]?.after.threat]).toEqual(['"whole"', 'Trojan']);
    hears(world, { ...partial, status: 3 });
    expect([reportOf(world), history(world).rows[0]?.after]).toMatchObject(['"part"', { status: 3, threat: null }]);
  });
});

describe('details that come after the answer of a batch', () => {
  const partial = { status: 4, score: 70, isPartial: true } as const;
  const whole = { status: 4, score: 70, threat: 'Trojan', firstSeen: 5 } as const;

  test('name the threat without a change: it is one answer', () => {
    const world = queueWorld();
    hears(world, partial, whole, partial);
    expect(history(world).total).toBe(0);
    expect(world.db.prepare('SELECT since, threat_id IS NULL AS nameless FROM items').get()).toEqual({
      since: NOW,
      nameless: 0,
    });
  });

  test('are a change where they say otherwise, or name what had details before', () => {
    const world = queueWorld();
    hears(world, partial, { ...whole, score: 71 }, { ...whole, score: 71, threat: null }, { ...whole, score: 71 });
    expect(history(world).rows.map(({ after }) => [after.score, after.threat])).toEqual([
      [71, 'Trojan'],
      [71, null],
      [71, 'Trojan'],
    ]);
  });
});

describe('a flip', () => {
  test.each([
    ['non-malicious, then malicious', [good, bad], [1]],
    ['suspicious, then malicious', [suspicious, bad], [1]],
    ['not known, then malicious', [notKnown, bad], [1]],
    ['malicious, then not known', [bad, notKnown], [-1]],
    ['malicious, then suspicious', [bad, suspicious], [-1]],
    ['malicious first', [bad], []],
    ['could not be asked, then malicious', [failed, bad], []],
    ['non-malicious, then suspicious', [good, suspicious], [0]],
    ['pending, then malicious', [pending, bad], [0]],
    ['pending between', [good, pending, bad], [1, 0]],
    ['pending between, twice otherwise', [bad, pending, { ...pending, score: 1 }, good], [-1, 0, 0]],
    ['pending between, and the same again', [bad, pending, bad], [0, 0]],
  ])('%s', (_name, said, expected) => {
    const world = queueWorld();
    hears(world, ...said);
    expect(flips(world)).toEqual(expected);
  });

  test('is told from what was said last, also after a clock that was set back', () => {
    const world = queueWorld();
    hears(world, bad, good);
    world.setClock(-9 * HOUR * 1000);
    hears(world, pending, bad);
    // In the order in which it was heard.
    expect(
      history(world)
        .rows.toSorted((a, b) => a.id - b.id)
        .map(({ flip }) => flip),
    ).toEqual([-1, 0, 1]);
  });

  test('goes by the thresholds in force', () => {
    const world = queueWorld();
    const heard = (score: number) => hears(world, { source: VIRUSTOTAL, status: 3, score });
    write(world.db, 'setSettings', { change: { virustotalThreshold: { malicious: 5, suspicious: 1 } }, at: NOW });
    heard(4);
    heard(6);
    write(world.db, 'setSettings', { change: { virustotalThreshold: { malicious: 9, suspicious: 1 } }, at: NOW });
    heard(7);
    heard(9);
    expect(flips(world)).toEqual([1, 0, 1]);
  });

  test('is told to those who follow, counted, and unseen until somebody looked', () => {
    const world = queueWorld();
    const since = world.reads.lastSeq(world.db);
    hears(world, good, bad, good, bad);
    const told = world.reads.changesSince(world.db, { since, limit: 99 }).filter(({ kind }) => kind === CHANGE.flip);
    expect(told.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(world.db.prepare('SELECT source, amount, detail FROM metric_events WHERE kind = 12').raw().all()).toEqual([
      [1, 1, 'to-malicious'],
      [1, 1, 'from-malicious'],
      [1, 1, 'to-malicious'],
    ]);
    expect(world.reads.unseenFlips(world.db)).toEqual({ raised: 2, cleared: 1, since: NOW + HOUR, upTo: 3 });
    write(world.db, 'setSeenFlips', { upTo: 2 });
    write(world.db, 'setSeenFlips', { upTo: 1 });
    expect(world.reads.unseenFlips(world.db)).toEqual({ raised: 1, cleared: 0, since: NOW + 3 * HOUR, upTo: 3 });
    write(world.db, 'setSeenFlips', { upTo: null });
    expect(world.reads.unseenFlips(world.db)).toEqual({ raised: 0, cleared: 0, since: null, upTo: 3 });
    expect(world.reads.changesSince(world.db, { since, limit: 99 }).at(-1)).toMatchObject({ kind: CHANGE.flip, id: 0 });
    expect(world.reads.flipsSince(world.db, { afterId: 1, limit: 1 }).map(({ id }) => id)).toEqual([2]);
  });
});

describe('files that turn out to be one', () => {
  test('keep both histories, and a row leads from the older answer to the newer', () => {
    const world = queueWorld();
    const put = (digests: SettledItem['digests'], status: 'malicious' | 'non-malicious' | 'suspicious', at: number) =>
      write(world.db, 'importItems', { items: [item(digests, status, at)], at });
    put({ md5: md5('a') }, 'suspicious', NOW);
    put({ md5: md5('a') }, 'non-malicious', NOW + 10);
    put({ sha256: A }, 'non-malicious', NOW + 5);
    put({ sha256: A }, 'malicious', NOW + 20);
    write(world.db, 'learnComputedLinks', { sets: [{ md5: md5('a'), sha256: A }], at: NOW + 99 });
    expect(history(world).rows).toMatchObject([
      { id: 3, fileId: 1, fromAt: NOW + 10, at: NOW + 20, before: { status: 2 }, after: { status: 4 }, flip: 0 },
      { id: 2, fileId: 1, fromAt: NOW + 5, at: NOW + 20, before: { status: 2 }, after: { status: 4 }, flip: 1 },
      { id: 1, fileId: 1, fromAt: NOW, at: NOW + 10, before: { status: 3 }, after: { status: 2 }, flip: 0 },
    ]);
    expect(world.reads.verifyTables(world.db)).toEqual([]);
  });

  test('keep the later day somebody asked, and the First Seen only one of them knew', () => {
    const world = queueWorld();
    const older = item({ md5: md5('a') }, 'malicious', NOW, { firstSeen: 7 });
    write(world.db, 'importItems', { items: [older], at: 86_400 });
    write(world.db, 'importItems', { items: [item({ sha256: A }, 'malicious', NOW + 1)], at: 2 * 86_400 });
    world.enqueue([md5('a')], { kind: 'md5' });
    write(world.db, 'learnComputedLinks', { sets: [{ md5: md5('a'), sha256: A }], at: NOW });
    expect(world.db.prepare('SELECT scanned_at, first_seen, asked_day FROM items').raw().all()).toEqual([
      [NOW + 1, 7, Math.floor(NOW / 86_400)],
    ]);
    expect(history(world).total).toBe(0);
  });
});

describe('changes', () => {
  function changed(): QueueWorld {
    const world = queueWorld();
    hears(world, good, bad, suspicious, good, { ...good, source: VIRUSTOTAL }, { ...bad, source: VIRUSTOTAL });
    return world;
  }
  const ids = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id);

  test.each([
    ['all', { since: 0 }, [4, 3, 2, 1], { all: 4, raised: 2, cleared: 1 }],
    ['flips', { since: 0, flipsOnly: true }, [4, 2, 1], { all: 4, raised: 2, cleared: 1 }],
    ['of one source', { since: 0, source: 1 }, [3, 2, 1], { all: 3, raised: 1, cleared: 1 }],
    ['flips of one source', { since: 0, source: 1, flipsOnly: true }, [2, 1], { all: 3, raised: 1, cleared: 1 }],
    ['since a moment', { since: NOW + 3 * HOUR }, [4, 3], { all: 2, raised: 1, cleared: 0 }],
  ])('%s', (_name, query, expected, counts) => {
    const world = changed();
    const filter = { flipsOnly: false, source: null, ...query };
    const page = world.reads.changesPage(world.db, { ...filter, offset: 0, limit: 9 });
    expect([ids(page.rows), page.total, page.counts]).toEqual([expected, expected.length, counts]);
    expect(ids(world.reads.changesPage(world.db, { ...filter, offset: 1, limit: 1 }).rows)).toEqual(
      expected.slice(1, 2),
    );
    const read: number[] = [];
    for (let before: { at: number; id: number } | null = null; ;) {
      const [row] = world.reads.changesBefore(world.db, { ...filter, before, limit: 1 });
      if (row === undefined) {
        break;
      }
      read.push(row.id);
      before = row;
    }
    expect(read).toEqual(expected);
  });

  test('before a moment are removed, and their numbers are not given again', () => {
    const world = changed();
    expect(write(world.db, 'pruneHistory', { before: NOW + 3 * HOUR })).toBe(2);
    expect(ids(history(world).rows)).toEqual([4, 3]);
    expect(write(world.db, 'pruneHistory', { before: NOW + 99 * HOUR })).toBe(2);
    expect(world.reads.lastHistoryId(world.db)).toBe(4);
    hears(world, bad);
    expect(ids(history(world).rows)).toEqual([5]);
  });
});
