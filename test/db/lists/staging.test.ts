import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WritableDb } from '#main/db/handles.ts';
import { migrate } from '#main/db/migrate.ts';
import { openWritable } from '#main/db/open.ts';
import { hashListReads } from '#main/db/repositories/hash-list.ts';
import { type ListOp, hashListWrites } from '#main/db/repositories/hash-list-writes.ts';

let folder: string;
let db: WritableDb;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-staging-'));
  db = openWritable(join(folder, 'assay.db'));
  migrate(db, { keepCopy: false });
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const adds = (from: number, to: number): ListOp[] =>
  Array.from({ length: to - from }, (_, n) => ({
    before: null,
    after: {
      id: 0,
      side: 'malicious',
      md5: (from + n).toString(16).padStart(32, '0'),
      sha1: null,
      sha256: null,
      note: '',
      reason: '',
      addedBy: 'a',
      addedAt: 1,
      expiresAt: null,
    },
  }));
const ids = (): number[] => hashListReads.hashListAfter(db, { id: 0, limit: 100 }).map((row) => row.id);
const apply = (handle: WritableDb, token: string, ops: readonly ListOp[], total: number, revision = 0): number | null =>
  handle.transaction(() =>
    hashListWrites.hashListApply(handle, {
      revision,
      token,
      ops,
      total,
      undoes: null,
      action: 'add',
      by: 'a',
      at: 1,
    }),
  )();

describe('a change that is staged first', () => {
  it('appears at once and whole; another one staged meanwhile does not', () => {
    hashListWrites.hashListStage(db, { token: 'a', ops: adds(0, 3) });
    hashListWrites.hashListStage(db, { token: 'b', ops: adds(50, 60) });
    expect(ids()).toEqual([]);
    expect(apply(db, 'a', adds(3, 5), 5)).toBe(1);
    expect(ids()).toEqual([1, 2, 3, 4, 5]);
    expect(apply(db, 'b', [], 10, 1)).toBe(2);
    expect(ids()).toHaveLength(15);
  });

  it('is not written by a connection that has not all of it', () => {
    hashListWrites.hashListStage(db, { token: 'a', ops: adds(0, 3) });
    const restarted = openWritable(join(folder, 'assay.db'));
    try {
      expect(() => apply(restarted, 'a', adds(3, 5), 5)).toThrow(/Nothing was written/);
    } finally {
      restarted.close();
    }
    expect([ids(), hashListReads.hashListRevision(db, {})]).toEqual([[], 0]);
  });

  it('is dropped when the list moved on, and leaves nothing staged', () => {
    apply(db, 'x', adds(90, 91), 1);
    hashListWrites.hashListStage(db, { token: 'a', ops: adds(0, 3) });
    expect(apply(db, 'a', adds(3, 5), 5)).toBeNull();
    expect(apply(db, 'a', adds(0, 1), 1, 1)).toBe(2);
    expect(ids()).toEqual([1, 2]);
  });
});
