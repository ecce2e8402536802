import type { ListChange, ListProblem } from '#shared/contract/hash-list.ts';
import type { CallParsed } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { parseDigest } from '#shared/domain/hash.ts';
import type { Database } from '../../db/port.ts';
import type { ListRow } from '../../db/repositories/hash-list.ts';
import type { ListOp } from '../../db/repositories/hash-list-writes.ts';
import { createBreather } from './breathe.ts';
import { type DraftDefaults, type Incoming, ListDraft, contradicts, digestsOfRow, hashesOf, pairs } from './draft.ts';
import { BATCH, countOps, loadHolding, opsOf, planAndWrite, sameRow } from './plan.ts';
import { oppositionProblem, shortHash, whyNoDigest } from './problems.ts';

/** Who changes the list, and when (seconds since the epoch). */
export type Stamp = DraftDefaults;

/** Adds entries, all or none: with a hash on the other side nothing is written and both places are named. */
export async function addEntries(database: Database, incoming: readonly Incoming[], stamp: Stamp): Promise<ListChange> {
  const { changeId, result } = await planAndWrite(database, async (revision) => {
    const { ops, problems } = await planEntries(database, incoming, stamp);
    const request = { revision, ops, action: 'add' as const, ...stamp };
    return { request, result: { problems, counts: countOps(ops) } };
  });
  const { problems, counts } = result;
  const unchanged = problems.length > 0 ? 0 : Math.max(0, incoming.length - counts.added - counts.updated);
  return { ...counts, unchanged, problems: [...problems], changeId };
}

/** What adding entries would write, and what is in the way; with a problem nothing would be written. */
export async function planEntries(
  database: Database,
  incoming: readonly Incoming[],
  stamp: Stamp,
): Promise<{ readonly ops: readonly ListOp[]; readonly problems: readonly ListProblem[] }> {
  const draft = new ListDraft(stamp);
  await loadHolding(database, draft, hashesOf(incoming));
  const problems: ListProblem[] = [];
  const breather = createBreather();
  for (const entry of incoming) {
    const opposed = draft.opposed(entry);
    problems.push(...opposed.map((one) => oppositionProblem(entry, one)));
    if (opposed.length === 0) {
      draft.accept(entry);
    }
    if (breather.isDue()) {
      await breather.pause();
    }
  }
  return { ops: problems.length === 0 ? await opsOf(draft.entries) : [], problems };
}

/** Changes one entry. Moving it to a side where one of its digests would stand twice is refused. */
export async function updateEntry(
  database: Database,
  input: CallParsed<'hashList.update'>,
  stamp: Stamp,
): Promise<ListChange> {
  const { changeId, result } = await planAndWrite(database, async (revision) => {
    const [before] = await database.read('hashListByIds', { ids: [input.id] });
    if (before === undefined) {
      throw new AppError('NOT_FOUND', `Entry ${input.id} is not on the list. It may have been removed meanwhile.`);
    }
    const after: ListRow = {
      ...before,
      side: input.side ?? before.side,
      note: input.note ?? before.note,
      reason: input.reason ?? before.reason,
      expiresAt: input.expiresAt === undefined ? before.expiresAt : input.expiresAt,
    };
    const problems = before.side === after.side ? [] : await leftBehind(database, after);
    const ops = problems.length > 0 || sameRow(before, after) ? [] : [{ before, after }];
    return { request: { revision, ops, action: 'edit' as const, ...stamp }, result: problems };
  });
  const updated = changeId === null ? 0 : 1;
  const unchanged = result.length > 0 ? 0 : 1 - updated;
  return { added: 0, updated, removed: 0, unchanged, problems: result, changeId };
}

/** Removes entries. Ids that are on no entry (any more) count as unchanged. */
export async function removeEntries(database: Database, ids: readonly number[], stamp: Stamp): Promise<ListChange> {
  const wanted = [...new Set(ids)];
  const { changeId, result } = await planAndWrite(database, async (revision) => {
    const rows: ListRow[] = [];
    for (let at = 0; at < wanted.length; at += BATCH) {
      rows.push(...(await database.read('hashListByIds', { ids: wanted.slice(at, at + BATCH) })));
    }
    const ops = rows.map((before) => ({ before, after: null }));
    return { request: { revision, ops, action: 'remove' as const, ...stamp }, result: ops.length };
  });
  return { added: 0, updated: 0, removed: result, unchanged: wanted.length - result, problems: [], changeId };
}

