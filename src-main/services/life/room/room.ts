import { isAppError } from '#shared/errors/app-error.ts';
import type { Settings } from '#shared/settings/schema.ts';
import type { Database } from '../../../db/port.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { IntakeService } from '../../intake/port.ts';
import { freeRoom } from './free-room.ts';
import { createIntakeBytes } from './intake-bytes.ts';
import type { DatabaseSize } from '../port.ts';

/** What a new item takes with its file, its keys and its place in the queue (measured: 227), and what its answer adds without a report; bytes. */
const ITEM_BYTES = 320;
const ANSWER_BYTES = 192;
/** Room is made down to this share of the maximum size, and again from that share on. */
const DOWN_TO = 0.98;
/** Items are made up to this share, and not in the last MiB: those are for records of requests, histories, the feed. */
const KEEP_FROM = 0.99;
const KEPT_FREE_MIB = 4;
/** However much is to be made, so much of the maximum size is never freed for it. */
const NEVER_BELOW = 0.5;
/**
 * When nothing could go it is looked for again after this, and after so many times what looking took; at once when the
 * maximum size was changed or an intake came or went.
 */
const LOOK_AGAIN_MS = 60_000;
const LOOK_AGAIN_TIMES = 200;
const MIB = 1_048_576;

export interface RoomParts {
  readonly database: Database;
  readonly intakes: Pick<IntakeService, 'packedDigests'>;
  readonly settings: { get(): Promise<Settings> };
  readonly clock: Clock;
  /** For tests: bytes of one MiB of the setting. */
  readonly bytesPerMiB?: number | undefined;
}

/** The Maximum Database Size. */
export interface Room {
  size(): Promise<DatabaseSize>;
  /** How many of `count` new items may be made; makes room for them first. */
  room(count: number, signal: AbortSignal): Promise<number>;
  /** Makes room where answers took it since. Called now and then by the process that asks sources. */
  keep(signal: AbortSignal): Promise<void>;
}

export function createRoom(parts: RoomParts): Room {
  const { database, settings, clock } = parts;
  const intakeBytes = createIntakeBytes(database.directory);
  let exhausted: { readonly until: number; readonly of: string } | null = null;
  let freeing: Promise<void> = Promise.resolve();

  const bytesPerMiB = parts.bytesPerMiB ?? MIB;
  const ceilingOf = (cap: number): number => Math.min(cap * KEEP_FROM, cap - KEPT_FREE_MIB * bytesPerMiB);
  /** At this and below it there is room again. */
  const roomyBelow = (cap: number): number => ceilingOf(cap) * DOWN_TO;
  const capOf = async (): Promise<number> => (await settings.get()).maxDatabaseMiB * bytesPerMiB;
  const measure = async (): Promise<{ readonly bytes: number; readonly expected: number; readonly cap: number }> => {
    const [used, kept, cap] = await Promise.all([database.read('usedBytes', undefined), intakeBytes(), capOf()]);
    return { bytes: used.bytes + kept, expected: used.waiting * ANSWER_BYTES, cap };
  };

  /** Frees until the size is at most `target`; one at a time. */
  const freeTo = async (target: number, cap: number, signal: AbortSignal): Promise<void> => {
    const started = performance.now();
    const of = `${cap} ${await intakeBytes()}`;
    if (exhausted?.of === of && started < exhausted.until) {
      return;
    }
    const now = clock.now();
    const over = async (): Promise<number> => (await measure()).bytes - target;
    const isFreed = await freeRoom({ database, intakes: parts.intakes, nowMs: now, cap, over }, signal).catch(
      orNothing,
    );
    const ended = performance.now();
    exhausted = isFreed ? null : { until: ended + Math.max(LOOK_AGAIN_MS, LOOK_AGAIN_TIMES * (ended - started)), of };
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = freeing.then(work);
    freeing = turn.catch(() => undefined);
    return turn;
  };

  return {
    async size() {
      const [{ bytes, expected, cap }, since] = await Promise.all([measure(), database.read('fullSince', undefined)]);
      return { bytes, cap, isFull: since !== null && bytes + expected > roomyBelow(cap) };
    },

    async room(count, signal) {
      const need = count * (ITEM_BYTES + ANSWER_BYTES);
      const fits = async (): Promise<number> => {
        const { bytes, expected, cap } = await measure();
        return ceilingOf(cap) - bytes - expected - need;
      };
      if ((await fits()) < 0) {
        await inTurn(async () => {
          const { bytes, expected, cap } = await measure();
          const wanted = ceilingOf(cap) - expected - need;
          if (bytes > wanted) {
            await freeTo(Math.min(cap * DOWN_TO, Math.max(cap * NEVER_BELOW, wanted)), cap, signal);
          }
        });
      }
      const left = await fits();
      const granted = left >= 0 ? count : Math.max(0, count + Math.floor(left / (ITEM_BYTES + ANSWER_BYTES)));
      await noteFull(granted < count);
      return granted;
    },

    async keep(signal) {
      await inTurn(async () => {
        const { bytes, cap } = await measure();
        if (bytes > ceilingOf(cap)) {
          await freeTo(Math.min(cap * DOWN_TO, ceilingOf(cap)), cap, signal);
        }
      });
    },
  };

  /** What is left for a few more does not end it: there is room again once the size went down. */
  async function noteFull(isFull: boolean): Promise<void> {
    const since = await database.read('fullSince', undefined);
    if (isFull && since === null) {
      await database.write('setFullSince', { at: Math.floor(clock.now() / 1000) }, 'bulk');
    } else if (!isFull && since !== null) {
      const { bytes, expected, cap } = await measure();
      if (bytes + expected <= roomyBelow(cap)) {
        await database.write('setFullSince', { at: null }, 'bulk');
      }
    }
  }
}

/** An intake that cannot be read keeps everything: nothing may go then. */
function orNothing(error: unknown): false {
  if (isAppError(error) && error.code === 'CONFLICT') {
    return false;
  }
  throw error;
}
