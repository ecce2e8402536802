import { setImmediate as nextTurn } from 'node:timers/promises';
import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import type { DigestKind } from '#shared/domain/hash.ts';
import type { ReadableDb } from '../../../db/handles.ts';
import type { ReportRow, ReportSetHit } from '../../../destinations/report/port.ts';
import type { IntakeFile } from '../../../intakes/intake-file.ts';
import type { VerdictColumns } from '../../../intakes/verdict-columns.ts';
import { exportRow, verdictAt } from '../../intake/host/rows.ts';
import { digestsAt } from '../../triage/bulk/judge-entries.ts';
import { readListKeys } from '../../triage/bulk/walk-entries.ts';
import type { Digest } from '../../triage/digest-keys.ts';
import type { KnownSets } from '../../triage/set-lookup.ts';
import { setsHolding } from '../../triage/sets-holding.ts';
import { batchLookup } from './batch-lookup.ts';
import { notesOf, type RowNotes } from './row-notes.ts';
import {
  Answers,
  certainDigests,
  evidenceOf,
  listEntriesOf,
  tiedDigests,
  type RowEvidence,
  type TiedDigest,
} from './row-evidence.ts';
import { withHit, type SetHits } from './set-hits.ts';

const BATCH_ROWS = 1_000;

/** What rows of one moment are put together from. */
export interface RowParts {
  readonly db: ReadableDb;
  readonly file: IntakeFile;
  /** Of the moment of the report; nothing changes them while rows are taken. */
  readonly verdicts: VerdictColumns;
  readonly triaged: VerdictColumns;
  readonly policy: VerdictPolicy;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly sets: KnownSets;
  readonly hits: SetHits;
}

/** One row while it is put together. */
interface Draft {
  readonly entry: number;
  readonly link: ReportRow['digestLink'];
  readonly digests: readonly Digest[];
  /** Null when the database ties nothing to the row. */
  evidence: RowEvidence | null;
}

/**
 * The rows of a report in batches, in the order of `order`. Everything is read for a whole batch at once, and only of rows
 * that the database knows anything about; other work gets its turn between batches.
 */
export async function* reportRows(
  parts: RowParts,
  order: Uint32Array,
  signal: AbortSignal,
): AsyncGenerator<readonly ReportRow[]> {
  const listKeys = readListKeys(parts.db);
  for (let from = 0; from < order.length; from += BATCH_ROWS) {
    signal.throwIfAborted();
    yield batchOf(parts, order.subarray(from, from + BATCH_ROWS), listKeys);
    await nextTurn();
  }
}

function batchOf(parts: RowParts, entries: Uint32Array, listKeys: Float64Array): readonly ReportRow[] {
  const { db, file, policy, now } = parts;
  const drafts = Array.from(entries, (entry) => draftOf(file, entry));
  const known = batchLookup(
    db,
    now,
    listKeys,
    drafts.flatMap(({ digests }) => digests),
  );
  const evidence: RowEvidence[] = [];
  for (const draft of drafts) {
    if (draft.digests.some((digest) => known.knows(digest))) {
      draft.evidence = evidenceOf(known.lookup, draft.digests, draft.link);
      evidence.push(draft.evidence);
    }
  }
  const answers = new Answers(db, evidence, policy, now);
  const tied = tiedHits(
    parts.sets,
    evidence.flatMap(tiedDigests).map(({ digest }) => digest),
  );
  const notes = notesOf(db, drafts.map(noteDigests));
  return drafts.map((draft, place) => rowOf(parts, draft, answers, tied, notes[place] ?? NO_NOTES));
}

function rowOf(
  { db, file, verdicts, triaged, hits }: RowParts,
  { entry, link, digests, evidence }: Draft,
  answers: Answers,
  tied: TiedHits,
  { note, tags }: RowNotes,
): ReportRow {
  const own = link === 'asserted' ? hits.of(entry).map(ownHit(digests[0]?.kind)) : hits.of(entry);
  return {
    ...exportRow(file, verdicts, entry),
    triaged: verdictAt(triaged, entry),
    digestLink: link,
    answers: evidence === null ? NONE : answers.of(evidence),
    sets: evidence === null ? own : tiedDigests(evidence).reduce((found, one) => withTied(found, tied, one), own),
    listEntries: evidence === null ? NONE : listEntriesOf(db, evidence),
    note,
    tags,
  };
}

const NONE: readonly never[] = [];
const NO_NOTES: RowNotes = { note: '', tags: NONE };

function draftOf(file: IntakeFile, entry: number): Draft {
  const group = file.groups[file.groupOf(entry)];
  const digests = digestsAt(file.entryBytes(entry), 0, group?.mask ?? 0);
  return { entry, link: group?.link ?? 'single', digests, evidence: null };
}

/** The digests notes of a row may be written on: never those that only the dropped list ties to it. */
function noteDigests({ digests, link, evidence }: Draft): readonly Digest[] {
  if (evidence !== null) {
    return certainDigests(evidence);
  }
  return link === 'asserted' ? digests.slice(0, 1) : digests;
}

/** Sets that hold digests tied to rows, by the digest's hex text. */
type TiedHits = ReadonlyMap<string, readonly ReportSetHit[]>;

function tiedHits(sets: KnownSets, digests: readonly Digest[]): TiedHits {
  const found = new Map<string, readonly ReportSetHit[]>();
  if (sets.sets.length === 0 || digests.length === 0) {
    return found;
  }
  const places = new Map(sets.sets.map(({ hit }, place) => [hit.id, place]));
  const kinds = new Map(digests.map(({ hex, kind }) => [hex, kind]));
  for (const [hex, hits] of setsHolding(sets, digests)) {
    found.set(
      hex,
      hits.map(({ id }) => ({ set: places.get(id) ?? 0, matchedBy: kinds.get(hex) ?? 'sha256' })),
    );
  }
  for (const [set, { filter }] of sets.sets.entries()) {
    if (filter !== null) {
      const matchedBy = filter.meta.digest;
      const asked = [...kinds].flatMap(([hex, kind]) => (kind === matchedBy ? [hex] : []));
      const held = filter.mayHoldEach(asked);
      for (const hex of asked.filter((_, place) => held[place] === 1)) {
        found.set(hex, [...(found.get(hex) ?? []), { set, matchedBy }]);
      }
    }
  }
  return found;
}

function withTied(
  found: readonly ReportSetHit[],
  tied: TiedHits,
  { digest, asserted }: TiedDigest,
): readonly ReportSetHit[] {
  return (tied.get(digest.hex) ?? NONE)
    .map((hit) => (asserted === null ? hit : { ...hit, asserted }))
    .reduce<readonly ReportSetHit[]>(withHit, found);
}

/** A hit on a digest of a row whose others than the strongest are its own by the list alone. */
function ownHit(strongest: DigestKind | undefined): (hit: ReportSetHit) => ReportSetHit {
  return (hit) => (hit.matchedBy === strongest ? hit : { ...hit, asserted: hit.matchedBy });
}
