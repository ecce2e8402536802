import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import type { DigestKind } from '#shared/domain/hash.ts';
import { sourceOfCode } from '#shared/domain/source.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import { isStale } from '#shared/domain/verdict.ts';
import { noAnswerOfCode } from '../../../db/codes.ts';
import type { ReadableDb } from '../../../db/handles.ts';
import { entryDetail, itemDetailsOfFiles, type ItemDetailRow } from '../../../db/repositories/evidence.ts';
import type { EntryLink } from '../../../intakes/intake-columns.ts';
import type { ReportAnswer, ReportRow } from '../../../destinations/report/port.ts';
import type { Digest } from '../../triage/digest-keys.ts';
import { linkTo } from '../../triage/explain.ts';
import { gather, splitByLink, type FoundFile, type Gathered } from '../../triage/gather.ts';
import type { Lookup } from '../../triage/lookup.ts';

/** Files whose items are read by one statement. */
const FILES = 500;

/** What belongs to the digests of one row: certainly, and as the dropped list alone says. */
export interface RowEvidence {
  readonly certain: Gathered;
  readonly claimed: readonly Gathered[];
}

/** Everything the database ties to a row, by the rules of judging. */
export function evidenceOf(lookup: Lookup, digests: readonly Digest[], link: EntryLink): RowEvidence {
  const { own, asserted } = splitByLink(digests, link);
  return { certain: gather(lookup, own), claimed: asserted.map((digest) => gather(lookup, [digest])) };
}

/** A digest tied to a row, and the row's digest that leads to it where only the list ties that one to the row. */
export interface TiedDigest {
  readonly digest: Digest;
  readonly asserted: DigestKind | null;
}

/** Digests tied to a row beside its own: other digests of its file, and those an entry of the hash list names with it. */
export function tiedDigests({ certain, claimed }: RowEvidence): readonly TiedDigest[] {
  return [
    ...tiedBy(certain).map((digest) => ({ digest, asserted: null })),
    ...claimed.flatMap((gathered) =>
      tiedBy(gathered).map((digest) => ({ digest, asserted: gathered.ties[0]?.from.kind ?? null })),
    ),
  ];
}

function tiedBy({ ties, files }: Gathered): readonly Digest[] {
  return [...ties.map(({ digest }) => digest), ...files.flatMap(({ file }) => file.digests)];
}

/** The digests that are certainly the row's file, its own ones included. */
export function certainDigests({ certain }: RowEvidence): readonly Digest[] {
  return tiedBy(certain);
}

/** What each source says about the files of many rows, read together. */
export class Answers {
  readonly #items = new Map<number, ItemDetailRow[]>();
  readonly #policy: VerdictPolicy;
  readonly #now: number;

  constructor(db: ReadableDb, rows: readonly RowEvidence[], policy: VerdictPolicy, now: number) {
    this.#policy = policy;
    this.#now = now;
    const ids = new Set(
      rows.flatMap(({ certain, claimed }) => [certain, ...claimed].flatMap(({ files }) => files.map(idOf))),
    );
    const all = [...ids];
    for (let from = 0; from < all.length; from += FILES) {
      for (const item of itemDetailsOfFiles(db, all.slice(from, from + FILES))) {
        const known = this.#items.get(item.fileId) ?? [];
        known.push(item);
        this.#items.set(item.fileId, known);
      }
    }
  }

  /** The answers about a row's files, each once; of a file that is certainly the row's first. */
  of({ certain, claimed }: RowEvidence): readonly ReportAnswer[] {
    const seen = new Set<number>();
    const answers: ReportAnswer[] = [];
    const add = (found: FoundFile, asserted: boolean): void => {
      if (!seen.has(found.file.id)) {
        seen.add(found.file.id);
        for (const item of this.#items.get(found.file.id) ?? []) {
          const answer = this.#answer(item, found, asserted);
          if (answer !== null) {
            answers.push(answer);
          }
        }
      }
    };
    certain.files.forEach((found) => add(found, false));
    claimed.flatMap(({ files }) => files).forEach((found) => add(found, true));
    return answers;
  }

  #answer(item: ItemDetailRow, found: FoundFile, asserted: boolean): ReportAnswer | null {
    const source = sourceOfCode(item.source);
    if (source === null) {
      return null;
    }
    return {
      source,
      status: statusOfCode(item.status),
      noAnswer: noAnswerOfCode(item.noAnswer),
      score: item.score,
      threat: item.threat,
      rawCode: item.rawCode,
      scannedAt: item.scannedAt,
      stale: isStale(item.scannedAt, this.#policy, this.#now),
      matchedBy: found.tie.from.kind,
      link: asserted ? 'asserted' : linkTo(found),
    };
  }
}

/** Entries of the hash list that speak about a row, each once, the oldest first. */
export function listEntriesOf(db: ReadableDb, { certain, claimed }: RowEvidence): ReportRow['listEntries'] {
  const entries = [certain, ...claimed].flatMap((gathered) => gathered.entries.map(({ entry }) => entry));
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()]
    .sort((a, b) => a.id - b.id)
    .map(({ id, side }) => {
      const detail = entryDetail(db, id);
      return { side, reason: [detail?.reason ?? '', detail?.note ?? ''].filter((text) => text !== '').join(': ') };
    });
}

function idOf({ file }: FoundFile): number {
  return file.id;
}
