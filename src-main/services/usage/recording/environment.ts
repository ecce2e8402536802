import { setImmediate as nextTurn } from 'node:timers/promises';
import { DIGEST_BYTES } from '#shared/domain/hash.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { digestKey } from '../../../db/codes.ts';
import type { Database } from '../../../db/port.ts';
import type { ListedEntry } from '../../../db/repositories/metrics/gauges.ts';
import type { Timer } from '../../../jobs/outbound/port.ts';
import type { IntakeService } from '../../intake/port.ts';
import type { SlowLook } from './sampling.ts';

/** Entries of the hash list read at once. */
const ENTRIES = 5_000;
/** Looking into intakes takes at most one part of so many of the time. */
const SPARSE = 20;

/** Digests of the hash list by their key. */
type ListIndex = ReadonlyMap<number, readonly { readonly entry: number; readonly digest: Uint8Array }[]>;

/**
 * Counts entries of the hash list in force whose file is in at least one kept intake, by side. Each intake is looked into
 * once, a stretch at a time, and again only when the list changed; what an intake holds is remembered by entry.
 */
export function createEnvironment(parts: {
  readonly database: Pick<Database, 'read'>;
  readonly intakes: Pick<IntakeService, 'packedDigests'>;
  readonly timer: Pick<Timer, 'steady'>;
}): SlowLook {
  const { database, intakes, timer } = parts;
  const held = new Map<number, ReadonlySet<number>>();
  let entries: ReadonlyMap<number, ListedEntry> = new Map();
  let revision: number | null = null;
  let restUntil = 0;

  return async (nowMs, signal) => {
    const [present, { intakes: kept }] = await Promise.all([
      database.read('hashListRevision', {}),
      database.read('keptFiles', undefined),
    ]);
    const wasChanged = present !== revision;
    const unseen = wasChanged ? kept : kept.filter((id) => !held.has(id));
    if (unseen.length > 0 || wasChanged) {
      if (timer.steady() < restUntil) {
        return null;
      }
      const started = timer.steady();
      if (wasChanged) {
        held.clear();
        revision = null;
        entries = await readList(database, signal);
      }
      await lookInto(unseen, signal);
      revision = present;
      restUntil = timer.steady() + SPARSE * (timer.steady() - started);
    }
    const isKept = new Set(kept);
    for (const id of [...held.keys()].filter((one) => !isKept.has(one))) {
      held.delete(id);
    }
    return { kinds: ['listInEnvironment'], values: valuesAt(Math.floor(nowMs / 1000)) };
  };

  async function lookInto(ids: readonly number[], signal: AbortSignal): Promise<void> {
    const index = entries.size === 0 ? null : indexOf(entries.values());
    for (const id of ids) {
      held.set(id, index === null ? new Set() : await heldBy(intakes, id, index, signal));
    }
  }

  function valuesAt(now: number) {
    const sums = { malicious: 0, 'non-malicious': 0 };
    for (const id of new Set([...held.values()].flatMap((some) => [...some]))) {
      const entry = entries.get(id);
      if (entry !== undefined && (entry.expiresAt === null || entry.expiresAt > now)) {
        sums[entry.side] += 1;
      }
    }
    return (['malicious', 'non-malicious'] as const)
      .map((side) => ({ kind: 'listInEnvironment', detail: side, amount: sums[side] }) as const)
      .filter(({ amount }) => amount > 0);
  }
}

async function readList(
  database: Pick<Database, 'read'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, ListedEntry>> {
  const entries = new Map<number, ListedEntry>();
  for (let after: number | null = 0; after !== null;) {
    signal.throwIfAborted();
    const page: readonly ListedEntry[] = await database.read('listedEntries', { after, limit: ENTRIES });
    for (const entry of page) {
      entries.set(entry.id, entry);
    }
    after = page.length < ENTRIES ? null : (page.at(-1)?.id ?? null);
    await nextTurn();
  }
  return entries;
}

function indexOf(entries: Iterable<ListedEntry>): ListIndex {
  const index = new Map<number, { readonly entry: number; readonly digest: Uint8Array }[]>();
  for (const { id, digests } of entries) {
    for (const digest of digests) {
      const key = digestKey(digest);
      const same = index.get(key);
      if (same === undefined) {
        index.set(key, [{ entry: id, digest }]);
      } else {
        same.push({ entry: id, digest });
      }
    }
  }
  return index;
}

/** The entries an intake holds; none when its files are missing or damaged. */
async function heldBy(
  intakes: Pick<IntakeService, 'packedDigests'>,
  id: number,
  index: ListIndex,
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  try {
    for await (const columns of intakes.packedDigests(id)) {
      signal.throwIfAborted();
      for (const { kind, bytes } of columns) {
        const width = DIGEST_BYTES[kind];
        for (let at = 0; at < bytes.length; at += width) {
          const digest = bytes.subarray(at, at + width);
          for (const listed of index.get(digestKey(digest)) ?? []) {
            if (Buffer.compare(listed.digest, digest) === 0) {
              found.add(listed.entry);
            }
          }
        }
      }
      await nextTurn();
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
  return found;
}
