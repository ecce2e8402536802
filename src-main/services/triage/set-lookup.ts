import { join } from 'node:path';
import type { SetMark } from '#shared/domain/evidence.ts';
import { DIGEST_BYTES, DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { ReadableDb } from '../../db/handles.ts';
import { readySets, type ReadySetRow } from '../../db/repositories/evidence.ts';
import { BloomFilter } from '../../intakes/bloom/bloom-filter.ts';
import { SetProducts } from '../../intakes/keys/set-products.ts';
import { PackedReader } from '../../intakes/packed-reader.ts';
import type { Digest } from './digest-keys.ts';
import { clampTime, markOfCode } from './lookup.ts';
import { KeyIndex } from '../../intakes/keys/key-index.ts';
import { DamagedSection, type SetSection, SortedSection } from './bulk/sorted-section.ts';

/** A known set that holds a digest. */
export interface SetHit {
  readonly id: number;
  readonly name: string;
  readonly edition: string;
  readonly mark: SetMark;
  readonly datedAt: number | null;
}

/** A set as sentences name it: "NSRL (edition 2026.03, dated 2026-03-01)". Days are in UTC. */
export function setTitle({ name, edition, datedAt }: SetHit): string {
  const dated = datedAt === null ? [] : [`dated ${new Date(datedAt * 1000).toISOString().slice(0, 10)}`];
  const parts = [...(edition === '' ? [] : [`edition ${edition}`]), ...dated];
  return parts.length === 0 ? name : `${name} (${parts.join(', ')})`;
}

export interface OpenSet {
  readonly hit: SetHit;
  section(kind: DigestKind): SetSection | null;
  /** Which of its digests of that kind this is, or -1. */
  find(digest: Digest): number;
  /** Says what is possible; null for a set that holds digests. */
  readonly filter: BloomFilter | null;
  /** What its digests belong to; null where it does not say. */
  readonly products: SetProducts | null;
}

/** The known sets in force, opened for one piece of work. */
export interface KnownSets {
  readonly sets: readonly OpenSet[];
  /** Sentences that name sets which could not be read; what they hold is missing from the answers. */
  readonly problems: readonly string[];
  holding(digest: Digest): readonly SetHit[];
  close(): void;
}

/**
 * Opens every ready set below the data directory. One that cannot be read, or whose path is among `damaged`, is named
 * as a problem, never silently left out.
 */
export function openKnownSets(db: ReadableDb, directory: string, damaged: ReadonlySet<string> = new Set()): KnownSets {
  const readers: PackedReader[] = [];
  const sets: OpenSet[] = [];
  const problems: string[] = [];
  for (const row of readySets(db)) {
    const path = join(directory, row.path);
    if (damaged.has(path)) {
      problems.push(`The known set ${row.name} was left out: its file ${path} is damaged. ${remedyFor(row)}`);
      continue;
    }
    try {
      const reader = new PackedReader(path, 'known-set');
      readers.push(reader);
      sets.push(openSet(row, reader));
    } catch (error) {
      if (!isAppError(error)) {
        throw error;
      }
      problems.push(`The known set ${row.name} was left out: ${error.message} ${remedyFor(row)}`);
    }
  }
  return {
    sets,
    problems,
    holding: (digest) => sets.filter((set) => set.find(digest) !== -1).map((set) => set.hit),
    close: () => {
      for (const reader of readers) {
        reader.close();
      }
    },
  };
}

/**
 * Works with the known sets in force. One that proves damaged on the way never gives an answer: it is put aside, named as a
 * problem, and the work is done anew.
 */
export function withKnownSets<T>(db: ReadableDb, directory: string, work: (sets: KnownSets) => T): T {
  const damaged = new Set<string>();
  for (;;) {
    const sets = openKnownSets(db, directory, damaged);
    try {
      return work(sets);
    } catch (error) {
      if (!(error instanceof DamagedSection) || damaged.has(error.path)) {
        throw error;
      }
      damaged.add(error.path);
    } finally {
      sets.close();
    }
  }
}

/** The same sets, of which damaged ones hold nothing: for work that does not state what sets say. */
export function leavingOutDamaged(sets: KnownSets): KnownSets {
  return {
    ...sets,
    holding: (digest) =>
      sets.sets
        .filter((set) => {
          try {
            return set.find(digest) !== -1;
          } catch (error) {
            if (error instanceof DamagedSection) {
              return false;
            }
            throw error;
          }
        })
        .map((set) => set.hit),
  };
}

function remedyFor({ syncJob }: ReadySetRow): string {
  return syncJob === null ? 'Import it again.' : 'The next run of its sync job makes it again.';
}

function openSet(row: ReadySetRow, reader: PackedReader): OpenSet {
  const sections = new Map(
    DIGEST_KINDS.filter((kind) => reader.bytesIn(kind) > 0).map((kind) => [kind, sectionOf(reader, kind)]),
  );
  const { id, name, edition } = row;
  return {
    hit: { id, name, edition, mark: markOfCode(row.mark), datedAt: clampTime(row.datedAt) },
    section: (kind) => sections.get(kind) ?? null,
    find: (digest) => placeIn(sections.get(digest.kind), digest),
    filter: BloomFilter.isIn(reader)
      ? new BloomFilter(reader, (section) => new DamagedSection(reader.path, section))
      : null,
    products: SetProducts.areIn(reader)
      ? new SetProducts(reader, (section) => new DamagedSection(reader.path, section))
      : null,
  };
}

function sectionOf(reader: PackedReader, kind: DigestKind): SetSection {
  const width = DIGEST_BYTES[kind];
  return KeyIndex.covers(reader, kind)
    ? new KeyIndex(reader, kind, width, (section) => new DamagedSection(reader.path, section))
    : new SortedSection(reader, kind, width);
}

function placeIn(section: SetSection | undefined, digest: Digest): number {
  if (section === undefined) {
    return -1;
  }
  return section instanceof KeyIndex ? section.find(digest.bytes) : (section.findAll(digest.bytes)[0] ?? -1);
}
