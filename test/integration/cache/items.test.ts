import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CHANGE } from '#main/db/change-kinds.ts';
import { MIGRATIONS } from '#main/db/migrations/index.ts';
import { chunksOf, exported, importLines, openCache } from './open-cache.ts';

const digest = (kind: 'md5' | 'sha1' | 'sha256', seed: unknown): string =>
  createHash(kind).update(String(seed)).digest('hex');

const queuedFor = (source: number) =>
  ({
    source,
    kind: 'sha256',
    purpose: 'new',
    intakeId: null,
    stage: 0,
    stopOnMalicious: false,
    force: false,
    at: 5000,
  }) as const;

const full = {
  md5: digest('md5', 1),
  sha1: digest('sha1', 1),
  sha256: digest('sha256', 1),
  source: 'virustotal',
  status: 'malicious',
  score: 41,
  threat: 'Trojan.Ünïcode',
  rawCode: '41/70',
  firstSeen: '2026-01-02T03:04:05Z',
  scannedAt: '2026-02-02T03:04:05Z',
};

describe('reputation items as lines', () => {
  test('what is exported reads back as the same', async () => {
    const first = await openCache();
    const lines = [
      full,
      { md5: digest('md5', 2), source: 'wildfire', status: 'unknown', noAnswer: 'not-known' },
      { sha1: digest('sha1', 3), source: 'recorded-future', status: 'suspicious', score: 66.5 },
      { sha256: digest('sha256', 1), source: 'wildfire', status: 'non-malicious', scannedAt: '2026-01-01T00:00:00Z' },
    ];
    await importLines(first.cache, lines);
    const out = await exported(first.cache);
    const second = await openCache();
    await importLines(second.cache, out);
    const again = await exported(second.cache);
    expect(new Set(again.map((line) => JSON.stringify(line)))).toEqual(
      new Set(out.map((line) => JSON.stringify(line))),
    );
    expect(out).toContainEqual(full);
    expect(out).toHaveLength(4);
  });

  test.each([1, 7, 1 << 16])('chunks of %i bytes give the same result', async (size) => {
    const { cache } = await openCache();
    const result = await importLines(
      cache,
      [`\uFEFF${JSON.stringify(full)}\r`, '', { ...full, source: 'wildfire' }],
      size,
    );
    expect(result).toMatchObject({ lines: 2, imported: 2, rejected: 0 });
    expect(await exported(cache)).toContainEqual(full);
  });

  test.each([
    ['a source nobody knows', { ...full, source: 'virus-total' }, 'unknown source "virus-total"'],
    ['a status of another word', { ...full, status: 'clean' }, 'unknown status "clean"'],
    ['no status', { ...full, status: undefined }, 'no status'],
    ['a cut-off digest', { ...full, sha256: 'abc' }, 'sha256 is not 64 hex digits'],
    ['a digest that is not hex', { ...full, md5: 'g'.repeat(32) }, 'md5 is not 32 hex digits'],
    ['no digest', { source: 'wildfire', status: 'unknown' }, 'no md5, sha1 or sha256'],
    ['a date in words', { ...full, scannedAt: 'yesterday' }, 'scannedAt is not a time like 2026-01-02T03:04:05Z'],
    ['a day that does not exist', { ...full, firstSeen: '2026-02-31T00:00:00Z' }, /^firstSeen is not a time/],
    ['a misspelt field', { ...full, scanned_at: '2026-02-02T03:04:05Z' }, 'unknown field "scanned_at"'],
    ['a score in words', { ...full, score: 'high' }, 'score is not a number'],
    ['a reason for an answer', { ...full, noAnswer: 'not-known' }, 'noAnswer is only for status unknown'],
    ['no JSON', '{"md5":', 'not a JSON object'],
    ['a list', [full], 'not a JSON object'],
    ['a line without end', 'x'.repeat(70_000), 'longer than 65536 characters'],
  ])('a line with %s is refused with its place, the others are kept', async (_name, line, reason) => {
    const { cache } = await openCache();
    const result = await importLines(cache, [full, '', line, { ...full, source: 'wildfire' }]);
    expect(result).toMatchObject({ lines: 3, imported: 2, rejected: 1 });
    expect(result.firstProblems).toEqual([{ line: 3, reason: expect.stringMatching(reason) as unknown }]);
  });

  test('a very long line costs no memory and loses no neighbour', async () => {
    const { cache } = await openCache();
    const result = await importLines(cache, ['y'.repeat(300_000), full], 10_000);
    expect(result).toMatchObject({ lines: 2, imported: 1, firstProblems: [{ line: 1 }] });
  });

  test('upper-case digests are the same digests', async () => {
    const { cache } = await openCache();
    const upper = { ...full, sha256: full.sha256.toUpperCase() };
    expect(await importLines(cache, [full, upper])).toMatchObject({ imported: 1, unchanged: 1 });
  });

  test('a newer answer replaces, an older or equal one changes nothing', async () => {
    const { cache, database } = await openCache();
    await importLines(cache, [full]);
    const seq = await database.read('lastSeq', undefined);
    const older = { ...full, status: 'suspicious', scannedAt: '2026-01-01T00:00:00Z' };
    expect(await importLines(cache, [full, older])).toMatchObject({ imported: 0, updated: 0, unchanged: 2 });
    expect(await database.read('lastSeq', undefined)).toBe(seq);
    const newer = { ...full, status: 'suspicious', scannedAt: '2026-03-01T00:00:00Z' };
    expect(await importLines(cache, [newer])).toMatchObject({ updated: 1 });
    expect(await exported(cache)).toEqual([newer]);
    // The item, and that it turned.
    const changes = await database.read('changesSince', { since: seq, limit: 9 });
    expect(new Set(changes.map(({ kind }) => kind))).toEqual(new Set([CHANGE.item, CHANGE.flip]));
  });

  test('statistics count exactly and metrics remember what came in', async () => {
    const { cache, database } = await openCache();
    await importLines(cache, [full, { ...full, source: 'wildfire', status: 'unknown' }]);
    await importLines(cache, [{ ...full, status: 'suspicious', scannedAt: '2026-03-01T00:00:00Z' }]);
    await database.write('enqueue', { ...queuedFor(1), digests: Buffer.from(digest('sha256', 2), 'hex') });
    expect(await cache.stats()).toMatchObject({
      files: 2,
      digests: 4,
      items: 3,
      itemsByStatus: { suspicious: 1, unknown: 2 },
      unasked: 1,
      itemsBySource: { virustotal: 1, wildfire: 2 },
      listEntries: 0,
      schemaVersion: MIGRATIONS.length,
    });
    expect(await database.read('metricTotal', { kind: 'itemsImported', from: 0, to: 2e9 })).toBe(3);
    expect(await cache.verify(() => undefined)).toEqual({ ok: true, problems: [] });
  });

  test('a cancelled import keeps what was written and says so', async () => {
    const { cache } = await openCache();
    const stop = new AbortController();
    stop.abort();
    const importing = cache.importItems(chunksOf(JSON.stringify(full)), () => undefined, stop.signal);
    await expect(importing).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
