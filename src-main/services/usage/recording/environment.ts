import { isAppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../../db/port.ts';
import type { Timer } from '../../../jobs/outbound/port.ts';
import type { IntakeService } from '../../intake/port.ts';
import { readListed, type Listed, type ListedFinder } from './listed.ts';
import type { SlowLook } from './sampling.ts';

/** Looking into intakes takes at most one part of so many of the time. */
const SPARSE = 20;
/** Of an intake that holds nothing. */
const NONE = new Uint8Array(0);

/**
 * Counts entries of the hash list in force whose file is in at least one kept intake, by side. Each intake is looked into
 * once, a stretch at a time, and again only when the list changed; what an intake holds is remembered as a bit for each
 * entry. The digests of the list are held only while intakes are looked into.
 */
export function createEnvironment(parts: {
  readonly database: Pick<Database, 'read'>;
  readonly intakes: Pick<IntakeService, 'packedDigests'>;
  readonly timer: Pick<Timer, 'steady'>;
}): SlowLook {
  const { database, intakes, timer } = parts;
  const held = new Map<number, Uint8Array>();
  let listed: Listed = { rows: 0, malicious: NONE, expiresAt: new Float64Array(0) };
  let revision: number | null = null;
  let restUntil = 0;

  return async (nowMs, signal) => {
    const [present, { intakes: kept }] = await Promise.all([
      database.read('hashListRevision', {}),
      database.read('keptFiles', undefined),
    ]);
    if (present !== revision || kept.some((id) => !held.has(id))) {
      if (timer.steady() < restUntil) {
        return null;
      }
      const started = timer.steady();
      const isSeen = await lookAgain(present, kept, signal);
      restUntil = timer.steady() + SPARSE * (timer.steady() - started);
      if (!isSeen) {
        return null;
      }
    }
    const isKept = new Set(kept);
    for (const id of [...held.keys()].filter((one) => !isKept.has(one))) {
      held.delete(id);
    }
    return { kinds: ['listInEnvironment'], values: valuesAt(Math.floor(nowMs / 1000)) };
  };

  /** Looks into what was not looked into with the present list. False when the list changed while it was read. */
  async function lookAgain(present: number, kept: readonly number[], signal: AbortSignal): Promise<boolean> {
    const found = await readListed(database, signal);
    if ((await database.read('hashListRevision', {})) !== present) {
      return false;
    }
    if (present !== revision) {
      held.clear();
      listed = found.listed;
      revision = present;
    }
    for (const id of kept.filter((one) => !held.has(one))) {
      held.set(id, await heldBy(intakes, id, found, signal));
    }
    return true;
  }

  function valuesAt(now: number) {
    const some = new Uint8Array((listed.rows + 7) >>> 3);
    for (const bits of held.values()) {
      bits.forEach((byte, place) => {
        some[place] = (some[place] ?? 0) | byte;
      });
    }
    const sums = { malicious: 0, 'non-malicious': 0 };
    for (let row = 0; row < listed.rows; row += 1) {
      const isHeld = (((some[row >>> 3] ?? 0) >>> (row & 7)) & 1) === 1;
      if (isHeld && (listed.expiresAt[row] ?? 0) > now) {
        sums[listed.malicious[row] === 1 ? 'malicious' : 'non-malicious'] += 1;
      }
    }
    return (['malicious', 'non-malicious'] as const)
      .map((side) => ({ kind: 'listInEnvironment', detail: side, amount: sums[side] }) as const)
      .filter(({ amount }) => amount > 0);
  }
}

/** A bit for each entry that an intake holds; none when its files are missing or damaged. */
async function heldBy(
  intakes: Pick<IntakeService, 'packedDigests'>,
  id: number,
  { listed, finder }: { readonly listed: Listed; readonly finder: ListedFinder },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const bits = new Uint8Array((listed.rows + 7) >>> 3);
  let isFound = false;
  if (listed.rows === 0) {
    return NONE;
  }
  try {
    for await (const columns of intakes.packedDigests(id)) {
      signal.throwIfAborted();
      for (const { kind, bytes } of columns) {
        isFound = (await finder.mark(kind, bytes, bits, signal)) || isFound;
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    const isUnreadable = isAppError(error)
      ? error.code === 'NOT_FOUND' || error.code === 'UNREADABLE' || error.code === 'DB_DAMAGED'
      : (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
    if (!isUnreadable) {
      throw error;
    }
  }
  return isFound ? bits : NONE;
}
