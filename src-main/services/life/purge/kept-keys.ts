import { DIGEST_BYTES } from '#shared/domain/hash.ts';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { digestKey } from '../../../db/codes.ts';
import type { Database } from '../../../db/port.ts';
import type { IntakeService } from '../../intake/port.ts';
import { KeySet } from './key-set.ts';

/** What kept intakes hold. */
export interface KeptKeys {
  /** The intakes that were looked into. */
  readonly intakes: readonly number[];
  /** True when a kept intake holds one of the keys: the first six bytes decide, as far as anybody can tell apart. */
  holds(keys: readonly number[]): boolean;
  /** Looks into intakes that came since. */
  add(intakes: readonly number[], signal: AbortSignal): Promise<void>;
}

/**
 * Reads the digest columns of every kept intake once. An intake whose files are missing holds nothing that could be kept;
 * one that cannot be read ends it with CONFLICT, because what it holds is not known.
 */
export async function readKeptKeys(
  database: Database,
  intakes: Pick<IntakeService, 'packedDigests'>,
  signal: AbortSignal,
): Promise<KeptKeys> {
  const keys = new KeySet();
  const seen: number[] = [];
  const add = async (ids: readonly number[]): Promise<void> => {
    for (const id of ids) {
      await addIntake(keys, intakes, id, signal);
      seen.push(id);
    }
  };
  await add((await database.read('keptFiles', undefined)).intakes);
  return { intakes: seen, holds: (wanted) => wanted.some((key) => keys.has(key)), add };
}

async function addIntake(
  keys: KeySet,
  intakes: Pick<IntakeService, 'packedDigests'>,
  id: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const digests of intakes.packedDigests(id)) {
      signal.throwIfAborted();
      for (const { kind, bytes } of digests) {
        for (let at = 0; at < bytes.length; at += DIGEST_BYTES[kind]) {
          keys.add(digestKey(bytes.subarray(at, at + 6)));
        }
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    if (isAppError(error) && error.code === 'NOT_FOUND') {
      return;
    }
    throw new AppError(
      'CONFLICT',
      `Nothing was removed: intake ${id} cannot be read, so that what it holds cannot be kept. Restore it from a backup, or forget it.`,
      { cause: error },
    );
  }
}
