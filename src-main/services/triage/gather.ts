import type { EntryEvidence, Evidence, ItemEvidence, ListEvidence, SetEvidence } from '#shared/domain/evidence.ts';
import type { EntryLink } from '../../intakes/intake-columns.ts';
import type { Digest } from './digest-keys.ts';
import type { KnownEntry, KnownFile, Lookup } from './lookup.ts';
import type { SetHit } from './set-lookup.ts';

/** How many entries of the list may follow one another when they tie digests together. */
const TEAM_ROUNDS = 2;

/** A digest of the row, or one an entry of the team's list ties to it. */
interface Tie {
  readonly digest: Digest;
  /** The row's own digest it was reached from. */
  readonly from: Digest;
  readonly team: boolean;
  /** Only an MD5 or a SHA-1 led here. */
  readonly weak: boolean;
}

export interface FoundFile {
  readonly file: KnownFile;
  readonly tie: Tie;
  readonly items: readonly ItemEvidence[];
}
export interface FoundEntry {
  readonly entry: KnownEntry;
  readonly evidence: ListEvidence;
}
export interface FoundSet {
  readonly hit: SetHit;
  readonly evidence: SetEvidence;
}

/** What is known about one group of digests that stand for the same file, with where it came from. */
export interface Gathered {
  readonly own: readonly Evidence[];
  readonly contradicting: readonly Evidence[];
  readonly ties: readonly Tie[];
  readonly files: readonly FoundFile[];
  readonly entries: readonly FoundEntry[];
  readonly sets: readonly FoundSet[];
}

/** One file the digests may stand for, while its evidence is put together. */
interface Candidate {
  readonly digests: Map<string, string>;
  readonly list: ListEvidence[];
  readonly items: ItemEvidence[];
  readonly sets: SetEvidence[];
}

/**
 * The evidence for a row. Digests that only the dropped list ties together are looked at one by one, so that a good
 * word on one of them cannot silence a bad word on another.
 */
export function gatherEntry(lookup: Lookup, digests: readonly Digest[], link: EntryLink): EntryEvidence {
  const { own, asserted } = splitByLink(digests, link);
  const gathered = gather(lookup, own);
  return {
    own: gathered.own,
    contradicting: gathered.contradicting,
    asserted: asserted.flatMap((digest) => gather(lookup, [digest]).own),
  };
}

/** Strongest first: what is certainly the row, and what the dropped list merely says is the same file. */
export function splitByLink(
  digests: readonly Digest[],
  link: EntryLink,
): { readonly own: readonly Digest[]; readonly asserted: readonly Digest[] } {
  return link === 'asserted'
    ? { own: digests.slice(0, 1), asserted: digests.slice(1) }
    : { own: digests, asserted: [] };
}

/**
 * Everything known about digests of one file, strongest first.
 *
 * From the digests over entries of the team's list to more digests, from all of these to files, from the files' other
 * digests to list and sets. It never goes from a file's other digest to further files: an MD5 that two files share
 * would bring one file's answers to the other. Whatever differs from `digests` in a digest of the same kind is another
 * file and kept apart as contradicting.
 */
export function gather(lookup: Lookup, digests: readonly Digest[]): Gathered {
  const row = new Map<string, string>(digests.map((digest) => [digest.kind, digest.hex]));
  const ties = new Map<string, Tie>();
  for (const digest of digests) {
    ties.set(digest.hex, { digest, from: digest, team: false, weak: isWeak(digest) });
  }
  const entries = new Map<number, FoundEntry>();
  const contradicting = new Map<string, Evidence>();
  followTeam(lookup, row, ties, entries, contradicting);
  const files = findFiles(lookup, row, ties, contradicting);
  const candidates = groupFiles(row, files);
  for (const { entry, evidence } of entries.values()) {
    attachEntry(row, candidates, entry, evidence);
  }
  const sets: FoundSet[] = [];
  for (const tie of ties.values()) {
    for (const hit of lookup.sets(tie.digest)) {
      attachSet(row, candidates, sets, tie, hit);
    }
  }
  addLinked(lookup, row, ties, files, entries, sets, contradicting);
  return {
    own: candidates,
    contradicting: [...contradicting.values()],
    ties: [...ties.values()],
    files: files.map(({ found }) => found),
    entries: [...entries.values()],
    sets,
  };
}

function isWeak(digest: Digest): boolean {
  return digest.kind !== 'sha256';
}

function contradicts(known: ReadonlyMap<string, string>, digests: readonly Digest[]): boolean {
  return digests.some((digest) => {
    const hex = known.get(digest.kind);
    return hex !== undefined && hex !== digest.hex;
  });
}

function followTeam(
  lookup: Lookup,
  row: ReadonlyMap<string, string>,
  ties: Map<string, Tie>,
  entries: Map<number, FoundEntry>,
  contradicting: Map<string, Evidence>,
): void {
  let fresh = [...ties.values()];
  for (let round = 0; round <= TEAM_ROUNDS && fresh.length > 0; round += 1) {
    const next: Tie[] = [];
    for (const tie of fresh) {
      const weak = tie.weak || isWeak(tie.digest);
      for (const entry of lookup.entries(tie.digest)) {
        if (entries.has(entry.id)) {
          continue;
        }
        if (contradicts(row, entry.digests)) {
          contradicting.set(`entry ${entry.id}`, onlyList(entry));
          continue;
        }
        entries.set(entry.id, { entry, evidence: listEvidence(entry, weak) });
        for (const digest of entry.digests) {
          if (!ties.has(digest.hex) && round < TEAM_ROUNDS) {
            const tied: Tie = { digest, from: tie.from, team: true, weak };
            ties.set(digest.hex, tied);
            next.push(tied);
          }
        }
      }
    }
    fresh = next;
  }
}

