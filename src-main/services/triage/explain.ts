import type { EntryDetail } from '#shared/contract/intake.ts';
import { DIGEST_KINDS, type DigestKind, type DigestSet } from '#shared/domain/hash.ts';
import { sourceOfCode } from '#shared/domain/source.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import { decideEntry, isStale } from '#shared/domain/verdict.ts';
import { explainVerdict } from '#shared/domain/why.ts';
import type { Verdict } from '#shared/domain/basis.ts';
import type { EntryEvidence, VerdictPolicy } from '#shared/domain/evidence.ts';
import { linkClass, noAnswerOfCode } from '../../db/codes.ts';
import type { ReadableDb } from '../../db/handles.ts';
import { entryDetail, itemDetailsOfFile, type ItemDetailRow } from '../../db/repositories/evidence.ts';
import type { EntryLink } from '../../intakes/intake-columns.ts';
import { digestOfHex, type Digest } from './digest-keys.ts';
import { gather, splitByLink, type FoundFile, type Gathered } from './gather.ts';
import { createLookup } from './lookup.ts';
import type { Judge, JudgeContext, JudgedItem } from './port.ts';
import { possibleSets, setView } from './set-view.ts';
import { setTitle, type KnownSets, type SetHit } from './set-lookup.ts';

type LinkClass = 'computed' | 'source' | 'team';

/** Kinds strongest first, as rows hold them. */
const STRONGEST_FIRST = DIGEST_KINDS.toReversed();

/** Everything known about one row, and the sentence that says why. */
export function explainEntry(
  context: JudgeContext,
  knownSets: KnownSets,
  digests: DigestSet,
  link: EntryLink,
): ReturnType<Judge['explain']> {
  const { db, now, policy } = context;
  const row = digestsOfSet(digests);
  const { own, asserted } = splitByLink(row, link);
  const lookup = createLookup(db, knownSets, now);
  const certain = gather(lookup, own);
  const claimed = asserted.map((digest) => gather(lookup, [digest]));
  const evidence: EntryEvidence = {
    own: certain.own,
    contradicting: certain.contradicting,
    asserted: claimed.flatMap((gathered) => gathered.own),
  };
  const verdict = decideEntry(evidence, policy, now);
  const found = itemViews(db, certain, claimed, policy, now);
  const items = found.map(({ view }) => view);
  const sets = distinct([certain, ...claimed].flatMap((one) => one.sets.map(({ hit }) => hit)));
  const related = relatedDigests(row, [certain, ...claimed]);
  const entries = distinct([certain, ...claimed].flatMap((one) => one.entries.map(({ entry }) => entry)));
  return {
    verdict,
    why: explainVerdict(verdict, { now, ...whyContext(verdict, sets, items.length + entries.length + sets.length) }),
    items,
    itemFiles: found.map(({ fileId }) => fileId),
    listEntries: entries.map((entry) => {
      const detail = entryDetail(db, entry.id);
      return {
        id: entry.id,
        side: entry.side,
        note: detail?.note ?? '',
        reason: detail?.reason ?? '',
        addedBy: detail?.addedBy ?? '',
        addedAt: entry.addedAt,
        expiresAt: detail?.expiresAt ?? null,
        digests: setOf(entry.digests),
      };
    }),
    sets: [...sets.map((hit) => setView(knownSets, hit, related)), ...possibleSets(knownSets, related)],
    aliases: aliasesOf(row, certain),
    problems: knownSets.problems,
  };
}

/** The row's digests and those tied to them, each once, strongest first. */
function relatedDigests(row: readonly Digest[], gathered: readonly Gathered[]): readonly Digest[] {
  const tied = gathered.flatMap(({ ties, files }) => [
    ...ties.map(({ digest }) => digest),
    ...files.flatMap(({ file }) => file.digests),
  ]);
  const all = [...new Map([...row, ...tied].map((digest) => [digest.hex, digest])).values()];
  return STRONGEST_FIRST.flatMap((kind) => all.filter((digest) => digest.kind === kind));
}

function digestsOfSet(digests: DigestSet): readonly Digest[] {
  return STRONGEST_FIRST.flatMap((kind) => {
    const hex = digests[kind];
    return hex === undefined ? [] : [digestOfHex(kind, hex)];
  });
}

