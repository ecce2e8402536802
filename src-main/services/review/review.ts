import type { Disagreement } from '#shared/contract/review.ts';
import { dueAt } from '#shared/domain/life.ts';
import { parseDigest, type DigestSet } from '#shared/domain/hash.ts';
import { sourceOfCode } from '#shared/domain/source.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import { noAnswerOfCode } from '../../db/codes.ts';
import type { Database } from '../../db/port.ts';
import type { FileRow, ItemDetailRow } from '../../db/repositories/evidence.ts';
import type { Clock } from '../../platform/clock.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { HashListService } from '../hash-list/port.ts';
import { overlayOf } from '../hash-list/overlay-of.ts';
import type { IntakeService, SingleHash } from '../intake/port.ts';
import { lifeNow } from '../lookup/due-time.ts';
import type { SourcesService } from '../sources/port.ts';
import { fileOf } from '../triage/lookup.ts';
import type { ReviewService } from './port.ts';
import { isDisputed, saysOf } from './says.ts';
import { settleDisagreements } from './settle.ts';

export interface ReviewParts {
  readonly database: Database;
  readonly intakes: Pick<IntakeService, 'explain' | 'placesOf' | 'listEffect'>;
  readonly hashList: Pick<HashListService, 'add' | 'planAdd'>;
  readonly settings: Pick<SettingsService, 'get'>;
  readonly sources: Pick<SourcesService, 'providers' | 'config'>;
  readonly clock: Clock;
}

interface SaidFile {
  readonly fileId: number;
  readonly since: number;
  readonly file: FileRow;
  readonly items: readonly ItemDetailRow[];
}

/** Disagreements, and deciding them once into the hash list. */
export function createReview(parts: ReviewParts): ReviewService {
  const { database, intakes, hashList, settings, sources, clock } = parts;
  const now = (): number => Math.floor(clock.now() / 1000);

  const rowsOf = async (files: readonly SaidFile[]): Promise<Disagreement[]> => {
    const policy = policyOf(await settings.get());
    const sets = files.map(({ file }) => digestsOf(file));
    const [known, places] = await Promise.all([intakes.explain(sets.map(strongest)), intakes.placesOf(sets, 0)]);
    return files.flatMap(({ fileId, since, items }, at): Disagreement[] => {
      const knowledge = known[at];
      const says = saysOf(items, policy, sources.providers);
      return knowledge === undefined
        ? []
        : [
            {
              fileId,
              digests: { ...sets[at] },
              since,
              verdict: knowledge.verdict,
              says,
              intakeCount: places[at]?.count ?? 0,
            },
          ];
    });
  };

  const filesOf = async (fileIds: readonly number[]): Promise<readonly DigestSet[]> => {
    const wanted = [...new Set(fileIds)];
    const files = await database.read('filesOf', { fileIds: wanted });
    if (files.length < wanted.length) {
      const gone = wanted.length - files.length;
      throw new AppError(
        'NOT_FOUND',
        `${gone} of the ${wanted.length} files ${gone === 1 ? 'is' : 'are'} no longer in the database. Nothing was decided. Open the list again.`,
      );
    }
    return files.map(digestsOf);
  };

  /** Items of these files that are asked for again by themselves. */
  const rescansOf = async (fileIds: readonly number[]): Promise<number> => {
    const [life, items] = await Promise.all([
      lifeNow(settings, sources),
      database.read('itemsSaid', { fileIds: [...new Set(fileIds)] }),
    ]);
    return items.filter((row) => {
      const source = sourceOfCode(row.source);
      const item = { ...row, status: statusOfCode(row.status), noAnswer: noAnswerOfCode(row.noAnswer) };
      return source !== null && dueAt({ ...item, source }, life) !== null;
    }).length;
  };

  return {
    async page(page) {
      const { total, isAtLeast, rows } = await database.read('disagreementsPage', { now: now(), ...page });
      return { total, atLeast: isAtLeast, rows: await rowsOf(rows) };
    },
    async find(text) {
      const hash = hashOf(text);
      const [knowledge] = await intakes.explain([hash]);
      const fileIds = [...new Set(knowledge?.itemFiles ?? [])];
      const [files, items] = await Promise.all([
        database.read('filesOf', { fileIds }),
        database.read('itemsSaid', { fileIds }),
      ]);
      if (knowledge !== undefined && knowledge.listEntries.length > 0) {
        throw new AppError('NOT_FOUND', `${hash.hash} is on the hash list: it is decided.`);
      }
      const said = files.map((file) => ({
        fileId: file[0],
        file,
        items: items.filter(({ fileId }) => fileId === file[0]),
        since: now(),
      }));
      const disputed = (await rowsOf(said)).filter(({ says }) => isDisputed(says));
      if (disputed.length === 0) {
        throw new AppError(
          'NOT_FOUND',
          `No sources disagree about ${hash.hash}. To list it all the same, use assay hash-list add.`,
        );
      }
      return disputed;
    },
    async preview({ fileIds, side }, signal) {
      const started = performance.now();
      const groups = [...(await filesOf(fileIds))];
      const entry = { groups: groups.map((group) => ({ ...group })), side, note: '', reason: '', expiresAt: null };
      const { ops, problems } = await hashList.planAdd(entry);
      const [effects, queue, rescans] = await Promise.all([
        intakes.listEffect(overlayOf(ops, now()), signal),
        database.read('queueOf', { digests: groups.flatMap((group) => Object.values(group).map(bytesOf)) }),
        rescansOf(fileIds),
      ]);
      const isPossible = problems.length === 0;
      return {
        files: groups.length,
        intakes: [...effects],
        queued: isPossible ? queue.filter(({ onItsWay }) => !onItsWay).length : 0,
        rescans: isPossible ? rescans : 0,
        problems: [...problems],
        elapsedMs: performance.now() - started,
      };
    },
    async decide({ fileIds, side, reason, note, expiresAt }) {
      const groups = (await filesOf(fileIds)).map((group) => ({ ...group }));
      return hashList.add({ groups, side, reason, note, expiresAt });
    },
    settle: (signal) => settleDisagreements({ database, settings, now }, signal),
  };
}

function hashOf(text: string): SingleHash {
  const digest = parseDigest(text);
  if (digest === null) {
    throw new AppError(
      'INVALID_ARGUMENT',
      'That is no hash: an MD5 has 32 hex digits, a SHA-1 has 40, a SHA-256 has 64.',
    );
  }
  return { kind: digest.kind, hash: digest.hex };
}

function digestsOf(file: FileRow): DigestSet {
  return Object.fromEntries(fileOf(file).digests.map(({ kind, hex }) => [kind, hex]));
}

function strongest({ sha256, sha1, md5 }: DigestSet): SingleHash {
  const hash = sha256 ?? sha1 ?? md5;
  if (hash === undefined) {
    throw new TypeError('a file without a digest');
  }
  return { kind: sha256 !== undefined ? 'sha256' : sha1 !== undefined ? 'sha1' : 'md5', hash };
}

function bytesOf(hash: string): Uint8Array {
  return Buffer.from(hash, 'hex');
}
