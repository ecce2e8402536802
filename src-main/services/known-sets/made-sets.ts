import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/port.ts';
import type { KnownSetRow } from '../../db/repositories/known-sets.ts';
import { PackedReader } from '../../intakes/packed-reader.ts';
import type { Clock } from '../../platform/clock.ts';
import { DATA_FOLDERS } from '../../platform/data-directory.ts';
import { processMark } from '../../platform/process-mark.ts';
import { type BuiltDigests, buildSetOf, type DigestsRequest } from './build-set.ts';
import { buildSetOfInThread } from './build-thread.ts';
import type { MadeSet } from './port.ts';
import { removeSetFile } from './remove-file.ts';

interface Parts {
  readonly database: Database;
  readonly directory: string;
  readonly clock: Clock;
  readonly threads: 'workers' | 'inline';
}

/**
 * Makes the known sets of a sync job exactly those of `sets`. What is as it was stays untouched; all others are built first
 * and then take their places at once. Answers whether anything changed. A job that is gone meanwhile keeps no set.
 */
export async function putMadeSets(
  parts: Parts,
  jobId: number,
  sets: readonly MadeSet[],
  signal: AbortSignal,
): Promise<boolean> {
  const { database, directory } = parts;
  const standing = await database.read('knownSetsOfJob', { jobId });
  const sound = await soundOnes(directory, standing);
  const changed = sets.filter((set) => !sound.some((row) => isSame(row, set)));
  const names = sets.map(({ name }) => name);
  if (changed.length === 0 && standing.every(({ name }) => names.includes(name))) {
    return false;
  }
  mkdirSync(join(directory, DATA_FOLDERS.knownSets), { recursive: true, mode: 0o700 });
  const begun: Pick<KnownSetRow, 'id' | 'path'>[] = [];
  try {
    const made: (BuiltDigests & { readonly id: number })[] = [];
    for (const set of changed) {
      const before = standing.find((row) => row.name === set.name && row.content === set.content);
      // The same digests under another mark are as old as they were.
      const datedAt = before?.datedAt ?? set.datedAt;
      const row = await begin(parts, jobId, { ...set, datedAt });
      begun.push(row);
      made.push({ id: row.id, ...(await build(parts, { ...set, datedAt }, row.path, signal)) });
    }
    const retired = await database.write('finishMadeSets', { jobId, made, names });
    if (retired === null) {
      await abandon(parts, begun);
      return false;
    }
    for (const path of retired) {
      removeSetFile(join(directory, path));
    }
    return true;
  } catch (error) {
    await abandon(parts, begun);
    throw error;
  }
}

/** Those whose file is there and whole: nobody else can make a lost or damaged one again. */
async function soundOnes(directory: string, rows: readonly KnownSetRow[]): Promise<readonly KnownSetRow[]> {
  const sound: KnownSetRow[] = [];
  for (const row of rows) {
    try {
      const reader = new PackedReader(join(directory, row.path), 'known-set');
      try {
        reader.verify();
        sound.push(row);
      } finally {
        reader.close();
      }
    } catch {
      // Whatever is wrong with it, it is made anew.
    }
    await nextTurn();
  }
  return sound;
}

function isSame(row: KnownSetRow, set: MadeSet): boolean {
  return row.name === set.name && row.edition === set.edition && row.mark === set.mark && row.content === set.content;
}

function begin(parts: Parts, jobId: number, set: MadeSet): Promise<Pick<KnownSetRow, 'id' | 'path'>> {
  const { name, edition, mark, datedAt, content } = set;
  return parts.database.write('beginKnownSet', {
    name,
    edition,
    mark,
    datedAt,
    content,
    syncJob: jobId,
    at: seconds(parts.clock),
    folder: DATA_FOLDERS.knownSets,
    process: processMark(),
  });
}

function build(parts: Parts, set: MadeSet, path: string, signal: AbortSignal): Promise<BuiltDigests> {
  const { name, edition, mark, datedAt, content, digests } = set;
  const request: DigestsRequest = {
    name,
    edition,
    mark,
    datedAt,
    digests,
    target: join(parts.directory, path),
    importedAt: seconds(parts.clock),
    origin: { name: edition, sha256: content },
  };
  return parts.threads === 'workers'
    ? buildSetOfInThread(request, signal)
    : buildSetOf(request, { isCancelled: () => signal.aborted });
}

async function abandon(parts: Parts, begun: readonly Pick<KnownSetRow, 'id' | 'path'>[]): Promise<void> {
  for (const { id, path } of begun) {
    const left = await parts.database.read('knownSet', { id });
    if (left?.state === 'importing') {
      rmSync(join(parts.directory, path), { force: true });
      await parts.database.write('removeKnownSet', { id });
    }
  }
}

function seconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}
