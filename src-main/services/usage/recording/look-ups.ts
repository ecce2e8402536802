import type { Database } from '../../../db/port.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { LookupService } from '../../lookup/port.ts';

/** Until what was looked up is written: one write for many look-ups. */
const SOON_MS = 500;
const AT_ONCE = 1_000;
/** Hashes of one minute that may wait to be written. */
const MOST_WAITING = 100_000;

/** Notes the hashes that people look up. Never makes anybody wait, and never fails them. */
export interface LookUps {
  note(hashes: readonly string[]): void;
  /** Resolves when everything noted before is written, or could not be. */
  settle(): Promise<void>;
}

export function createLookUps(parts: {
  readonly database: Pick<Database, 'write'>;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}): LookUps {
  let minute = Number.NaN;
  let waiting = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  function settle(): Promise<void> {
    if (timer !== null) {
      clearTimeout(timer);
      timer = null;
    }
    const [hashes, at] = [[...waiting], minute];
    waiting = new Set();
    if (hashes.length > 0) {
      writing = writing.then(() => write(hashes, at)).catch(parts.onFault);
    }
    return writing;
  }

  async function write(hashes: readonly string[], at: number): Promise<void> {
    for (let from = 0; from < hashes.length; from += AT_ONCE) {
      const digests = hashes.slice(from, from + AT_ONCE).map((hash) => new Uint8Array(Buffer.from(hash, 'hex')));
      await parts.database.write('noteLookUps', { at, digests }, 'bulk');
    }
  }

  return {
    note(hashes) {
      const now = Math.floor(parts.clock.now() / 60_000) * 60;
      if (now !== minute) {
        // What waits was looked up in the minute before.
        void settle();
        minute = now;
      }
      for (const hash of hashes.slice(0, MOST_WAITING - waiting.size)) {
        waiting.add(hash);
      }
      if (waiting.size > 0) {
        timer ??= setTimeout(() => void settle(), SOON_MS).unref();
      }
    },
    settle,
  };
}

/** The look-up service as people use it: what they look up was received. */
export function receivedLookup(lookup: LookupService, lookUps: LookUps): LookupService {
  return {
    ...lookup,
    async find(text) {
      const found = await lookup.find(text);
      lookUps.note(found.results.map(({ hash }) => hash));
      return found;
    },
  };
}
