import type { ReadableDb } from '../../../db/handles.ts';
import { filesByKeys, type FileRow } from '../../../db/repositories/evidence.ts';
import { holdsKey } from '../../triage/bulk/candidates.ts';
import { keyOf, type Digest } from '../../triage/digest-keys.ts';
import { createLookup, fileOf, type KnownFile, type Lookup } from '../../triage/lookup.ts';
import type { KnownSets } from '../../triage/set-lookup.ts';

/** Keys looked for by one statement. */
const KEYS = 500;

/** What the database knows about the digests of a batch of rows. */
export interface BatchLookup {
  readonly lookup: Lookup;
  /** Whether the database may know anything about a digest: a file that holds it, or an entry of the hash list near it. */
  knows(digest: Digest): boolean;
}

/**
 * Looks for the files of many digests at once; of most digests of most lists there are none, and these cost no query each.
 * Sets are left out: they are merged with all rows at once. `listKeys` are the keys of all digests on the list, ascending.
 */
export function batchLookup(
  db: ReadableDb,
  now: number,
  listKeys: Float64Array,
  digests: readonly Digest[],
): BatchLookup {
  const single = createLookup(db, NO_SETS, now);
  const asked = new Set(digests.map(({ hex }) => hex));
  const files = filesOf(db, digests);
  const isListed = (digest: Digest): boolean => holdsKey(listKeys, keyOf(digest.bytes));
  return {
    lookup: {
      files: (digest) => (asked.has(digest.hex) ? (files.get(digest.hex) ?? []) : single.files(digest)),
      // What sources say is read for all files of the batch later.
      items: () => [],
      entries: (digest) => (isListed(digest) ? single.entries(digest) : []),
      sets: () => [],
    },
    knows: (digest) => files.has(digest.hex) || isListed(digest),
  };
}

const NO_SETS: KnownSets = { sets: [], problems: [], holding: () => [], close: () => undefined };

function filesOf(db: ReadableDb, digests: readonly Digest[]): ReadonlyMap<string, readonly KnownFile[]> {
  const wanted = new Map<string, Digest>(digests.map((digest) => [digest.hex, digest]));
  const keys = [...new Set(digests.map(({ bytes }) => keyOf(bytes)))];
  const rows = new Map<number, FileRow>();
  for (let from = 0; from < keys.length; from += KEYS) {
    for (const row of filesByKeys(db, keys.slice(from, from + KEYS))) {
      rows.set(row[0], row);
    }
  }
  const found = new Map<string, KnownFile[]>();
  for (const file of [...rows.values()].sort((a, b) => a[0] - b[0]).map(fileOf)) {
    for (const { hex } of file.digests) {
      if (wanted.has(hex)) {
        found.set(hex, [...(found.get(hex) ?? []), file]);
      }
    }
  }
  return found;
}