interface Placed {
  readonly found: FoundFile;
  readonly weak: boolean;
  candidate: Candidate | null;
}

function findFiles(
  lookup: Lookup,
  row: ReadonlyMap<string, string>,
  ties: ReadonlyMap<string, Tie>,
  contradicting: Map<string, Evidence>,
): Placed[] {
  const found = new Map<number, Placed>();
  for (const tie of ties.values()) {
    const weak = tie.weak || isWeak(tie.digest);
    for (const file of lookup.files(tie.digest)) {
      const known = found.get(file.id);
      if (known !== undefined && (weak || !known.weak)) {
        continue;
      }
      const items = lookup.items(file.id).map((item) => (weak ? { ...item, weak } : item));
      if (contradicts(row, file.digests)) {
        contradicting.set(`file ${file.id}`, { list: [], items, sets: [] });
      } else {
        found.set(file.id, { found: { file, tie, items }, weak, candidate: null });
      }
    }
  }
  return [...found.values()].sort((a, b) => a.found.file.id - b.found.file.id);
}

/** Rows of `files` that agree in every digest they share are one file that the database has not joined yet. */
function groupFiles(row: ReadonlyMap<string, string>, files: readonly Placed[]): Candidate[] {
  const candidates: Candidate[] = [];
  for (const placed of files) {
    const { digests } = placed.found.file;
    let candidate = candidates.find((one) => !contradicts(one.digests, digests));
    if (candidate === undefined) {
      candidate = newCandidate(row);
      candidates.push(candidate);
    }
    learn(candidate, digests);
    candidate.items.push(...placed.found.items);
    placed.candidate = candidate;
  }
  return candidates;
}

function newCandidate(row: ReadonlyMap<string, string>): Candidate {
  return { digests: new Map(row), list: [], items: [], sets: [] };
}

function learn(candidate: Candidate, digests: readonly Digest[]): void {
  for (const digest of digests) {
    candidate.digests.set(digest.kind, digest.hex);
  }
}

function attachEntry(
  row: ReadonlyMap<string, string>,
  candidates: Candidate[],
  entry: KnownEntry,
  evidence: ListEvidence,
): void {
  const fitting = candidates.filter((candidate) => !contradicts(candidate.digests, entry.digests));
  if (fitting.length === 0) {
    const candidate = newCandidate(row);
    learn(candidate, entry.digests);
    candidates.push(candidate);
    fitting.push(candidate);
  }
  for (const candidate of fitting) {
    candidate.list.push(evidence);
  }
}

function attachSet(
  row: ReadonlyMap<string, string>,
  candidates: Candidate[],
  sets: FoundSet[],
  tie: Tie,
  hit: SetHit,
): void {
  if (candidates.length === 0) {
    candidates.push(newCandidate(row));
  }
  const fitting = candidates.filter((candidate) => !contradicts(candidate.digests, [tie.digest]));
  addSet(fitting, sets, hit, tie.weak || isWeak(tie.digest));
}

/** A set that holds several digests of a file answers once, and strongly if any of them is a SHA-256. */
function addSet(candidates: readonly Candidate[], sets: FoundSet[], hit: SetHit, weak: boolean): void {
  const known = sets.find((found) => found.hit.id === hit.id && (found.evidence.weak !== true) === !weak);
  const evidence = known?.evidence ?? setEvidence(hit, weak);
  if (known === undefined) {
    sets.push({ hit, evidence });
  }
  for (const candidate of candidates) {
    const same = candidate.sets.findIndex((one) =>
      sets.some((found) => found.hit.id === hit.id && found.evidence === one),
    );
    if (same === -1) {
      candidate.sets.push(evidence);
    } else if (!weak) {
      candidate.sets[same] = evidence;
    }
  }
}

/** What list and sets say about the files' other digests. */
function addLinked(
  lookup: Lookup,
  row: ReadonlyMap<string, string>,
  ties: ReadonlyMap<string, Tie>,
  files: readonly Placed[],
  entries: Map<number, FoundEntry>,
  sets: FoundSet[],
  contradicting: Map<string, Evidence>,
): void {
  for (const { found, weak: fileWeak, candidate } of files) {
    for (const digest of found.file.digests) {
      if (candidate === null || ties.has(digest.hex)) {
        continue;
      }
      const weak = fileWeak || isWeak(digest);
      for (const hit of lookup.sets(digest)) {
        addSet([candidate], sets, hit, weak);
      }
      for (const entry of lookup.entries(digest)) {
        const known = entries.get(entry.id)?.evidence ?? listEvidence(entry, weak);
        if (contradicts(row, entry.digests) || contradicts(candidate.digests, entry.digests)) {
          contradicting.set(`entry ${entry.id}`, onlyList(entry));
        } else if (!candidate.list.includes(known)) {
          entries.set(entry.id, { entry, evidence: known });
          candidate.list.push(known);
        }
      }
    }
  }
}

function listEvidence(entry: KnownEntry, weak: boolean): ListEvidence {
  const evidence = { side: entry.side, addedAt: entry.addedAt };
  return weak ? { ...evidence, weak } : evidence;
}

function onlyList(entry: KnownEntry): Evidence {
  return { list: [listEvidence(entry, true)], items: [], sets: [] };
}

function setEvidence(hit: SetHit, weak: boolean): SetEvidence {
  const evidence = { mark: hit.mark, datedAt: hit.datedAt };
  return weak ? { ...evidence, weak } : evidence;
}
