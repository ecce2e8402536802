import type { ListSide } from '#shared/domain/evidence.ts';
import { DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import type { ListRow } from '../../db/repositories/hash-list.ts';

/** Digests in lower-case hex, by kind. */
export type Digests = { readonly [K in DigestKind]?: string | undefined };

/** One entry somebody wants on the list. `null` metadata means "not said": what is there stays. */
export interface Incoming {
  readonly side: ListSide;
  readonly digests: Digests;
  readonly note: string | null;
  readonly reason: string | null;
  readonly addedBy: string | null;
  readonly addedAt: number | null;
  readonly expiresAt: number | null;
  /** Where it was named; null for what a person picked. */
  readonly line: number | null;
}

/** An entry of the draft: stored, changed or new. */
export interface DraftEntry {
  readonly stored: ListRow | null;
  side: ListSide;
  digests: { [K in DigestKind]?: string | undefined };
  note: string;
  reason: string;
  addedBy: string;
  addedAt: number;
  expiresAt: number | null;
  /** The line that named each digest, where one did. */
  readonly lines: { [K in DigestKind]?: number };
  /** The first line that wanted it on its side. */
  sideLine: number | null;
  /** Merged into another entry. */
  gone: boolean;
}

/** Why an incoming entry cannot go in: the digest and where it stands on the other side. */
export interface Opposition {
  readonly hash: string;
  readonly entry: DraftEntry;
  /** The line that put it there; null when only the list did. */
  readonly line: number | null;
}

export interface DraftDefaults {
  readonly by: string;
  /** Seconds since the epoch. */
  readonly at: number;
}

/**
 * The list as it would be, in memory. Entries on one side that share a digest and do not contradict each other are one
 * entry; a digest stands on one side only.
 */
export class ListDraft {
  readonly entries: DraftEntry[] = [];
  readonly #byDigest = new Map<string, DraftEntry | DraftEntry[]>();
  readonly #known = new Set<number>();
  readonly #defaults: DraftDefaults;

  constructor(defaults: DraftDefaults) {
    this.#defaults = defaults;
  }

  /** Puts stored entries into the draft; those it has already are left as they are there. */
  load(rows: readonly ListRow[]): void {
    for (const row of rows) {
      if (!this.#known.has(row.id)) {
        this.#known.add(row.id);
        const { id: _id, md5: _md5, sha1: _sha1, sha256: _sha256, ...kept } = row;
        const fresh = { stored: row, digests: digestsOfRow(row), lines: {}, sideLine: null, gone: false };
        this.#put({ ...kept, ...fresh });
      }
    }
  }

  /** Entries of the other side that hold a digest of this one. Empty: `accept` may be called. */
  opposed(incoming: Incoming): Opposition[] {
    const found: Opposition[] = [];
    for (const [kind, hash] of pairs(incoming.digests)) {
      for (const entry of this.holding(hash)) {
        if (entry.side !== incoming.side && !found.some((other) => other.entry === entry)) {
          found.push({ hash, entry, line: entry.lines[kind] ?? entry.sideLine });
        }
      }
    }
    return found;
  }

  /** Takes the entry in: into those of its side that share a digest and do not contradict it, else as a new one. */
  accept(incoming: Incoming): DraftEntry {
    const [first, ...others] = this.#partners(incoming);
    const entry = first ?? this.#create(incoming);
    for (const other of others) {
      this.#absorb(entry, other);
    }
    if (first !== undefined) {
      this.#refresh(entry, incoming);
    }
    entry.sideLine ??= incoming.line;
    for (const [kind, hash] of pairs(incoming.digests)) {
      this.#give(entry, kind, hash);
      if (incoming.line !== null) {
        entry.lines[kind] ??= incoming.line;
      }
    }
    return entry;
  }

  /**
   * Makes room for an incoming entry that shall win: opposed entries that may be the same file change sides; of those
   * that contradict it, only the shared digests are taken away.
   */
  yieldTo(incoming: Incoming): void {
    let together = incoming.digests;
    for (const { entry } of this.opposed(incoming)) {
      if (!contradicts(entry.digests, together)) {
        entry.side = incoming.side;
        together = { ...together, ...entry.digests };
      }
    }
    for (const [kind, hash] of pairs(together)) {
      for (const entry of this.holding(hash)) {
        if (entry.side !== incoming.side) {
          this.#take(entry, kind, hash);
        }
      }
    }
  }

  /** Live entries that hold this digest, oldest first. */
  holding(hash: string): readonly DraftEntry[] {
    const found = this.#byDigest.get(hash);
    if (found === undefined) {
      return [];
    }
    return Array.isArray(found) ? found : [found];
  }

  #partners(incoming: Incoming): DraftEntry[] {
    const found = new Set<DraftEntry>();
    for (const [, hash] of pairs(incoming.digests)) {
      for (const entry of this.holding(hash)) {
        found.add(entry);
      }
    }
    const partners: DraftEntry[] = [];
    let together = incoming.digests;
    for (const entry of [...found].sort(byAge)) {
      if (!contradicts(entry.digests, together)) {
        partners.push(entry);
        together = { ...together, ...entry.digests };
      }
    }
    return partners;
  }

  #create(incoming: Incoming): DraftEntry {
    const entry: DraftEntry = {
      stored: null,
      side: incoming.side,
      digests: {},
      note: incoming.note ?? '',
      reason: incoming.reason ?? '',
      addedBy: incoming.addedBy ?? this.#defaults.by,
      addedAt: incoming.addedAt ?? this.#defaults.at,
      expiresAt: incoming.expiresAt,
      lines: {},
      sideLine: null,
      gone: false,
    };
    this.#put(entry);
    return entry;
  }

  #refresh(entry: DraftEntry, incoming: Incoming): void {
    entry.note = incoming.note ?? entry.note;
    entry.reason = incoming.reason ?? entry.reason;
    // Listing an expired hash again means that it counts again.
    const expired = entry.expiresAt !== null && entry.expiresAt <= this.#defaults.at;
    entry.expiresAt = incoming.expiresAt ?? (expired ? null : entry.expiresAt);
  }

  #absorb(entry: DraftEntry, other: DraftEntry): void {
    for (const [kind, hash] of pairs(other.digests)) {
      this.#take(other, kind, hash);
      this.#give(entry, kind, hash);
    }
    Object.assign(entry.lines, { ...other.lines, ...entry.lines });
    entry.note = joined(entry.note, other.note);
    entry.reason = joined(entry.reason, other.reason);
    entry.expiresAt =
      entry.expiresAt === null || other.expiresAt === null ? null : Math.max(entry.expiresAt, other.expiresAt);
    other.gone = true;
  }

  #put(entry: DraftEntry): void {
    this.entries.push(entry);
    for (const [, hash] of pairs(entry.digests)) {
      this.#index(hash, entry);
    }
  }

  #give(entry: DraftEntry, kind: DigestKind, hash: string): void {
    if (entry.digests[kind] !== hash) {
      entry.digests[kind] = hash;
      this.#index(hash, entry);
    }
  }

  #take(entry: DraftEntry, kind: DigestKind, hash: string): void {
    delete entry.digests[kind];
    const rest = this.holding(hash).filter((other) => other !== entry);
    const [only] = rest;
    if (only === undefined) {
      this.#byDigest.delete(hash);
    } else {
      this.#byDigest.set(hash, rest.length === 1 ? only : rest);
    }
  }

  #index(hash: string, entry: DraftEntry): void {
    const there = this.holding(hash);
    this.#byDigest.set(hash, there.length === 0 ? entry : [...there, entry]);
  }
}

