import { setImmediate as nextTurn } from 'node:timers/promises';
import { isAppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../../db/port.ts';
import type { CountReceivedArgs, NewHashes, ReceivedBefore } from '../../../db/repositories/metrics/received.ts';
import type { IntakeService } from '../../intake/port.ts';
import { createMarks, nearnessOf, type Marks } from './marks.ts';

/** Entries compared at once: a few milliseconds. */
const ENTRIES = 50_000;
/** Look-ups searched for in one intake at once. */
const DIGESTS = 500;
const DAY_SECONDS = 86_400;
/** How long what was counted is compared with, in days: clocks are set, and counting may come late. */
const KEPT_DAYS = 3;

export interface ReceivedParts {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly intakes: Pick<IntakeService, 'heldEntries' | 'entriesOf'>;
}

/**
 * Counts what was received and is not counted yet: of each intake and of the look-ups of each minute the hashes that were
 * not received before in the same minute, hour and UTC day. Of a row with several digests the strongest one counts. Compares
 * with kept files a stretch at a time; whatever interrupts it, or counts beside it, each hash is counted once. `now` is
 * seconds since the epoch.
 */
export async function countReceived(parts: ReceivedParts, now: number, signal: AbortSignal): Promise<void> {
  const { database } = parts;
  const { intakes, minutes } = await database.read('receivedWaiting', undefined);
  for (const { id, at } of intakes) {
    await untilTurn(parts, at, signal, async (before) => ({
      what: { kind: 'intake', id },
      counts: await newInIntake(parts, id, at, before, signal),
    }));
  }
  for (const minute of minutes) {
    await untilTurn(parts, minute, signal, async (before) => {
      const digests = await database.read('lookUpsWaiting', { minute });
      return { what: { kind: 'look-ups', digests }, counts: await newLookUps(parts, digests, minute, before, signal) };
    });
  }
  if (intakes.length + minutes.length > 0) {
    const before = Math.floor(now / DAY_SECONDS) * DAY_SECONDS - KEPT_DAYS * DAY_SECONDS;
    await database.write('pruneReceived', { before }, 'bulk');
  }
}

/** Compares and writes, again where another process counted meanwhile. */
async function untilTurn(
  { database }: ReceivedParts,
  at: number,
  signal: AbortSignal,
  compare: (
    before: ReceivedBefore,
  ) => Promise<{ readonly what: CountReceivedArgs['what']; readonly counts: NewHashes }>,
): Promise<void> {
  const from = Math.floor(at / DAY_SECONDS) * DAY_SECONDS;
  for (let isCounted = false; !isCounted;) {
    signal.throwIfAborted();
    const before = await database.read('receivedBefore', { from, to: from + DAY_SECONDS });
    const { what, counts } = await compare(before);
    signal.throwIfAborted();
    isCounted = await database.write('countReceived', { turn: before.turn, what, at, new: counts }, 'bulk');
  }
}

async function newInIntake(
  parts: ReceivedParts,
  id: number,
  at: number,
  before: ReceivedBefore,
  signal: AbortSignal,
): Promise<NewHashes> {
  const marks = createMarks();
  try {
    await markHeld(parts, marks, id, id, 'minute', signal);
  } catch (error) {
    signal.throwIfAborted();
    return unreadable(parts, id, error);
  }
  for (const other of before.intakes) {
    // One that cannot be read, or was forgotten meanwhile, holds nothing.
    await markHeld(parts, marks, id, other.id, nearnessOf(at, other.at), signal).catch(orNothing);
  }
  for (let first = 0; first < before.lookUps.length; first += DIGESTS) {
    signal.throwIfAborted();
    const some = before.lookUps.slice(first, first + DIGESTS);
    const entries = await parts.intakes.entriesOf(
      id,
      some.map(({ digest }) => digest),
    );
    entries.forEach((entry, index) => {
      if (entry !== null) {
        marks.mark(entry, nearnessOf(at, some[index]?.minute ?? 0));
      }
    });
    await nextTurn();
  }
  return marks.unmarked();
}

async function markHeld(
  { intakes }: ReceivedParts,
  marks: Marks,
  id: number,
  other: number,
  nearness: keyof NewHashes,
  signal: AbortSignal,
): Promise<void> {
  for (let from: number | null = 0; from !== null;) {
    signal.throwIfAborted();
    const { entries, bits, next }: Awaited<ReturnType<IntakeService['heldEntries']>> = await intakes.heldEntries(
      id,
      other,
      from,
      ENTRIES,
    );
    marks.hold(entries);
    marks.add(bits, from, nearness);
    from = next;
    await nextTurn();
  }
}

async function newLookUps(
  { intakes }: ReceivedParts,
  digests: readonly Uint8Array[],
  minute: number,
  before: ReceivedBefore,
  signal: AbortSignal,
): Promise<NewHashes> {
  const marks = createMarks();
  marks.hold(digests.length);
  const places = new Map(digests.map((digest, index) => [nameOf(digest), index]));
  for (const lookUp of before.lookUps) {
    const place = places.get(nameOf(lookUp.digest));
    if (place !== undefined) {
      marks.mark(place, nearnessOf(minute, lookUp.minute));
    }
  }
  for (const other of before.intakes) {
    for (let first = 0; first < digests.length; first += DIGESTS) {
      signal.throwIfAborted();
      const some = digests.slice(first, first + DIGESTS);
      const entries = await intakes.entriesOf(other.id, some).catch(orNothing);
      entries?.forEach((entry, index) => {
        if (entry !== null) {
          marks.mark(first + index, nearnessOf(minute, other.at));
        }
      });
      await nextTurn();
    }
  }
  return marks.unmarked();
}

function nameOf(digest: Uint8Array): string {
  return Buffer.from(digest).toString('base64');
}

/** Nothing can be compared: all that was read of it counts as new. */
async function unreadable({ database }: ReceivedParts, id: number, error: unknown): Promise<NewHashes> {
  orNothing(error);
  const hashes = (await database.read('intakeRow', { id }))?.accounting.hashes ?? 0;
  return { minute: hashes, hour: hashes, day: hashes };
}

/** Files that are missing or damaged are told about where they are shown. Anything else is not passed over. */
function orNothing(error: unknown): null {
  const isUnreadable = isAppError(error)
    ? error.code === 'NOT_FOUND' || error.code === 'UNREADABLE' || error.code === 'DB_DAMAGED'
    : (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
  if (!isUnreadable) {
    throw error;
  }
  return null;
}
