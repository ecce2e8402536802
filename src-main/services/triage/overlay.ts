import type { DigestSet } from '#shared/domain/hash.ts';
import type { ListSide } from '#shared/domain/evidence.ts';
import { DIGEST_KINDS } from '#shared/domain/hash.ts';
import { digestOfHex } from './digest-keys.ts';
import type { KnownEntry, Lookup } from './lookup.ts';

/** A hash-list entry as it would be. */
export interface PlannedEntry {
  /** Of the entry that is changed; null for a new one. */
  readonly id: number | null;
  readonly side: ListSide;
  /** Seconds since the epoch. */
  readonly addedAt: number;
  readonly digests: DigestSet;
}

/** A change of the hash list that is only planned. */
export interface ListOverlay {
  /** Entries that are removed or changed, by number. */
  readonly gone: readonly number[];
  /** Entries that are new or changed, as they would be in force. */
  readonly planned: readonly PlannedEntry[];
}

/** The lookup as it would answer after the change. */
export function afterChange(lookup: Lookup, overlay: ListOverlay): Lookup {
  const gone = new Set(overlay.gone);
  const planned = byDigest(entriesOf(overlay));
  return {
    ...lookup,
    entries: (digest) =>
      [...lookup.entries(digest).filter(({ id }) => !gone.has(id)), ...(planned.get(digest.hex) ?? [])].sort(
        (a, b) => ageOf(a) - ageOf(b),
      ),
  };
}

/** The lookup with entries of before and after: whatever the change may touch is reached through it. */
export function beforeAndAfter(lookup: Lookup, overlay: ListOverlay): Lookup {
  const planned = byDigest(entriesOf(overlay));
  return { ...lookup, entries: (digest) => [...lookup.entries(digest), ...(planned.get(digest.hex) ?? [])] };
}

/** The planned entries; new ones have numbers below zero. */
export function entriesOf({ planned }: ListOverlay): KnownEntry[] {
  return planned.map(({ id, side, addedAt, digests }, place) => ({
    id: id ?? -1 - place,
    side,
    addedAt,
    digests: DIGEST_KINDS.toReversed().flatMap((kind) => {
      const hex = digests[kind];
      return hex === undefined ? [] : [digestOfHex(kind, hex)];
    }),
  }));
}

function byDigest(entries: readonly KnownEntry[]): ReadonlyMap<string, readonly KnownEntry[]> {
  const found = new Map<string, KnownEntry[]>();
  for (const entry of entries) {
    for (const { hex } of entry.digests) {
      found.set(hex, [...(found.get(hex) ?? []), entry]);
    }
  }
  return found;
}

/** New entries are written after all others, in their order. */
function ageOf({ id }: KnownEntry): number {
  return id > 0 ? id : Number.MAX_SAFE_INTEGER / 2 - id;
}
