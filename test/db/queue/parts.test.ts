import { describe, expect, test } from 'vitest';
import type { QueuePartArgs } from '#main/db/repositories/queue-types.ts';
import { hashesOf, NOON, queueWorld, sha256, VIRUSTOTAL, WILDFIRE, write, type QueueWorld } from './world.ts';

const A = sha256('a');
const B = sha256('b');
const pause = (world: QueueWorld, part: QueuePartArgs, paused = true): number =>
  write(world.db, 'pauseQueue', { ...part, paused, at: world.now() });
const cancel = (world: QueueWorld, part: QueuePartArgs): number =>
  write(world.db, 'cancelQueue', { ...part, at: world.now() });
const groups = (world: QueueWorld) =>
  world.reads
    .queueGroups(world.db)
    .map(({ purpose, intakeId, waiting, done, dropped }) => [purpose, intakeId, waiting, done, dropped]);

describe('pausing a part', () => {
  test('holds what waits, what is queued later and what comes back, and lets all of it go on', () => {
    const world = queueWorld();
    world.enqueue([A], { intakeId: 7 });
    const claim = world.claimed();
    expect(pause(world, { intakeId: 7 })).toBe(0);
    world.settle(claim, { outcome: 'transient', next: 'retry', notBefore: 0 });
    world.enqueue([B], { intakeId: 7 });
    world.enqueue([B], { intakeId: 7, source: VIRUSTOTAL });
    expect(world.claim().claim).toEqual({ kind: 'held', why: 'paused' });
    expect(world.claim({ source: VIRUSTOTAL }).claim).toEqual({ kind: 'held', why: 'paused' });
    expect(pause(world, { intakeId: 7 }, false)).toBe(3);
    expect(hashesOf(world.claimed())).toEqual([A, B]);
    expect(hashesOf(world.claimed({ source: VIRUSTOTAL }))).toEqual([B]);
  });

  test('of one source leaves the other alone', () => {
    const world = queueWorld();
    world.enqueue([A], { intakeId: 7 });
    world.enqueue([A], { intakeId: 7, source: VIRUSTOTAL });
    pause(world, { intakeId: 7, source: WILDFIRE });
    expect(world.claim().claim.kind).toBe('held');
    expect(world.claim({ source: VIRUSTOTAL }).claim.kind).toBe('request');
  });

  test('keeps nothing from another intake that wants the same hash, before and after', () => {
    const world = queueWorld();
    world.enqueue([A], { intakeId: 7 });
    world.enqueue([A, B], { intakeId: 8, purpose: 'rescan' });
    pause(world, { intakeId: 7 });
    world.enqueue([B], { intakeId: 7 });
    expect(hashesOf(world.claimed())).toEqual([A, B]);
  });

  test('a wider pause outlasts letting a part of it go on', () => {
    const world = queueWorld();
    world.enqueue([A], { intakeId: 7 });
    pause(world, { purpose: 'new' });
    pause(world, { intakeId: 7 });
    expect(pause(world, { intakeId: 7 }, false)).toBe(0);
    expect(world.claim().claim.kind).toBe('held');
    expect(pause(world, {}, false)).toBe(1);
    expect(world.claim().claim.kind).toBe('request');
  });

  test('a hash somebody waits for is asked though its intake is held', () => {
    const world = queueWorld();
    world.enqueue([A], { intakeId: 7 });
    pause(world, { intakeId: 7 });
    world.enqueue([A], { purpose: 'person' });
    expect(world.claimed().rows.map((row) => row.purpose)).toEqual(['person']);
  });
});

describe('cancelling a part', () => {
  test('takes out what waits and keeps it for another intake', () => {
    const world = queueWorld();
    world.enqueue([A, B], { intakeId: 7 });
    world.enqueue([B], { intakeId: 8 });
    expect(world.reads.queueDepth(world.db, { intakeId: 8 })).toEqual({ waiting: 1, onTheWay: 0 });
    expect(cancel(world, { intakeId: 7 })).toBe(2);
    expect(world.reads.queueDepth(world.db, {})).toEqual({ waiting: 1, onTheWay: 0 });
    expect(groups(world)).toEqual([
      ['new', 7, 0, 0, 2],
      ['new', 8, 1, 0, 0],
    ]);
    expect(hashesOf(world.claimed())).toEqual([B]);
  });

  test('also of those who wait beside another', () => {
    const world = queueWorld();
    world.enqueue([A], { intakeId: 7 });
    world.enqueue([A], { intakeId: 8 });
    expect(cancel(world, { intakeId: 8 })).toBe(0);
    expect(cancel(world, { intakeId: 7 })).toBe(1);
    expect(world.claim().claim).toEqual({ kind: 'empty' });
  });

  test('hears what is on its way and never asks it again, unless it is queued again', () => {
    const world = queueWorld();
    world.enqueue([A, B], { intakeId: 7 });
    const claim = world.claimed();
    expect(cancel(world, {})).toBe(0);
    expect(world.reads.queueDepth(world.db, {})).toEqual({ waiting: 0, onTheWay: 2 });
    world.enqueue([B], { purpose: 'person' });
    world.settle(claim, { outcome: 'transient', next: 'retry' });
    expect(hashesOf(world.claimed())).toEqual([B]);
    expect(groups(world)).toEqual([
      ['person', 0, 0, 0, 0],
      ['new', 7, 0, 0, 1],
    ]);
  });

  test('of thousands goes in several transactions', () => {
    const world = queueWorld();
    world.enqueue(
      Array.from({ length: 9000 }, (_, index) => sha256(index)),
      { intakeId: 7 },
    );
    expect(cancel(world, { source: WILDFIRE })).toBe(9000);
    expect(world.db.prepare('SELECT count(*) FROM queue').pluck().get()).toBe(0);
  });
});

test('a more urgent purpose moves the row and its count', () => {
  const world = queueWorld();
  world.enqueue([A, B], { intakeId: 7, purpose: 'rescan' });
  world.enqueue([B], { intakeId: 7 });
  world.enqueue([B], { intakeId: 7, purpose: 'recheck' });
  expect(groups(world)).toEqual([
    ['new', 7, 1, 0, 0],
    ['rescan', 7, 1, 0, 0],
  ]);
  const claim = world.claimed();
  world.settle(claim, { next: 'recheck', outcome: 'pending', notBefore: NOON + 5000 });
  expect(groups(world)).toEqual([
    ['new', 7, 0, 1, 0],
    ['recheck', 7, 2, 0, 0],
    ['rescan', 7, 0, 1, 0],
  ]);
  expect(world.claim().claim).toEqual({ kind: 'wait', until: NOON + 5000, why: 'not-before' });
});

test('what is queued can be told by hash', () => {
  const world = queueWorld();
  world.enqueue([A]);
  world.enqueue([B], { source: VIRUSTOTAL, purpose: 'person' });
  const claim = world.claimed();
  const digests = [A, B, sha256('c')].map((hash) => Buffer.from(hash, 'hex'));
  expect(world.reads.queueOf(world.db, { digests })).toEqual([
    { source: WILDFIRE, purpose: 'new', notBefore: 0, reason: null, onItsWay: true },
    { source: VIRUSTOTAL, purpose: 'person', notBefore: 0, reason: null, onItsWay: false },
  ]);
  world.settle(claim, { next: 'retry', outcome: 'transient', notBefore: NOON + 1, reason: 'The network failed.' });
  expect(world.reads.queueOf(world.db, { digests })[0]).toMatchObject({
    notBefore: NOON + 1,
    reason: 'The network failed.',
  });
});
