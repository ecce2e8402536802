import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WritableDb } from '#main/db/handles.ts';
import { migrate } from '#main/db/migrate.ts';
import { openWritable } from '#main/db/open.ts';
import { hashListReads } from '#main/db/repositories/hash-list.ts';
import { fileKeysAmong, listKeysAmong } from '#main/db/repositories/evidence.ts';
import { knownSetsReads } from '#main/db/repositories/known-sets.ts';
import { statementsOf } from '../statements.ts';

let folder: string;
let db: WritableDb;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-plans-'));
  db = openWritable(join(folder, 'assay.db'));
  migrate(db, { keepCopy: false });
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

/** The plans of every statement a query runs, one line per step. */
function plansOf(query: (handle: WritableDb) => unknown): string[] {
  return statementsOf(db, query).flatMap((sql) => {
    const values = Array.from({ length: sql.split('?').length - 1 }, () => null);
    const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
    return steps.map((step) => step.detail);
  });
}

const page = (query: object) => (handle: WritableDb) =>
  hashListReads.hashListPage(handle, {
    query: { side: null, expiring: false, text: '', sort: 'addedAt', descending: true, ...query },
    offset: 0,
    limit: 100,
    now: 0,
  });

describe('look-ups in the hash list', () => {
  it('go from the asked ids to the entries, never the other way round', () => {
    const [first, second] = plansOf((handle) => hashListReads.hashListByIds(handle, { ids: [1] }));
    expect([first, second]).toEqual([
      expect.stringMatching(/^SCAN j/),
      expect.stringMatching(/^SEARCH e USING INTEGER/),
    ]);
  });

  it.each([
    ['by digest', (handle: WritableDb) => hashListReads.hashListHolding(handle, { hashes: ['ab'.repeat(16)] })],
    ['by id', (handle: WritableDb) => hashListReads.hashListByIds(handle, { ids: [1] })],
    ['in id order', (handle: WritableDb) => hashListReads.hashListAfter(handle, { id: 5, limit: 10 })],
    ['of a change', (handle: WritableDb) => hashListReads.hashListChange(handle, { changeId: 1 })],
    [
      'of what a change did',
      (handle: WritableDb) => hashListReads.hashListChangeEntries(handle, { changeId: 1, afterEntry: 0, limit: 10 }),
    ],
    [
      'of an entry’s history',
      (handle: WritableDb) => hashListReads.hashListAudit(handle, { entryId: 1, offset: 0, limit: 9 }),
    ],
    ['of the revision', (handle: WritableDb) => hashListReads.hashListRevision(handle, {})],
  ])('never scan a table: %s', (_what, query) => {
    const scans = plansOf(query).filter((step) => /^SCAN (?!j VIRTUAL|\(subquery|found|own_)/.test(step));
    expect(scans).toEqual([]);
  });

  it('count what expires from its index, and read the newest of the audit without sorting', () => {
    expect(plansOf(page({ expiring: true }))).toContain(
      'SEARCH hash_list USING COVERING INDEX hash_list_by_expiry (expires_at<?)',
    );
    const audit = plansOf((handle) => hashListReads.hashListAudit(handle, { entryId: null, offset: 0, limit: 9 }));
    expect(audit.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
  });

  it('scan the list once for a page, and nothing else', () => {
    const scans = plansOf(page({ sort: 'note' })).filter((step) => step.startsWith('SCAN'));
    expect(scans.every((step) => /^SCAN (e|hash_list|j VIRTUAL)/.test(step))).toBe(true);
    expect(scans.filter((step) => step === 'SCAN e')).toHaveLength(1);
  });
});

describe('look-ups of known sets', () => {
  it('find a set by id through an index, and by name among the few there are', () => {
    const plans = [
      ...plansOf((handle) => knownSetsReads.knownSet(handle, { id: 1 })),
      ...plansOf((handle) => knownSetsReads.readyKnownSet(handle, { name: 'x' })),
      ...plansOf((handle) => knownSetsReads.madeKnownSet(handle, { name: 'x' })),
    ];
    expect(plans).toEqual([
      'SEARCH known_sets USING INTEGER PRIMARY KEY (rowid=?)',
      // What a name means is no matter of SQL.
      'SCAN known_sets',
      'SCAN known_sets',
    ]);
  });
});

describe('look-ups of many digests at once', () => {
  it.each([
    ['the hash list', listKeysAmong],
    ['known files', fileKeysAmong],
  ])('go from the asked keys to %s', (_what, among) => {
    const [first, second] = plansOf((handle) => among(handle, [1]));
    expect([first, second]).toEqual([
      expect.stringMatching(/^SCAN j/),
      expect.stringMatching(/^SEARCH k USING (COVERING INDEX|PRIMARY KEY).*key=\?/),
    ]);
  });
});
