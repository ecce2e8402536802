import { randomBytes } from 'node:crypto';
import type { ImportPreview, ListChange } from '#shared/contract/hash-list.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { DigestSet, HexDigest } from '#shared/domain/hash.ts';
import type { Database } from '../../db/port.ts';
import type { ListRow } from '../../db/repositories/hash-list.ts';
import type { Clock } from '../../platform/clock.ts';
import { auditRow } from './audit.ts';
import {
  addEntries,
  planEntries,
  removeByHash,
  removeEntries,
  type Stamp,
  undoChange,
  updateEntry,
} from './changes.ts';
import { decodedText } from './csv/decode.ts';
import { readListCsv } from './csv/read-file.ts';
import { entryLine, headerLine } from './csv/write-text.ts';
import { type Digests, type Incoming, digestsOfRow, pairs } from './draft.ts';
import { findHashes } from './find-hashes.ts';
import { batches, writePlan } from './plan.ts';
import type { HashListService } from './port.ts';
import { type ImportPlan, planImport } from './preview.ts';

export interface HashListOptions {
  readonly clock: Clock;
  /** Who is named beside changes. */
  analyst(): string | Promise<string>;
  /** In how many kept intakes each of these digest sets occurs. */
  readonly countIntakesHolding?: ((files: readonly DigestSet[]) => Promise<readonly number[]>) | undefined;
}

interface HeldPreview {
  readonly plan: ImportPlan;
  readonly revision: number;
  readonly name: string;
}

/** Previews that can still be carried out: the last few. */
const HELD_PREVIEWS = 2;
const SHOWN_PROBLEMS = 500;

/** The team's hash list on a database. Each change is one transaction, audited, and can be taken back. */
export function createHashList(database: Database, options: HashListOptions): HashListService {
  const held = new Map<string, HeldPreview>();
  const now = (): number => Math.floor(options.clock.now() / 1000);
  const stamp = async (): Promise<Stamp> => ({ by: await options.analyst(), at: now() });
  const countIntakes = options.countIntakesHolding ?? (async (files) => files.map(() => 0));

  // One change at a time: two plans of one process would only make each other stale.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(change: (now: Stamp) => Promise<T>): Promise<T> => {
    const mine = last.then(stamp).then(change);
    last = mine.catch(() => undefined);
    return mine;
  };

  const add = (groups: readonly Group[], entry: Said): Promise<ListChange> => {
    const incoming = incomingOf(groups, entry);
    return inTurn((now) => addEntries(database, incoming, now));
  };

  return {
    async page(query, page) {
      const found = await database.read('hashListPage', { query, ...page, now: now() });
      const digests = found.rows.map((row) => digestsOfRow(row) as DigestSet);
      const seenIn = await countIntakes(digests);
      const rows = found.rows.map(({ md5: _md5, sha1: _sha1, sha256: _sha256, ...row }, place) => ({
        ...row,
        digests: digests[place] ?? {},
        expired: row.expiresAt !== null && row.expiresAt <= now(),
        seenIn: seenIn[place] ?? 0,
      }));
      return { total: found.total, rows, counts: found.counts };
    },
    async add(input) {
      const groups = input.groups.map((digests, place) => ({ digests: lowerCase(digests, place), line: null }));
      return add(groups, input);
    },
    async planAdd(input) {
      const groups = input.groups.map((digests, place) => ({ digests: lowerCase(digests, place), line: null }));
      return planEntries(database, incomingOf(groups, input), await stamp());
    },
    async addText(input) {
      const found = findHashes(input.text);
      if (found.length === 0) {
        throw new AppError('INVALID_ARGUMENT', 'The text holds no MD5, SHA-1 or SHA-256 hash. Nothing was added.');
      }
      return add(
        found.map(({ kind, hash, line }) => ({ digests: { [kind]: hash }, line })),
        input,
      );
    },
    update: (input) => inTurn((now) => updateEntry(database, input, now)),
    remove: (ids) => inTurn((now) => removeEntries(database, ids, now)),
    removeHashes: (hashes) => inTurn((now) => removeByHash(database, hashes, now)),
    undo: (changeId) => inTurn((now) => undoChange(database, changeId, now)),
    async preview(file, choices): Promise<ImportPreview> {
      const read = await readListCsv(file.name, decodedText(file.name, file.chunks));
      const revision = await database.read('hashListRevision', {});
      const plan = await planImport(database, read, choices, await stamp());
      const token = randomBytes(12).toString('hex');
      held.set(token, { plan, revision, name: file.name });
      for (const old of [...held.keys()].slice(0, -HELD_PREVIEWS)) {
        held.delete(old);
      }
      const { added, updated, removed, unchanged, leftOut } = plan;
      const counts = { added, updated, removed, unchanged, leftOut };
      const problems = plan.problems.slice(0, SHOWN_PROBLEMS);
      return { token, name: file.name, lines: read.lines, ...counts, problems, problemCount: plan.problems.length };
    },
    async import(token): Promise<ListChange> {
      const preview = held.get(token);
      if (preview === undefined) {
        throw new AppError(
          'NOT_FOUND',
          'This preview is no longer held. Preview the file again; nothing was imported.',
        );
      }
      const { plan, revision, name } = preview;
      if (plan.problems.length > 0) {
        throw new AppError('CONFLICT', `${name} has ${plan.problems.length} open problems. Nothing was imported.`);
      }
      const { added, updated, removed, unchanged } = plan;
      const counts = { added, updated, removed, unchanged, problems: [] };
      if (plan.ops.length === 0) {
        held.delete(token);
        return { ...counts, changeId: null };
      }
      const request = { revision, ops: plan.ops, action: 'import' as const };
      const changeId = await inTurn((now) => writePlan(database, { ...request, ...now }));
      held.delete(token);
      if (changeId === null) {
        throw new AppError(
          'CONFLICT',
          `The hash list changed since ${name} was previewed. Preview it again; nothing was imported.`,
        );
      }
      return { ...counts, changeId };
    },
    async *exportCsv() {
      yield headerLine();
      for await (const rows of batches(database)) {
        yield rows.map((row: ListRow) => entryLine(row)).join('');
      }
    },
    async audit(entryId, page) {
      const found = await database.read('hashListAudit', { entryId, ...page });
      return { total: found.total, rows: found.rows.map(auditRow) };
    },
  };
}

type Group = Pick<Incoming, 'digests' | 'line'>;
type Said = Pick<Incoming, 'side' | 'expiresAt'> & { readonly note: string; readonly reason: string };

/** Entries as a person wants them: what was left empty is not said. */
function incomingOf(groups: readonly Group[], entry: Said): Incoming[] {
  const said = { note: entry.note || null, reason: entry.reason || null, addedBy: null, addedAt: null };
  return groups.map((group) => ({ side: entry.side, expiresAt: entry.expiresAt, ...said, ...group }));
}

/** The window sends digests as they were picked; they are kept in lower case and must be hex of their kind's length. */
function lowerCase(digests: Digests, place: number): DigestSet {
  const found = pairs(digests);
  if (found.length === 0 || found.some(([, hash]) => !/^[0-9a-fA-F]+$/.test(hash))) {
    throw new AppError('INVALID_ARGUMENT', `Group ${place + 1} holds no usable hash. Nothing was added.`);
  }
  return Object.fromEntries(found.map(([kind, hash]) => [kind, hash.toLowerCase() as HexDigest]));
}