/** Every digest the entries name, as they come. */
export function* hashesOf(entries: Iterable<{ readonly digests: Digests }>): Generator<string> {
  for (const entry of entries) {
    for (const [, hash] of pairs(entry.digests)) {
      yield hash;
    }
  }
}

/** The digests present, weakest first. */
export function pairs(digests: Digests): [DigestKind, string][] {
  const found: [DigestKind, string][] = [];
  for (const kind of DIGEST_KINDS) {
    const hash = digests[kind];
    if (hash !== undefined) {
      found.push([kind, hash]);
    }
  }
  return found;
}

export function digestsOfRow(row: ListRow): { [K in DigestKind]?: string } {
  return {
    ...(row.md5 === null ? {} : { md5: row.md5 }),
    ...(row.sha1 === null ? {} : { sha1: row.sha1 }),
    ...(row.sha256 === null ? {} : { sha256: row.sha256 }),
  };
}

/** Whether two digest sets name different values of one kind: they cannot be one file. */
export function contradicts(one: Digests, other: Digests): boolean {
  return DIGEST_KINDS.some((kind) => one[kind] !== undefined && other[kind] !== undefined && one[kind] !== other[kind]);
}

function byAge(one: DraftEntry, other: DraftEntry): number {
  return (one.stored?.id ?? Number.MAX_SAFE_INTEGER) - (other.stored?.id ?? Number.MAX_SAFE_INTEGER);
}

function joined(one: string, other: string): string {
  return other === '' || one === other ? one : one === '' ? other : `${one}\n${other}`;
}
