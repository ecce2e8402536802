import { CHANGE } from '../../db/change-kinds.ts';
import type { Database } from '../../db/port.ts';
import type { Notifications } from '../../platform/notifications.ts';
import type { SettingsService } from '../../settings/settings.ts';
import { flipNotice } from './flip-words.ts';
import type { HistoryService } from './port.ts';

/** Flips that follow one another within this many milliseconds are told together. */
const GATHER_MS = 3_000;
/** Flips looked at for one notification; of more it says "at least". */
const MOST = 500;
/** Up to which flip the desktop was told, in `meta`. */
const TOLD = 'flips_told';

/**
 * Tells flips on the desktop: each once, several together, none that somebody has looked at already, and none while the
 * setting is off. Only the process with the window calls this. Returns the stop.
 */
export function startTellingFlips(parts: {
  readonly database: Pick<Database, 'read' | 'write' | 'onChange'>;
  readonly history: Pick<HistoryService, 'flipsAfter' | 'unseen'>;
  readonly settings: Pick<SettingsService, 'get'>;
  readonly notifications: Notifications;
  readonly gatherMs?: number;
  readonly onFault: (error: unknown) => void;
}): () => Promise<void> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let telling: Promise<void> = Promise.resolve();
  let isStopped = false;

  const tellSoon = (): void => {
    if (!isStopped) {
      timer ??= setTimeout(() => {
        timer = null;
        telling = telling
          .then(() => tell(parts))
          .catch((error: unknown) => {
            if (!isStopped) {
              parts.onFault(error);
            }
          });
      }, parts.gatherMs ?? GATHER_MS).unref();
    }
  };
  const stopListening = parts.database.onChange(({ kinds }) => {
    if (kinds.includes(CHANGE.flip)) {
      tellSoon();
    }
  });
  tellSoon();
  return async () => {
    isStopped = true;
    stopListening();
    if (timer !== null) {
      clearTimeout(timer);
    }
    await telling;
  };
}

async function tell(parts: Parameters<typeof startTellingFlips>[0]): Promise<void> {
  const { database, history, settings, notifications } = parts;
  const [{ upTo, seenUpTo }, told, { tellFlips }] = await Promise.all([
    history.unseen(),
    database.read('valueOfMeta', { key: TOLD }),
    settings.get(),
  ]);
  const after = Math.max(seenUpTo, Number(told ?? 0));
  if (upTo <= after) {
    return;
  }
  const flips = tellFlips ? await history.flipsAfter(after, MOST + 1) : [];
  // Noted first: a desktop that fails is not told again and again.
  await database.write('setMetaValue', { key: TOLD, value: String(upTo) }, 'bulk');
  const notice = flipNotice(flips.slice(0, MOST), flips.length > MOST);
  if (notice !== null) {
    notifications.show(notice);
  }
}