/** Removes the entries that hold one of these hashes, whatever else they hold. A text that is no hash removes nothing. */
export async function removeByHash(
  database: Database,
  texts: readonly string[],
  stamp: Stamp,
): Promise<{ readonly change: ListChange; readonly notListed: readonly string[] }> {
  const hashes = texts.map((text) => {
    const digest = parseDigest(text);
    if (digest === null) {
      throw new AppError('INVALID_ARGUMENT', `No hash: ${whyNoDigest(text)}. Nothing was removed.`);
    }
    return digest.hex;
  });
  const draft = new ListDraft(stamp);
  await loadHolding(database, draft, hashes);
  const ids = hashes.flatMap((hash) => draft.holding(hash).map((entry) => entry.stored?.id ?? 0));
  const notListed = [...new Set(hashes.filter((hash) => draft.holding(hash).length === 0))];
  return { change: await removeEntries(database, ids, stamp), notListed };
}

/** Takes one change back. Refused when it was taken back before, when a newer change touched one of its entries, or
 * when an entry would come back beside one that was listed since. */
export async function undoChange(database: Database, undoes: number, stamp: Stamp): Promise<ListChange> {
  const { changeId, result } = await planAndWrite(database, async (revision) => {
    const change = await database.read('hashListChange', { changeId: undoes });
    if (change === null) {
      throw new AppError('NOT_FOUND', `The hash list has no change ${undoes}.`);
    }
    if (change.undoneBy !== null) {
      throw new AppError('CONFLICT', `Change ${undoes} was taken back already, by change ${change.undoneBy}.`);
    }
    if (change.touchedBy !== null) {
      throw new AppError(
        'CONFLICT',
        `Change ${undoes} cannot be taken back: change ${change.touchedBy} touched the same entries since. Take that one back first.`,
      );
    }
    const ops = await reversed(database, undoes);
    await refuseClashes(database, ops, stamp);
    return { request: { revision, ops, action: 'undo' as const, undoes, ...stamp }, result: countOps(ops) };
  });
  return { ...result, unchanged: 0, problems: [], changeId };
}

/** Entries that stay on the other side with a digest of the row that moves. */
async function leftBehind(database: Database, row: ListRow): Promise<ListProblem[]> {
  const hashes = pairs(digestsOfRow(row)).map(([, hash]) => hash);
  const near = await database.read('hashListHolding', { hashes });
  const draft = new ListDraft({ by: '', at: 0 });
  draft.load(near.filter((other) => other.id !== row.id));
  const moving: Incoming = { ...row, digests: digestsOfRow(row), line: null };
  return draft.opposed(moving).map((one) => oppositionProblem(moving, one));
}

async function reversed(database: Database, changeId: number): Promise<ListOp[]> {
  const ops: ListOp[] = [];
  for (let afterEntry = 0; ;) {
    const batch = await database.read('hashListChangeEntries', { changeId, afterEntry, limit: BATCH });
    const end = batch.at(-1);
    if (end === undefined) {
      return ops;
    }
    for (const { entryId, before, after } of batch) {
      ops.push({ before: parseAudit(after, entryId), after: parseAudit(before, entryId) });
    }
    afterEntry = end.entryId;
  }
}

/** A row as the audit keeps it, or null when there was none. */
export function parseAudit(text: string | null, id: number): ListRow | null {
  if (text === null) {
    return null;
  }
  const blank = { md5: null, sha1: null, sha256: null, expiresAt: null };
  return { ...blank, ...(JSON.parse(text) as Omit<ListRow, 'id'>), id };
}

async function refuseClashes(database: Database, ops: readonly ListOp[], stamp: Stamp): Promise<void> {
  // What the change itself touched is about to be replaced or to go.
  const ids = new Set(ops.map((op) => op.before?.id ?? op.after?.id));
  const returning = ops.map((op) => op.after).filter((row) => row !== null);
  const draft = new ListDraft(stamp);
  const breather = createBreather();
  const rows = returning.map((row) => ({ row, digests: digestsOfRow(row) }));
  await loadHolding(database, draft, hashesOf(rows));
  for (const { row, digests } of rows) {
    if (breather.isDue()) {
      await breather.pause();
    }
    for (const [, hash] of pairs(digests)) {
      const other = draft
        .holding(hash)
        .find(
          (entry) => !ids.has(entry.stored?.id) && (entry.side !== row.side || !contradicts(entry.digests, digests)),
        );
      if (other !== undefined) {
        throw new AppError(
          'CONFLICT',
          `The change cannot be taken back: ${shortHash(hash)} has been listed again since, as ${other.side} (entry ${other.stored?.id ?? 0}).`,
        );
      }
    }
  }
}
