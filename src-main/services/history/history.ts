import type { ChangeRow, ChangesQuery } from '#shared/contract/history.ts';
import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import { DIGEST_KINDS, parseDigest, type DigestSet } from '#shared/domain/hash.ts';
import { sourceCode } from '#shared/domain/source.ts';
import { effectiveStatus } from '#shared/domain/verdict.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import type { Database } from '../../db/port.ts';
import { SEEN_FLIPS, type HistoryRow } from '../../db/repositories/life/history.ts';
import type { Clock } from '../../platform/clock.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { HashKnowledge, IntakeService } from '../intake/port.ts';
import { fileOf } from '../triage/lookup.ts';
import { lanesOf, type PresentItem } from './lanes.ts';
import type { HistoryService } from './port.ts';
import { changeOf } from './states.ts';

/** Lists named beside a change; of more there is the number. */
const MOST_NAMED = 20;
const BATCH = 500;
/** When somebody last looked at what changed, seconds since the epoch, in `meta`. */
const LOOKED_AT = 'changes_looked_at';

export interface HistoryParts {
  readonly database: Database;
  readonly intakes: Pick<IntakeService, 'explain' | 'placesOf'>;
  readonly settings: Pick<SettingsService, 'get'>;
  readonly clock: Clock;
}

/** What sources said over time, from this machine alone. */
export function createHistory(parts: HistoryParts): HistoryService {
  const { database, intakes, settings, clock } = parts;
  const policyNow = async (): Promise<VerdictPolicy> => policyOf(await settings.get());

  const rowsOf = async (found: readonly HistoryRow[], policy: VerdictPolicy): Promise<ChangeRow[]> => {
    const fileIds = [...new Set(found.map(({ fileId }) => fileId))];
    const files = await database.read('filesOf', { fileIds });
    const digests = new Map(files.map((file) => [file[0], digestsOf(file)]));
    const ids = [...digests.keys()];
    const places = await intakes.placesOf([...digests.values()], MOST_NAMED);
    const placesOf = new Map(ids.map((id, at) => [id, places[at]]));
    return found.flatMap((row) => {
      const change = changeOf(row, policy);
      const kept = placesOf.get(row.fileId);
      return change === null
        ? []
        : [
            {
              ...change,
              fileId: row.fileId,
              digests: digests.get(row.fileId) ?? {},
              intakes: [...(kept?.named ?? [])],
              intakeCount: kept?.count ?? 0,
            },
          ];
    });
  };

  return {
    async ofHash(hash, limit) {
      const digest = parseDigest(hash);
      if (digest === null) {
        throw new AppError(
          'INVALID_ARGUMENT',
          'That is no hash: an MD5 has 32 hex digits, a SHA-1 has 40, a SHA-256 has 64.',
        );
      }
      const [policy, [knowledge]] = await Promise.all([
        policyNow(),
        intakes.explain([{ kind: digest.kind, hash: digest.hex }]),
      ]);
      const items = knowledge === undefined ? [] : presentItems(knowledge, policy);
      const fileIds = [...new Set(knowledge?.itemFiles ?? [])];
      const { rows, total } = await database.read('historyOfFiles', { fileIds, limit });
      const changes = rows.flatMap((row) => {
        const change = changeOf(row, policy);
        return change === null ? [] : [{ fileId: row.fileId, change }];
      });
      return { lanes: lanesOf(items, changes), changes: changes.map(({ change }) => change), total };
    },
    async page(query, page) {
      const asked = { ...storedQuery(query), ...page };
      const [policy, { total, rows, counts }] = await Promise.all([policyNow(), database.read('changesPage', asked)]);
      return { total, counts, rows: await rowsOf(rows, policy) };
    },
    async *all(query) {
      const policy = await policyNow();
      for (let before: { readonly at: number; readonly id: number } | null = null; ;) {
        const rows: readonly HistoryRow[] = await database.read('changesBefore', {
          ...storedQuery(query),
          before,
          limit: BATCH,
        });
        const last = rows.at(-1);
        if (last === undefined) {
          return;
        }
        yield* await rowsOf(rows, policy);
        before = { at: last.at, id: last.id };
      }
    },
    async unseen() {
      const [flips, lookedAt, seen] = await Promise.all([
        database.read('unseenFlips', {}),
        database.read('valueOfMeta', { key: LOOKED_AT }),
        database.read('valueOfMeta', { key: SEEN_FLIPS }),
      ]);
      return { ...flips, lookedAt: lookedAt === null ? null : Number(lookedAt), seenUpTo: Number(seen ?? 0) };
    },
    async flipsAfter(afterId, limit) {
      const [policy, rows] = await Promise.all([policyNow(), database.read('flipsSince', { afterId, limit })]);
      return rowsOf(rows, policy);
    },
    async seen(upTo) {
      await database.write('setSeenFlips', { upTo }, 'person');
      const now = Math.floor(clock.now() / 1000);
      await database.write('setMetaValue', { key: LOOKED_AT, value: String(now) }, 'person');
    },
  };
}

function storedQuery({ since, flipsOnly, source }: ChangesQuery): {
  readonly since: number;
  readonly flipsOnly: boolean;
  readonly source: number | null;
} {
  return { since, flipsOnly, source: source === null ? null : sourceCode(source) };
}

function digestsOf(file: Parameters<typeof fileOf>[0]): DigestSet {
  return Object.fromEntries(fileOf(file).digests.map(({ kind, hex }) => [kind, hex]));
}

/** What each source says about each file the hash may stand for; a digest that only a list ties to it included. */
function presentItems({ items, itemFiles, hash }: HashKnowledge, policy: VerdictPolicy): PresentItem[] {
  return items.map((item, index) => ({
    source: item.source,
    fileId: itemFiles[index] ?? 0,
    hash: DIGEST_KINDS.toReversed().flatMap((kind) => item.digests[kind] ?? [])[0] ?? hash,
    state: {
      status: effectiveStatus(item, policy),
      noAnswer: item.noAnswer,
      score: item.score,
      threat: item.threat,
    },
    since: item.since,
  }));
}
