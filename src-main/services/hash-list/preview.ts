import type { ListProblem } from '#shared/contract/hash-list.ts';
import type { Database } from '../../db/port.ts';
import type { ListOp } from '../../db/repositories/hash-list-writes.ts';
import type { ListRow } from '../../db/repositories/hash-list.ts';
import { createBreather } from './breathe.ts';
import type { CsvRead, CsvRow } from './csv/read-file.ts';
import { type DraftDefaults, type DraftEntry, ListDraft, contradicts, digestsOfRow, hashesOf, pairs } from './draft.ts';
import { countOps, loadAll, loadHolding, opsOf, rowOf, sameRow } from './plan.ts';
import { oppositionProblem } from './problems.ts';

export interface ImportOptions {
  readonly mode: 'append' | 'replace';
  /** What happens to a line whose hash is on the other side: refuse all, leave the line out, or let the line win. */
  readonly settle: 'refuse' | 'keep-mine' | 'take-file';
  readonly skipMalformed: boolean;
}

/** What an import would write, and what it would say about it. */
export interface ImportPlan {
  readonly ops: readonly ListOp[];
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly leftOut: number;
  /** Open problems, in line order. While there are any, `ops` is not to be written. */
  readonly problems: readonly ListProblem[];
}

/** Works out an import against the present list. Writes nothing. */
export async function planImport(
  database: Database,
  file: CsvRead,
  options: ImportOptions,
  stamp: DraftDefaults,
): Promise<ImportPlan> {
  const everything = options.mode === 'replace' ? await loadAll(database) : [];
  const contested = new Set<string>();
  for (;;) {
    const known = contested.size;
    const kept = options.mode === 'replace' ? holders(everything, contested) : [];
    const draft = new ListDraft(stamp);
    if (options.mode === 'append') {
      await loadHolding(database, draft, hashesOf(file.rows));
    } else {
      draft.load(kept);
    }
    const pass = await enterRows(draft, file.rows, options.settle, contested);
    if (contested.size === known) {
      const ops = await (options.mode === 'append'
        ? opsOf(draft.entries)
        : replacing(everything, kept, draft.entries, stamp));
      return summed(file, options, ops, pass);
    }
  }
}

interface Pass {
  readonly problems: readonly ListProblem[];
  /** Lines that a problem keeps out, open or settled. */
  readonly linesOut: number;
}

/**
 * Puts the rows into the draft, one by one. With `keep-mine`, a hash that the file itself wants on both sides is
 * contested: no line that names it goes in. Those are found while going, so a pass that found one must be run again.
 */
async function enterRows(
  draft: ListDraft,
  rows: readonly CsvRow[],
  settle: ImportOptions['settle'],
  contested: Set<string>,
): Promise<Pass> {
  const problems: ListProblem[] = [];
  const breather = createBreather();
  let linesOut = 0;
  for (const row of rows) {
    if (breather.isDue()) {
      await breather.pause();
    }
    if (settle === 'keep-mine' && pairs(row.digests).some(([, hash]) => contested.has(hash))) {
      linesOut += 1;
      continue;
    }
    const opposed = draft.opposed(row);
    const isSettledByFile = opposed.length > 0 && settle === 'take-file' && opposed.every((one) => one.line === null);
    if (opposed.length === 0 || isSettledByFile) {
      if (isSettledByFile) {
        draft.yieldTo(row);
      }
      draft.accept(row);
      continue;
    }
    linesOut += 1;
    for (const one of opposed) {
      if (settle !== 'keep-mine') {
        problems.push(oppositionProblem(row, one));
      } else if (one.line !== null && one.entry.stored === null) {
        contested.add(one.hash);
      }
    }
  }
  return { problems, linesOut };
}

function summed(file: CsvRead, options: ImportOptions, ops: readonly ListOp[], pass: Pass): ImportPlan {
  const counts = countOps(ops);
  const canSkip = options.skipMalformed && !file.brokenOff;
  const open = [...(canSkip ? [] : file.problems), ...pass.problems];
  const settled = options.settle === 'keep-mine' ? pass.linesOut : 0;
  const unchanged = file.rows.length - pass.linesOut - counts.added - counts.updated;
  return {
    ops,
    ...counts,
    unchanged: Math.max(0, unchanged),
    leftOut: settled + (canSkip ? file.problems.length : 0),
    problems: open.sort((one, other) => (one.line ?? 0) - (other.line ?? 0)),
  };
}

function holders(rows: readonly ListRow[], hashes: ReadonlySet<string>): ListRow[] {
  return hashes.size === 0 ? [] : rows.filter((row) => pairs(digestsOfRow(row)).some(([, hash]) => hashes.has(hash)));
}

/**
 * The file as the whole list: each of its entries takes the place of a stored one that may be the same file, so that
 * ids, and who added it when, live on; stored entries without a successor go.
 */
async function replacing(
  stored: readonly ListRow[],
  kept: readonly ListRow[],
  entries: readonly DraftEntry[],
  stamp: DraftDefaults,
): Promise<ListOp[]> {
  const free = new Map(stored.map((row) => [row.id, row]));
  for (const row of kept) {
    free.delete(row.id);
  }
  const breather = createBreather();
  const byDigest = new Map<string, ListRow[]>();
  for (const row of free.values()) {
    if (breather.isDue()) {
      await breather.pause();
    }
    for (const [, hash] of pairs(digestsOfRow(row))) {
      const rows = byDigest.get(hash);
      if (rows === undefined) {
        byDigest.set(hash, [row]);
      } else {
        rows.push(row);
      }
    }
  }
  const ops: ListOp[] = await opsOf(entries.filter((entry) => entry.stored !== null));
  for (const entry of entries) {
    if (breather.isDue()) {
      await breather.pause();
    }
    if (entry.stored === null && !entry.gone) {
      const near = pairs(entry.digests).flatMap(([, hash]) => byDigest.get(hash) ?? []);
      const rows = near.filter((row) => free.has(row.id));
      const before = rows.find((row) => isSameFile(row, entry)) ?? rows.find((row) => mayBe(row, entry)) ?? null;
      const after = before === null ? rowOf(entry, 0) : inheriting(entry, before, stamp);
      free.delete(before?.id ?? 0);
      if (!sameRow(before, after)) {
        ops.push({ before, after });
      }
    }
  }
  return [...ops, ...[...free.values()].map((before) => ({ before, after: null }))];
}

function inheriting(entry: DraftEntry, before: ListRow, stamp: DraftDefaults): ListRow {
  const row = rowOf(entry, before.id);
  const isDated = entry.addedAt !== stamp.at;
  return isDated ? row : { ...row, addedAt: before.addedAt, addedBy: before.addedBy };
}

function mayBe(row: ListRow, entry: DraftEntry): boolean {
  return !contradicts(digestsOfRow(row), entry.digests);
}

function isSameFile(row: ListRow, entry: DraftEntry): boolean {
  const { md5 = null, sha1 = null, sha256 = null } = entry.digests;
  return row.md5 === md5 && row.sha1 === sha1 && row.sha256 === sha256;
}