function setOf(digests: readonly Digest[]): Record<string, string> {
  return Object.fromEntries(digests.map((digest) => [digest.kind, digest.hex]));
}

function distinct<T extends { readonly id: number }>(list: readonly T[]): readonly T[] {
  return [...new Map(list.map((one) => [one.id, one])).values()].sort((a, b) => a.id - b.id);
}

function whyContext(
  verdict: Verdict,
  sets: readonly SetHit[],
  answers: number,
): { readonly answers: number; readonly setName?: string } {
  const mark = verdict.rule === 'known-set' ? 'known' : verdict.rule;
  const fitting = sets.filter((one) => one.mark === mark);
  // Of several sets of that mark the newest decided.
  const set = fitting.find(({ datedAt }) => datedAt === verdict.answeredAt) ?? fitting[0];
  return set === undefined ? { answers } : { answers, setName: setTitle(set) };
}

function itemViews(
  db: ReadableDb,
  certain: Gathered,
  claimed: readonly Gathered[],
  policy: VerdictPolicy,
  now: number,
): readonly { readonly view: JudgedItem; readonly fileId: number }[] {
  const seen = new Set<number>();
  const views: { readonly view: JudgedItem; readonly fileId: number }[] = [];
  const add = (found: FoundFile, asserted: boolean): void => {
    if (!seen.has(found.file.id)) {
      seen.add(found.file.id);
      for (const row of itemDetailsOfFile(db, found.file.id)) {
        const view = itemView(row, found, asserted, policy, now);
        if (view !== null) {
          views.push({ view, fileId: found.file.id });
        }
      }
    }
  };
  certain.files.forEach((found) => add(found, false));
  claimed.flatMap((one) => one.files).forEach((found) => add(found, true));
  return views;
}

function itemView(
  row: ItemDetailRow,
  found: FoundFile,
  asserted: boolean,
  policy: VerdictPolicy,
  now: number,
): JudgedItem | null {
  const source = sourceOfCode(row.source);
  if (source === null) {
    return null;
  }
  return {
    source,
    status: statusOfCode(row.status),
    noAnswer: noAnswerOfCode(row.noAnswer),
    score: row.score,
    threat: row.threat,
    rawCode: row.rawCode,
    firstSeen: row.firstSeen,
    scannedAt: row.scannedAt,
    notBefore: row.notBefore,
    createdAt: row.createdAt,
    since: row.since ?? row.createdAt,
    stale: isStale(row.scannedAt, policy, now),
    digests: setOf(found.file.digests),
    matchedBy: found.tie.from.kind,
    link: asserted ? 'asserted' : linkTo(found),
  };
}

/** What ties a file that is certainly the row's to it. */
export function linkTo({ file, tie }: FoundFile): Exclude<JudgedItem['link'], 'asserted'> {
  const link = linkClass(file.links, tie.digest.kind);
  if (tie.team) {
    return 'team';
  }
  return link === 'anchor' ? 'direct' : link;
}

/** Other digests of the row's file, and who says that they are: never the dropped list. */
function aliasesOf(row: readonly Digest[], gathered: Gathered): EntryDetail['aliases'] {
  const aliases = new Map<string, { kind: DigestKind; hash: string; link: LinkClass }>();
  const add = (digest: Digest, link: LinkClass): void => {
    if (!aliases.has(digest.hex) && !row.some((own) => own.hex === digest.hex)) {
      aliases.set(digest.hex, { kind: digest.kind, hash: digest.hex, link });
    }
  };
  for (const { file, tie } of gathered.files) {
    // Two digests are tied over the file's anchor; the weaker of both ties is what holds them together.
    const isSource = (digest: Digest): boolean => linkClass(file.links, digest.kind) === 'source';
    for (const digest of file.digests) {
      const link = isSource(digest) || isSource(tie.digest) ? 'source' : 'computed';
      add(digest, tie.team ? 'team' : link);
    }
  }
  for (const tie of gathered.ties) {
    if (tie.team) {
      add(tie.digest, 'team');
    }
  }
  return [...aliases.values()];
}
