import type { ItemEvidence } from '#shared/domain/evidence.ts';
import { DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import { sourceOfCode } from '#shared/domain/source.ts';
import { effectiveStatus } from '#shared/domain/verdict.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import { noAnswerOfCode } from '#main/db/codes.ts';
import type { PlanQuestion, PlanSource } from '#main/services/triage/plan/pairs.ts';
import { EMPTY_FILE } from '#shared/domain/empty-file.ts';
import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import { NOW, type Digests, type Row, type World } from './world.ts';

interface Known {
  readonly digests: Digests;
}
interface KnownFile extends Known {
  readonly items: readonly ItemEvidence[];
}

/** Everything of a small world, read table by table, to decide pairs by the words of the rules alone. */
export interface Knowledge {
  readonly files: readonly KnownFile[];
  /** In force. */
  readonly entries: readonly Known[];
  readonly decidingSets: ReadonlySet<string>;
  /** `hex source-code`. */
  readonly queued: ReadonlySet<string>;
  readonly embargoed: ReadonlySet<string>;
}

const hexes = (digests: Digests): string[] => DIGEST_KINDS.flatMap((kind) => digests[kind] ?? []);

export function readKnowledge(world: World, decidingSets: readonly string[]): Knowledge {
  const all = <T>(sql: string): T[] => world.db.prepare(sql).all() as T[];
  const digestsOf = (row: Record<string, string | null>): Digests =>
    Object.fromEntries(DIGEST_KINDS.flatMap((kind) => (row[kind] ? [[kind, row[kind]]] : [])));
  const hexColumns = DIGEST_KINDS.map((kind) => `lower(hex(${kind})) AS ${kind}`).join(', ');
  return {
    files: all<Record<string, string> & { id: number }>(`SELECT id, ${hexColumns} FROM files`).map((row) => ({
      digests: digestsOf(row),
      items: (
        world.db.prepare('SELECT * FROM items WHERE file_id = ?').all(row.id) as Record<string, number | null>[]
      ).flatMap((item) => {
        const source = sourceOfCode(item['source'] ?? 0);
        return source === null
          ? []
          : [
              {
                source,
                status: statusOfCode(item['status'] ?? 0),
                noAnswer: noAnswerOfCode(item['no_answer'] ?? null),
                score: item['score'] ?? null,
                scannedAt: item['scanned_at'] ?? null,
              },
            ];
      }),
    })),
    entries: all<Record<string, string>>(
      `SELECT ${hexColumns} FROM hash_list WHERE expires_at IS NULL OR expires_at > ${NOW}`,
    ).map((row) => ({ digests: digestsOf(row) })),
    decidingSets: new Set(decidingSets),
    queued: new Set(
      all<{ hex: string; source: number }>('SELECT lower(hex(digest)) AS hex, source FROM queue').map(
        ({ hex, source }) => `${hex} ${source}`,
      ),
    ),
    embargoed: new Set(all<{ key: number }>('SELECT key FROM embargo_keys').map(({ key }) => key.toString(16))),
  };
}

/** What becomes of the pair, in words: the fate, and for those that could be asked the kind. */
export function pairByTheRules(
  known: Knowledge,
  question: PlanQuestion,
  policy: VerdictPolicy,
  source: PlanSource,
  { link, ...row }: Row,
): string {
  const kinds = DIGEST_KINDS.filter((kind) => row[kind] !== undefined);
  const isAsserted = kinds.length > 1 && link !== 'computed';
  const certain = isAsserted ? only(row, askedKind(source, kinds) ?? kinds.at(-1)) : row;
  const own = new Set(hexes(certain));
  const files = known.files.filter(
    ({ digests }) =>
      hexes(digests).some((hex) => own.has(hex)) &&
      DIGEST_KINDS.every(
        (kind) => digests[kind] === undefined || certain[kind] === undefined || digests[kind] === certain[kind],
      ),
  );
  const aliases = new Set([...own, ...files.flatMap(({ digests }) => hexes(digests))]);
  const [file, ...others] = files;
  const ownKinds = DIGEST_KINDS.filter((kind) => certain[kind] !== undefined);
  const kind =
    askedKind(source, ownKinds) ??
    (file === undefined || others.length > 0
      ? null
      : askedKind(
          source,
          DIGEST_KINDS.filter((one) => file.digests[one] !== undefined),
        ));
  const able = (fate: string): string => (kind === null ? 'kind' : fate);
  if (known.entries.some(({ digests }) => hexes(digests).some((hex) => aliases.has(hex)))) {
    return able('hash-list');
  }
  if (question.avoid && [...aliases].some((hex) => known.decidingSets.has(hex))) {
    return able('known-set');
  }
  const fresh = files.filter(({ items }) => items.some((item) => isFresh(item, source, question)));
  if (question.avoid && files.length > 0 && fresh.length === files.length) {
    return fresh.every(({ digests }) => own.has(digests.sha256 ?? digests.sha1 ?? digests.md5 ?? ''))
      ? 'fresh'
      : 'link';
  }
  if (kind === null) {
    return 'kind';
  }
  if (hexes(row).some((hex) => Object.values(EMPTY_FILE).includes(hex))) {
    return 'empty';
  }
  if (hexes(row).some((hex) => known.embargoed.has(Number.parseInt(hex.slice(0, 12), 16).toString(16)))) {
    return 'embargo';
  }
  const isMalicious = files.some(({ items }) =>
    items.some((item) => item.source !== source.source && effectiveStatus(item, policy) === 'malicious'),
  );
  if (question.avoid && question.isConclusiveEnough && isMalicious) {
    return 'conclusive';
  }
  return hexes(certain).some((hex) => known.queued.has(`${hex} ${source.code}`)) ? 'queued' : `ask ${kind}`;
}

function isFresh(item: ItemEvidence, source: PlanSource, question: PlanQuestion): boolean {
  const answered = item.noAnswer === 'not-known' ? question.notKnownSeconds : question.freshSeconds;
  const most = item.status === 'pending' ? source.recheckSeconds : answered;
  return (
    item.source === source.source &&
    item.noAnswer !== 'could-not-ask' &&
    item.scannedAt !== null &&
    NOW - item.scannedAt <= most
  );
}

function askedKind(source: PlanSource, kinds: readonly DigestKind[]): DigestKind | null {
  return source.takes.find((kind) => kinds.includes(kind)) ?? null;
}

function only(row: Digests, kind: DigestKind | undefined): Digests {
  return kind === undefined ? row : { [kind]: row[kind] };
}
