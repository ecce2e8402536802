import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { KnownSet } from '#shared/contract/known-sets.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { setName } from '#shared/domain/known-sets/set-names.ts';
import type { Database } from '../../db/port.ts';
import type { KnownSetRow } from '../../db/repositories/known-sets.ts';
import type { Clock } from '../../platform/clock.ts';
import { DATA_FOLDERS } from '../../platform/data-directory.ts';
import { processMark } from '../../platform/process-mark.ts';
import { buildFrom } from './build-from.ts';
import type { BuildRequest, BuiltSet } from './build-set.ts';
import { buildSetInThread } from './build-thread.ts';
import type { KnownSetImport, KnownSetsService } from './port.ts';
import { putMadeSets } from './made-sets.ts';
import { discardWork, filesOfWork, leftWork } from './left-work.ts';
import { recoverKnownSets } from './recover.ts';
import { setFacts } from './set-facts.ts';
import { removeSetFile } from './remove-file.ts';

export interface KnownSetsOptions {
  readonly clock: Clock;
  /** `workers` reads and sorts on a thread of its own, so that a window stays responsive. */
  readonly threads?: 'workers' | 'inline';
}

/**
 * Known sets below a data directory. What a dead process left behind is put right before the first answer.
 */
export function createKnownSets(database: Database, directory: string, options: KnownSetsOptions): KnownSetsService {
  const folder = join(directory, DATA_FOLDERS.knownSets);
  let recovered: Promise<void> | null = null;
  // One that failed is tried again by whoever asks next.
  const recovery = (): Promise<void> =>
    (recovered ??= recoverKnownSets(database).catch((error: unknown) => {
      recovered = null;
      throw error;
    }));
  const view = (row: KnownSetRow): KnownSet => viewOf(row, join(directory, row.path));

  return {
    async list() {
      await recovery();
      return (await database.read('knownSets', {})).map(view);
    },
    async import(path, wanted, onProgress, signal) {
      await recovery();
      const asked = { ...wanted, name: setName(wanted.name), replace: wanted.replace || wanted.form === 'nsrl-delta' };
      if (asked.name === '') {
        throw new AppError('INVALID_ARGUMENT', 'A known set needs a name. Nothing was imported.');
      }
      const base = await baseOf(database, asked);
      // An edition goes by the name of the one before.
      const set = { ...asked, name: (await refuseTaken(database, asked))?.name ?? asked.name };
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const at = Math.floor(options.clock.now() / 1000);
      const mark = base?.mark ?? set.mark;
      const begun = { ...set, mark, at, folder: DATA_FOLDERS.knownSets, process: processMark() };
      const row = await database.write('beginKnownSet', begun);
      const target = join(directory, row.path);
      try {
        const { name, edition, datedAt, form = 'auto' } = set;
        const request: BuildRequest = {
          source: path,
          target,
          name,
          edition,
          mark,
          datedAt,
          importedAt: at,
          form,
          ...onto(directory, base),
          ...(set.baseDatabase === undefined ? {} : { baseDatabase: set.baseDatabase }),
          ...(set.once === undefined ? {} : { once: set.once }),
          ...(set.digest === undefined ? {} : { digest: set.digest }),
        };
        const build =
          options.threads === 'workers'
            ? buildSetInThread(request, { onProgress }, signal)
            : buildFrom(request, { onProgress, isCancelled: () => signal.aborted });
        const built = await build;
        await refuseOther(database, set, base);
        await putInForce(database, directory, { ...set, id: row.id }, built);
        const { records, furtherDigests, duplicates, withoutHash, rejected, firstProblems } = built;
        const made = await database.read('knownSet', { id: row.id });
        if (made === null) {
          throw new AppError('CONFLICT', `The set ${set.name} was removed or replaced by another process meanwhile.`);
        }
        return { set: view(made), records, furtherDigests, duplicates, withoutHash, rejected, firstProblems };
      } catch (error) {
        const left = await database.read('knownSet', { id: row.id });
        if (left?.state === 'importing') {
          rmSync(target, { force: true });
          await database.write('removeKnownSet', { id: row.id });
        }
        throw error;
      }
    },
    async remove(id) {
      await recovery();
      const row = await database.read('knownSet', { id });
      if (row === null) {
        throw new AppError('NOT_FOUND', `There is no known set ${id}. It may have been removed meanwhile.`);
      }
      if (row.state === 'importing') {
        throw new AppError('CONFLICT', `${row.name} is being imported. Cancel the import instead.`);
      }
      if (row.syncJob !== null && (await database.read('syncJob', { jobId: row.syncJob })) !== null) {
        throw new AppError(
          'CONFLICT',
          `${row.name} is made by the sync job ${row.edition} from the files it pulled, and would be made again. It goes with the job, or when the job holds no such file any more.`,
        );
      }
      const path = await database.write('removeKnownSet', { id });
      if (path !== null) {
        removeSetFile(join(directory, path));
      }
    },
    async leftWork() {
      await recovery();
      return leftWork(folder);
    },
    async filesOfWork(id) {
      await recovery();
      return filesOfWork(folder, id);
    },
    async discardWork(id) {
      await recovery();
      discardWork(folder, id);
    },
    async putMade(jobId, made, signal) {
      await recovery();
      return putMadeSets(
        { database, directory, clock: options.clock, threads: options.threads ?? 'inline' },
        jobId,
        made,
        signal,
      );
    },
  };
}

