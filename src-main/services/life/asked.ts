import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../db/port.ts';

const DAY_MS = 86_400_000;
/** Until what was noted is written: one write for many look-ups. */
const SOON_MS = 500;
/** Hashes that may wait to be written; a few minutes of look-ups. More are not noted: they count as not asked for. */
const MOST_WAITING = 20_000;
/** Hashes remembered as noted today. */
const MOST_KNOWN = 100_000;
/** Hashes in one write. */
const AT_ONCE = 1_000;

/** Notes what people ask for, so that it stays. Never makes anybody wait, and never fails them. */
export interface Asked {
  /** Somebody asked for these hashes (hex) just now. */
  note(hashes: readonly string[]): void;
  /** Somebody read, opened or exported this intake just now. */
  noteIntake(id: number): void;
  /** Resolves when everything noted before is written, or could not be. */
  settle(): Promise<void>;
  dispose(): Promise<void>;
}

export function createAsked(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}): Asked {
  const { database, clock } = parts;
  let today = Number.NaN;
  let known = new Set<string>();
  let waiting = new Set<string>();
  let intakes = new Set<number>();
  let knownIntakes = new Set<number>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  const turnDay = (): void => {
    const day = Math.floor(clock.now() / DAY_MS);
    if (day !== today) {
      // What waits was asked for on the day before.
      void write();
      today = day;
      known = new Set();
      knownIntakes = new Set();
    }
  };
  const soon = (): void => {
    timer ??= setTimeout(() => void write(), SOON_MS).unref();
  };

  function write(): Promise<void> {
    if (timer !== null) {
      clearTimeout(timer);
      timer = null;
    }
    const [hashes, ids, day] = [[...waiting], [...intakes], today];
    [waiting, intakes] = [new Set(), new Set()];
    if (hashes.length + ids.length > 0) {
      writing = writing
        .then(() => writeAll(hashes, ids, day))
        .catch((error: unknown) => {
          // Not written: who asks again today is noted again.
          known.clear();
          knownIntakes.clear();
          parts.onFault(error);
        });
    }
    return writing;
  }

  async function writeAll(hashes: readonly string[], ids: readonly number[], day: number): Promise<void> {
    for (const id of ids) {
      await database.write('askedForIntake', { id, day }, 'bulk');
    }
    for (let from = 0; from < hashes.length; from += AT_ONCE) {
      const digests = hashes.slice(from, from + AT_ONCE).map((hash) => new Uint8Array(Buffer.from(hash, 'hex')));
      await database.write('stageAsked', { digests, day }, 'bulk');
    }
  }

  return {
    note(hashes) {
      turnDay();
      for (const hash of hashes) {
        if (!known.has(hash) && waiting.size < MOST_WAITING) {
          if (known.size >= MOST_KNOWN) {
            known.clear();
          }
          known.add(hash);
          waiting.add(hash);
        }
      }
      if (waiting.size > 0) {
        soon();
      }
    },
    noteIntake(id) {
      turnDay();
      if (!knownIntakes.has(id)) {
        knownIntakes.add(id);
        intakes.add(id);
        soon();
      }
    },
    settle: write,
    dispose: write,
  };
}
