import { AppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../db/port.ts';
import type { ListOp } from '../../db/repositories/hash-list-writes.ts';
import type { ListRow } from '../../db/repositories/hash-list.ts';
import { createBreather } from './breathe.ts';
import type { DraftEntry, ListDraft } from './draft.ts';

/** Entries per message to the database: small enough that neither side notices. */
export const BATCH = 2_000;

export interface OpCounts {
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
}

/** The writes that turn the stored list into the draft; entries that stay as they are give none. */
export async function opsOf(entries: readonly DraftEntry[]): Promise<ListOp[]> {
  const breather = createBreather();
  const ops: ListOp[] = [];
  for (const entry of entries) {
    const before = entry.stored;
    const after = entry.gone ? null : rowOf(entry, before?.id ?? 0);
    if (!sameRow(before, after)) {
      ops.push({ before, after });
    }
    if (breather.isDue()) {
      await breather.pause();
    }
  }
  return ops;
}

export function countOps(ops: readonly ListOp[]): OpCounts {
  let added = 0;
  let removed = 0;
  for (const { before, after } of ops) {
    added += before === null ? 1 : 0;
    removed += after === null ? 1 : 0;
  }
  return { added, removed, updated: ops.length - added - removed };
}

/** The draft entry as a row; id 0 is given when it is written. */
export function rowOf(entry: DraftEntry, id: number): ListRow {
  const { side, digests, note, reason, addedBy, addedAt, expiresAt } = entry;
  return {
    id,
    side,
    md5: digests.md5 ?? null,
    sha1: digests.sha1 ?? null,
    sha256: digests.sha256 ?? null,
    note,
    reason,
    addedBy,
    addedAt,
    expiresAt,
  };
}

/** True when nothing but the id may differ; two absent rows are the same. */
export function sameRow(one: ListRow | null, other: ListRow | null): boolean {
  if (one === null || other === null) {
    return one === other;
  }
  return (
    one.side === other.side &&
    one.md5 === other.md5 &&
    one.sha1 === other.sha1 &&
    one.sha256 === other.sha256 &&
    one.note === other.note &&
    one.reason === other.reason &&
    one.addedBy === other.addedBy &&
    one.addedAt === other.addedAt &&
    one.expiresAt === other.expiresAt
  );
}

/**
 * Loads into the draft every stored entry that holds one of the hashes, and those that share a digest with such an
 * entry: what may have to move with it.
 */
export async function loadHolding(database: Database, draft: ListDraft, hashes: Iterable<string>): Promise<void> {
  const breather = createBreather();
  const afterBatch = createBreather(1);
  const asked = new Set<string>();
  let next: string[] = [];
  for (const hash of hashes) {
    next.push(hash);
    if (breather.isDue()) {
      await breather.pause();
    }
  }
  while (next.length > 0) {
    const found: ListRow[] = [];
    for (let at = 0; at < next.length; at += BATCH) {
      const rows = await database.read('hashListHolding', { hashes: next.slice(at, at + BATCH) });
      draft.load(rows);
      found.push(...rows);
      if (afterBatch.isDue()) {
        await afterBatch.pause();
      }
    }
    for (const hash of next) {
      asked.add(hash);
      if (breather.isDue()) {
        await breather.pause();
      }
    }
    const further = new Set<string>();
    for (const row of found) {
      for (const hash of [row.md5, row.sha1, row.sha256]) {
        if (hash !== null && !asked.has(hash)) {
          further.add(hash);
        }
      }
      if (breather.isDue()) {
        await breather.pause();
      }
    }
    next = [...further];
  }
}

/** The whole list, in id order. */
export async function loadAll(database: Database): Promise<ListRow[]> {
  const all: ListRow[] = [];
  for await (const rows of batches(database)) {
    all.push(...rows);
  }
  return all;
}

export async function* batches(database: Database): AsyncGenerator<readonly ListRow[]> {
  for (let last = 0; ;) {
    const rows = await database.read('hashListAfter', { id: last, limit: BATCH });
    const end = rows.at(-1);
    if (end === undefined) {
      return;
    }
    yield rows;
    last = end.id;
  }
}

export interface WriteRequest {
  readonly revision: number;
  readonly ops: readonly ListOp[];
  readonly action: 'add' | 'edit' | 'remove' | 'import' | 'undo';
  readonly by: string;
  /** Seconds since the epoch. */
  readonly at: number;
  readonly undoes?: number;
}

let nextToken = 1;

/** Writes a whole plan or nothing. Null: the list changed since the plan's revision. */
export async function writePlan(database: Database, request: WriteRequest): Promise<number | null> {
  const { revision, ops, action, by, at } = request;
  const token = `${process.pid}-${nextToken}`;
  nextToken += 1;
  const lane = ops.length > BATCH ? 'bulk' : 'person';
  const last = Math.max(0, Math.ceil(ops.length / BATCH) - 1) * BATCH;
  try {
    for (let from = 0; from < last; from += BATCH) {
      await database.write('hashListStage', { token, ops: ops.slice(from, from + BATCH) }, lane);
    }
    const rest = { revision, token, ops: ops.slice(last), total: ops.length, undoes: request.undoes ?? null };
    return await database.write('hashListApply', { ...rest, action, by, at }, lane);
  } catch (error) {
    if (last > 0) {
      await database.write('hashListUnstage', { token }, lane).catch(() => {
        // The fault that brought us here is the one to tell; what was staged ends with the connection.
      });
    }
    throw error;
  }
}

/** Each round that fails is one that another process finished: many writers at once still all get through. */
const ATTEMPTS = 50;

/** Plans and writes, again when another process changed the list in between. */
export async function planAndWrite<T>(
  database: Database,
  attempt: (revision: number) => Promise<{ readonly request: WriteRequest | null; readonly result: T }>,
): Promise<{ readonly changeId: number | null; readonly result: T }> {
  for (let round = 0; round < ATTEMPTS; round += 1) {
    const { request, result } = await attempt(await database.read('hashListRevision', {}));
    if (request === null || request.ops.length === 0) {
      return { changeId: null, result };
    }
    const changeId = await writePlan(database, request);
    if (changeId !== null) {
      return { changeId, result };
    }
  }
  throw new AppError(
    'DB_BUSY',
    'Another process is changing the hash list all the time. Nothing was written. Try again in a moment.',
  );
}
