import { decideEntry } from '#shared/domain/verdict.ts';
import { CHANGE } from '../../db/change-kinds.ts';
import { changedKinds, oldestSeq } from '../../db/repositories/changes.ts';
import { auditedStates, changedIds, entryById, expiredEntries, filesByIds } from '../../db/repositories/evidence.ts';
import { DIGEST_KINDS } from '#shared/domain/hash.ts';
import type { ReadableDb } from '../../db/handles.ts';
import { digestsAt } from './bulk/judge-entries.ts';
import { digestOfHex, type Digest } from './digest-keys.ts';
import { findRows } from './find-rows.ts';
import { gatherEntry } from './gather.ts';
import { createLookup, entryOf, fileOf, type Lookup } from './lookup.ts';
import type { Judge } from './port.ts';
import { withKnownSets } from './set-lookup.ts';
import { holdsVerdict, packVerdict, storeVerdict } from './store-verdict.ts';

/** More changed files and entries than this are judged faster all at once. */
const MOST_CHANGES = 2_000;
const MOST_DIGESTS = 20_000;
/** Steps over files and entries that may lie between a change and a row: entry, entry, file, entry. */
const ROUNDS = 4;

/**
 * Looks again only at rows that a change since `sinceSeq` may have touched, and at rows of entries that have expired.
 * Null when that cannot be told: the feed was pruned, a known set or a setting changed, a file is gone, or too much changed.
 */
export const rejudgeEntries: Judge['rejudge'] = (
  context,
  entries,
  columns,
  sinceSeq,
  since = Number.MIN_SAFE_INTEGER,
) => {
  const { db, now, policy } = context;
  const { seq, kinds } = changedKinds(db, { since: sinceSeq });
  if (!isWhole(db, sinceSeq, seq) || kinds.includes(CHANGE.knownSet) || kinds.includes(CHANGE.setting)) {
    return null;
  }
  const changed = changedDigests(db, sinceSeq, since, now);
  if (changed === null) {
    return null;
  }
  return withKnownSets(db, context.directory, (sets) => {
    const lookup = createLookup(db, sets, now);
    const touched = spread(lookup, changed);
    if (touched === null) {
      return null;
    }
    let moved = 0;
    for (const { entry, bytes, group } of findRows(entries, touched)) {
      const evidence = gatherEntry(lookup, digestsAt(bytes, 0, group.mask), group.link);
      const verdict = packVerdict(decideEntry(evidence, policy, now));
      if (!holdsVerdict(columns, entry, verdict)) {
        storeVerdict(columns, entry, verdict);
        moved += 1;
      }
    }
    return { seq, moved };
  });
};

function isWhole(db: ReadableDb, since: number, seq: number): boolean {
  if (since >= seq) {
    return since === seq;
  }
  const oldest = oldestSeq(db);
  return oldest !== null && oldest <= since + 1;
}

/** Digests of everything that changed, as it is and as it was; null when that is not known or too much. */
function changedDigests(db: ReadableDb, since: number, sinceTime: number, now: number): Map<string, Digest> | null {
  const limit = MOST_CHANGES + 1;
  const files = changedIds(db, { since, kinds: [CHANGE.item, CHANGE.file], limit });
  const changedEntries = changedIds(db, { since, kinds: [CHANGE.listEntry], limit });
  const expired = expiredEntries(db, { since: sinceTime, now, limit });
  const entries = new Set([...changedEntries, ...expired]);
  if (files.length + entries.size > MOST_CHANGES) {
    return null;
  }
  const digests = new Map<string, Digest>();
  const rows = filesByIds(db, files);
  // A file that is gone took its digests along: only a full look tells which rows it was about.
  if (rows.length < files.length) {
    return null;
  }
  for (const digest of rows.flatMap((row) => fileOf(row).digests)) {
    digests.set(digest.hex, digest);
  }
  for (const id of entries) {
    const row = entryById(db, id);
    const present = row === undefined ? [] : entryOf(row).digests;
    for (const digest of [...present, ...auditedStates(db, id).flatMap(digestsOfState)]) {
      digests.set(digest.hex, digest);
    }
  }
  return digests;
}

function digestsOfState(text: string): readonly Digest[] {
  const state = JSON.parse(text) as Record<string, unknown>;
  return DIGEST_KINDS.flatMap((kind) => {
    const hex = state[kind];
    return typeof hex === 'string' ? [digestOfHex(kind, hex)] : [];
  });
}

/** Adds what files and entries tie to the digests, so that rows are found that hear of the change only indirectly. */
export function spread(lookup: Lookup, digests: Map<string, Digest>): ReadonlyMap<string, Digest> | null {
  let fresh = [...digests.values()];
  for (let round = 0; round < ROUNDS && fresh.length > 0; round += 1) {
    const next: Digest[] = [];
    for (const digest of fresh) {
      const tied = [...lookup.files(digest), ...lookup.entries(digest)].flatMap((one) => one.digests);
      for (const other of tied) {
        if (!digests.has(other.hex)) {
          digests.set(other.hex, other);
          next.push(other);
        }
      }
    }
    if (digests.size > MOST_DIGESTS) {
      return null;
    }
    fresh = next;
  }
  return digests;
}
