import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Verdict } from '#shared/domain/basis.ts';
import { SET_MARK_CODE, type ItemEvidence, type SetMark, type VerdictPolicy } from '#shared/domain/evidence.ts';
import { DIGEST_BIT, DIGEST_BYTES, DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import { RULES } from '#shared/domain/basis.ts';
import { sourceCode, sourceOfCode } from '#shared/domain/source.ts';
import { STATUS_CODE, statusOfCode } from '#shared/domain/status.ts';
import { flagsOfBits } from '#shared/domain/verdict.ts';
import { NO_ANSWER_CODE } from '#main/db/codes.ts';
import { CHANGE } from '#main/db/change-kinds.ts';
import type { WritableDb } from '#main/db/handles.ts';
import { prepared } from '#main/db/prepared.ts';
import { startWriting } from '#main/db/start.ts';
import { writeKeyIndex } from '#main/intakes/keys/write-key-index.ts';
import { strideOfMask, type EntryGroup, type EntryLink } from '#main/intakes/intake-columns.ts';
import { memoryEntries } from '#main/intakes/memory-entries.ts';
import { PackedWriter } from '#main/intakes/packed-writer.ts';
import { emptyVerdictColumns, type VerdictColumns } from '#main/intakes/verdict-columns.ts';
import type { EntrySource, JudgeContext } from '#main/services/triage/port.ts';

export const NOW = 1_800_000_000;
export const POLICY: VerdictPolicy = { thresholds: {}, staleAfter: 30 * 86_400 };

export interface Digests {
  readonly md5?: string;
  readonly sha1?: string;
  readonly sha256?: string;
}

/** A digest made from a number, so that tests read as "file 1, file 2"; equal numbers give equal digests. */
export function digest(kind: DigestKind, number: number): string {
  const length = { md5: 32, sha1: 40, sha256: 64 }[kind];
  const start = Math.imul(number + 1, 0x9e3779b1) >>> 0;
  return start
    .toString(16)
    .padStart(8, '0')
    .padEnd(length, `${kind === 'md5' ? 'a' : 'b'}${number.toString(16)}`)
    .slice(0, length);
}
export const md5 = (number: number): string => digest('md5', number);
export const sha1 = (number: number): string => digest('sha1', number);
export const sha256 = (number: number): string => digest('sha256', number);

export interface World {
  readonly db: WritableDb;
  readonly directory: string;
  readonly context: JudgeContext;
  /** Adds or replaces a file row as it stands; `links` as in files.links. Returns its id. */
  file(digests: Digests, items?: readonly Partial<ItemEvidence>[], links?: number): number;
  setItems(fileId: number, items: readonly Partial<ItemEvidence>[]): void;
  removeFile(fileId: number): void;
  listed(side: 'malicious' | 'non-malicious', digests: Digests, expiresAt?: number | null): number;
  unlist(id: number): void;
  knownSet(mark: SetMark, digests: readonly string[], name?: string): number;
  close(): void;
}

const blob = (hex: string | undefined): Buffer | null => (hex === undefined ? null : Buffer.from(hex, 'hex'));
const key = (hex: string): number => Number.parseInt(hex.slice(0, 12), 16);
const hexes = (digests: Digests): string[] =>
  [digests.md5, digests.sha1, digests.sha256].filter((hex) => hex !== undefined);
export const kindOf = (hex: string): DigestKind => ({ 32: 'md5', 40: 'sha1', 64: 'sha256' })[hex.length] as DigestKind;

/** A data directory of its own with a real database, written to directly; a copy of `seed` when one is given. */
export function createWorld(seed: Buffer | null = null, policy: VerdictPolicy = POLICY): World {
  const directory = mkdtempSync(join(tmpdir(), 'assay-triage-'));
  mkdirSync(join(directory, 'known-sets'));
  if (seed !== null) {
    writeFileSync(join(directory, 'assay.db'), seed);
  }
  const { db, use } = startWriting(join(directory, 'assay.db'));
  const sql = (text: string) => prepared(db, text);
  const changed = (kind: number, id: number): void => {
    sql('INSERT INTO changes (kind, id) VALUES (?, ?)').run(kind, id);
  };
  // Ids are never used twice, as in the real tables.
  const last = { file: seed === null ? 0 : 1_000_000, entry: 0 };
  const nextId = (of: 'file' | 'entry'): number => (last[of] += 1);
  const together = <T>(work: () => T): T => db.transaction(work)();
  const world: World = {
    db,
    directory,
    context: { db, directory, policy, now: NOW },
    file: (digests, items = [], links = 0) =>
      together(() => {
        const added = sql('INSERT INTO files (id, md5, sha1, sha256, links) VALUES (?, ?, ?, ?, ?)').run(
          nextId('file'),
          blob(digests.md5),
          blob(digests.sha1),
          blob(digests.sha256),
          links,
        );
        const id = Number(added.lastInsertRowid);
        for (const hex of hexes(digests)) {
          sql('INSERT OR IGNORE INTO digest_keys (key, file_id) VALUES (?, ?)').run(key(hex), id);
        }
        changed(CHANGE.file, id);
        writeItems(id, items);
        return id;
      }),
    setItems: (fileId, items) => together(() => writeItems(fileId, items)),
    removeFile: (fileId) =>
      together(() => {
        sql('DELETE FROM items WHERE file_id = ?').run(fileId);
        sql('DELETE FROM digest_keys WHERE file_id = ?').run(fileId);
        sql('DELETE FROM files WHERE id = ?').run(fileId);
        changed(CHANGE.file, fileId);
      }),
    listed: (side, digests, expiresAt = null) =>
      together(() => {
        const added = sql(
          `INSERT INTO hash_list (id, side, md5, sha1, sha256, note, added_by, added_at, expires_at, updated_at)
             VALUES (?, ?, ?, ?, ?, 'a note', 'ana', ?, ?, 0)`,
        ).run(
          nextId('entry'),
          STATUS_CODE[side],
          blob(digests.md5),
          blob(digests.sha1),
          blob(digests.sha256),
          NOW - 86_400,
          expiresAt,
        );
        const id = Number(added.lastInsertRowid);
        for (const hex of hexes(digests)) {
          sql('INSERT OR IGNORE INTO hash_list_keys (key, entry_id) VALUES (?, ?)').run(key(hex), id);
        }
        audit(id, null, JSON.stringify({ side, ...digests }));
        changed(CHANGE.listEntry, id);
        return id;
      }),
    unlist: (id) =>
      together(() => {
        const row = sql(
          'SELECT lower(hex(md5)) AS md5, lower(hex(sha1)) AS sha1, lower(hex(sha256)) AS sha256 FROM hash_list WHERE id = ?',
        ).get(id) as Digests;
        audit(id, JSON.stringify(Object.fromEntries(Object.entries(row).filter(([, hex]) => hex !== ''))), null);
        sql('DELETE FROM hash_list_keys WHERE entry_id = ?').run(id);
        sql('DELETE FROM hash_list WHERE id = ?').run(id);
        changed(CHANGE.listEntry, id);
      }),
    knownSet: (mark, digests, name = `set ${mark} ${Math.random()}`) =>
      together(() => {
        const added = sql(
          `INSERT INTO known_sets (name, edition, mark, dated_at, imported_at, state, path)
             VALUES (?, '1', ?, ?, ?, 'ready', '')`,
        ).run(name, SET_MARK_CODE[mark], NOW - 200 * 86_400, NOW);
        const id = Number(added.lastInsertRowid);
        const path = `known-sets/${id}.acol`;
        sql('UPDATE known_sets SET path = ? WHERE id = ?').run(path, id);
        writeSet(join(directory, path), digests);
        changed(CHANGE.knownSet, id);
        return id;
      }),
    close: () => {
      db.close();
      use.release();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  function audit(entryId: number, before: string | null, after: string | null): void {
    const change = sql(`INSERT INTO hash_list_changes (at, by, action) VALUES (?, 'ana', 'edit')`).run(NOW);
    sql('INSERT INTO hash_list_audit VALUES (?, ?, ?, ?)').run(change.lastInsertRowid, entryId, before, after);
  }
  function writeItems(fileId: number, items: readonly Partial<ItemEvidence>[]): void {
    sql('DELETE FROM items WHERE file_id = ?').run(fileId);
    for (const item of items) {
      sql(
        `INSERT OR REPLACE INTO items (file_id, source, status, no_answer, score, scanned_at, created_at) VALUES (?, ?, ?, ?, ?, ?, 0)`,
      ).run(
        fileId,
        sourceCode(item.source ?? 'wildfire'),
        STATUS_CODE[item.status ?? 'malicious'],
        item.noAnswer ? NO_ANSWER_CODE[item.noAnswer] : null,
        item.score ?? null,
        item.scannedAt === undefined ? NOW - 3600 : item.scannedAt,
      );
    }
    changed(CHANGE.item, fileId);
  }
  return world;
}

function writeSet(path: string, digests: readonly string[]): void {
  const writer = new PackedWriter(path);
  for (const kind of DIGEST_KINDS) {
    const sorted = [...new Set(digests.filter((hex) => kindOf(hex) === kind))].sort();
    writer.section(kind, 'bytes', Buffer.from(sorted.join(''), 'hex'));
    writeKeyIndex(writer, kind, DIGEST_BYTES[kind], sorted.length);
  }
  writer.finish({ kind: 'known-set', version: 1, meta: {} });
}

export interface Row extends Digests {
  readonly link?: EntryLink;
}

/** Rows as an intake holds them: grouped by mask and link, sorted, each once. */
export function entriesOf(rows: readonly Row[]): { readonly entries: EntrySource; readonly rows: readonly Row[] } {
  const groups = new Map<string, { mask: number; link: EntryLink; rows: Map<string, Row> }>();
  for (const row of rows) {
    const mask = DIGEST_KINDS.reduce((bits, kind) => bits | (row[kind] === undefined ? 0 : DIGEST_BIT[kind]), 0);
    const link = [1, 2, 4].includes(mask) ? 'single' : (row.link ?? 'asserted');
    const group = groups.get(`${mask} ${link}`) ?? { mask, link, rows: new Map<string, Row>() };
    group.rows.set(`${row.sha256 ?? ''}${row.sha1 ?? ''}${row.md5 ?? ''}`, row);
    groups.set(`${mask} ${link}`, group);
  }
  const blocks: Uint8Array[] = [];
  const packed: EntryGroup[] = [];
  const ordered: Row[] = [];
  for (const { mask, link, rows: members } of groups.values()) {
    const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
    blocks.push(Buffer.from(sorted.map(([text]) => text).join(''), 'hex'));
    packed.push({ mask, link, count: sorted.length, stride: strideOfMask(mask) });
    ordered.push(...sorted.map(([, row]) => row));
  }
  return { entries: memoryEntries(packed, blocks), rows: ordered };
}

export function verdictAt(columns: VerdictColumns, entry: number): Verdict {
  return {
    status: statusOfCode(columns.status[entry] as number),
    rule: RULES[columns.rule[entry] as number] as Verdict['rule'],
    source: sourceOfCode(columns.source[entry] as number),
    agreeing: columns.agreeing[entry] as number,
    answeredAt: columns.answeredAt[entry] === 0 ? null : (columns.answeredAt[entry] as number),
    flags: flagsOfBits(columns.flags[entry] as number),
  };
}

export function verdictsOf(columns: VerdictColumns): Verdict[] {
  return Array.from({ length: columns.length }, (_, entry) => verdictAt(columns, entry));
}

export { emptyVerdictColumns };