/** The set that a delta is for; null for everything else, and for a delta onto a database where no set stands yet. */
async function baseOf(database: Database, { form, name, baseDatabase }: KnownSetImport): Promise<KnownSetRow | null> {
  if (form !== 'nsrl-delta') {
    return null;
  }
  const base = await database.read('readyKnownSet', { name });
  if (base === null && baseDatabase === undefined) {
    throw new AppError(
      'NOT_FOUND',
      `There is no known set ${name} to apply the delta to. Import the full edition first, or name its database; nothing was imported.`,
    );
  }
  return base;
}

function onto(directory: string, base: KnownSetRow | null): Pick<BuildRequest, 'base'> {
  return base === null ? {} : { base: join(directory, base.path) };
}

/** A delta is of no use to another edition than the one it was applied to. */
async function refuseOther(database: Database, { name }: KnownSetImport, base: KnownSetRow | null): Promise<void> {
  if (base !== null && (await database.read('readyKnownSet', { name }))?.id !== base.id) {
    throw new AppError(
      'CONFLICT',
      `${name} was replaced or removed while the delta was applied. Nothing was imported; apply it again.`,
    );
  }
}

/** The set to be replaced, or null for a new one; CONFLICT where the name is not free. */
async function refuseTaken(database: Database, set: KnownSetImport): Promise<KnownSetRow | null> {
  const standing = await database.read('readyKnownSet', { name: set.name });
  if (standing !== null && !set.replace) {
    throw nameTaken(standing);
  }
  const made = await database.read('madeKnownSet', { name: set.name });
  if (made !== null) {
    throw new AppError(
      'CONFLICT',
      `The set ${made.name} is made by the sync job ${made.edition} from the files it pulled. Choose another name; nothing was imported.`,
    );
  }
  return standing;
}

async function putInForce(
  database: Database,
  directory: string,
  set: KnownSetImport & { readonly id: number },
  built: BuiltSet,
): Promise<void> {
  const { md5, sha1, sha256, bytes, edition, datedAt } = built;
  const counted = { id: set.id, md5, sha1, sha256, bytes, edition, datedAt, replace: set.replace };
  const retired = await database.write('finishKnownSet', counted);
  if (retired === null) {
    const standing = await database.read('readyKnownSet', { name: set.name });
    throw standing === null
      ? new AppError('CONFLICT', `The import of ${set.name} was taken away by another process. Nothing was imported.`)
      : nameTaken(standing);
  }
  for (const path of retired) {
    removeSetFile(join(directory, path));
  }
}

function nameTaken(standing: KnownSetRow): AppError {
  const edition = standing.edition === '' ? '' : ` (edition ${standing.edition})`;
  return new AppError(
    'CONFLICT',
    `A known set named ${standing.name}${edition} exists already. Replace it by this edition, or choose another name; nothing was imported.`,
  );
}

function viewOf(row: KnownSetRow, path: string): KnownSet {
  const { id, name, edition, mark, datedAt, importedAt, md5, sha1, sha256, bytes, state, syncJob } = row;
  const seen = state === 'ready' && !existsSync(path) ? 'missing' : state;
  const facts = seen === 'ready' ? setFacts(path) : { products: 0, possible: null };
  const digests = { md5, sha1, sha256 };
  return { id, name, edition, mark, datedAt, importedAt, digests, bytes, state: seen, ...facts, syncJob };
}
