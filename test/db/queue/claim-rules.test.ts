import { describe, expect, test } from 'vitest';
import type { SettledItem } from '#main/db/repositories/queue-types.ts';
import type { HexDigest } from '#shared/domain/hash.ts';
import type { Settings } from '#shared/settings/schema.ts';
import { hashesOf, item, md5, NOON, queueWorld, sha1, sha256, VIRUSTOTAL, write, type QueueWorld } from './world.ts';

const NOW = NOON / 1000;
const [A, B, C] = [sha256('a'), sha256('b'), sha256('c')];
const EMPTY = {
  md5: 'd41d8cd98f00b204e9800998ecf8427e',
  sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
} as const;

function know(world: QueueWorld, ...items: readonly SettledItem[]): void {
  write(world.db, 'importItems', { items, at: NOW });
}

function set(world: QueueWorld, change: Partial<Settings>): void {
  write(world.db, 'setSettings', { change, at: NOW });
}

describe('one source is enough where it says malicious', () => {
  const said = (sha: typeof A, status: 'malicious' | 'suspicious', score: number): SettledItem =>
    item({ sha256: sha }, status, NOW - 10, { source: VIRUSTOTAL, score });

  test('by the thresholds that are set now, as plans and verdicts go by them', () => {
    const world = queueWorld();
    know(world, said(A, 'malicious', 6), said(B, 'suspicious', 4), said(C, 'malicious', 40));
    set(world, { virustotalThreshold: { malicious: 10, suspicious: 1 } });
    world.enqueue([A, B, C], { stopOnMalicious: true });
    const first = world.claim();
    expect(first.claim.kind === 'request' && hashesOf(first.claim)).toEqual([A, B]);
    expect(first.dropped).toEqual({ conclusive: 1 });
  });

  test('also where only they make it malicious', () => {
    const world = queueWorld();
    know(world, said(B, 'suspicious', 4));
    set(world, { virustotalThreshold: { malicious: 3, suspicious: 1 } });
    world.enqueue([A, B], { stopOnMalicious: true });
    const first = world.claim();
    expect(first.claim.kind === 'request' && hashesOf(first.claim)).toEqual([A]);
    expect(first.dropped).toEqual({ conclusive: 1 });
  });
});

describe('the empty file is asked about by no digest', () => {
  test.each(['md5', 'sha1', 'sha256'] as const)('its %s', (kind) => {
    const world = queueWorld();
    world.enqueue([EMPTY[kind]], { kind, force: true, purpose: 'person' });
    expect(world.claim()).toEqual({ claim: { kind: 'empty' }, dropped: { empty: 1 } });
    expect(world.claim({ avoid: false })).toEqual({ claim: { kind: 'empty' }, dropped: {} });
  });

  test('that a source tied to another file', () => {
    const world = queueWorld();
    know(world, item({ sha1: sha1('x'), md5: EMPTY.md5 as HexDigest }, 'malicious', NOW - 10, { source: VIRUSTOTAL }));
    know(world, item({ sha1: sha1('y'), md5: md5('y') }, 'malicious', NOW - 10, { source: VIRUSTOTAL }));
    world.enqueue([sha1('x'), sha1('y')], { kind: 'sha1' });
    const { claim, dropped } = world.claim({ takes: ['sha256', 'md5'] });
    expect(claim.kind === 'request' && hashesOf(claim)).toEqual([md5('y')]);
    expect(dropped).toEqual({ 'could-not-ask': 1 });
  });
});
