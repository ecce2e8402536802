import type { Database } from '../../db/port.ts';
import { digestKey } from '../../db/codes.ts';
import { DIGEST_BYTES } from '#shared/domain/hash.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { isOnDisk } from './life-cycle.ts';
import type { IntakeRunner } from './run/runner.ts';

/** Entries whose keys are kept by one write: some 60,000 keys at the most. */
const ENTRIES = 20_000;

/**
 * Keeps the keys of all digests of an intake, of every kind, if the intake is under embargo and they are not kept yet.
 * Does nothing while its file is not in place: whoever reads it calls this before it is shown.
 */
export async function keepEmbargo(database: Database, runner: IntakeRunner, id: number): Promise<void> {
  const row = await database.read('intakeRow', { id });
  if (row === null || !row.embargo || !isOnDisk(database.directory, id) || (await isKept(database, runner, id))) {
    return;
  }
  for (let from: number | null = 0; from !== null;) {
    const { digests, next }: Awaited<ReturnType<typeof slice>> = await slice(runner, id, from);
    await database.write('setEmbargoKeys', { intakeId: id, digests });
    from = next;
  }
  // Lifted while the keys were written: then they must not stay.
  const after = await database.read('intakeRow', { id });
  if (after === null || !after.embargo) {
    await dropEmbargo(database, id);
  }
}

/** Lets the hashes of an intake be asked about again, unless another one under embargo holds them. */
export async function dropEmbargo(database: Database, id: number): Promise<void> {
  await database.write('dropEmbargoKeys', { intakeId: id });
}

/**
 * Completes what was interrupted, and what an earlier version put under embargo by the flag alone. An intake whose file
 * cannot be read is passed over: opening it says what is the matter, and everything else must still start.
 */
export async function repairEmbargoes(database: Database, runner: IntakeRunner): Promise<void> {
  const { flagged, keyed } = await database.read('embargoedIntakes', undefined);
  for (const id of flagged) {
    try {
      await keepEmbargo(database, runner, id);
    } catch (error) {
      if (!isUnreadable(error)) {
        throw error;
      }
    }
  }
  for (const id of keyed.filter((one) => !flagged.includes(one))) {
    await dropEmbargo(database, id);
  }
}

function isUnreadable(error: unknown): boolean {
  return isAppError(error)
    ? error.code === 'DB_DAMAGED' || error.code === 'UNREADABLE' || error.code === 'NOT_FOUND'
    : typeof (error as NodeJS.ErrnoException | null)?.code === 'string';
}

/** Keys are written in the order of the entries: when those of the last entry are there, all are. */
async function isKept(database: Database, runner: IntakeRunner, id: number): Promise<boolean> {
  const { digests } = await runner.call('lastDigests', id);
  for (const { kind, bytes } of digests) {
    const key = digestKey(bytes.subarray(bytes.length - DIGEST_BYTES[kind]));
    if (!(await database.read('hasEmbargoKey', { key, intakeId: id }))) {
      return false;
    }
  }
  return true;
}

function slice(runner: IntakeRunner, id: number, from: number) {
  return runner.call('packedDigests', id, from, ENTRIES);
}
