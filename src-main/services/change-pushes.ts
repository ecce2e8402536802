import type { PushPayload } from '#shared/contract/index.ts';
import { CHANGE } from '../db/change-kinds.ts';
import type { Database } from '../db/port.ts';
import type { IntakeService } from './intake/port.ts';

type Kind = PushPayload<'changed'>['kinds'][number];

const KIND_OF: ReadonlyMap<number, Kind> = new Map([
  [CHANGE.item, 'items'],
  [CHANGE.file, 'items'],
  [CHANGE.listEntry, 'hash-list'],
  [CHANGE.knownSet, 'known-sets'],
  [CHANGE.intake, 'intakes'],
  [CHANGE.setting, 'settings'],
  [CHANGE.queue, 'queue'],
  [CHANGE.source, 'sources'],
  [CHANGE.flip, 'history'],
  [CHANGE.disagreement, 'reviews'],
  [CHANGE.sync, 'sync'],
  [CHANGE.annotation, 'annotations'],
]);

/** Kinds after which open intakes are judged again. */
const JUDGED_BY: readonly Kind[] = ['items', 'hash-list', 'known-sets', 'settings'];

/** How often open intakes are looked at for what time alone changes: entries expire, answers turn stale. Milliseconds. */
const MINUTE = 60_000;

/**
 * Turns the feed of changes into pushes: what changed, and, when verdicts may have moved, the intakes whose verdicts
 * did. One judging runs at a time; changes that arrive meanwhile cause one more, and so does every minute. Returns the
 * stop.
 */
export function startChangePushes(parts: {
  readonly database: Database;
  readonly intakes: Pick<IntakeService, 'rejudgeOpen'>;
  readonly push: (payload: PushPayload<'changed'>) => void;
  readonly onFault: (error: unknown) => void;
}): () => Promise<void> {
  let again = false;
  let judging: Promise<void> | null = null;
  let stopped = false;

  const judge = async (): Promise<void> => {
    while (again) {
      again = false;
      const moved = await parts.intakes.rejudgeOpen();
      if (moved.length > 0 && !stopped) {
        parts.push({ kinds: ['verdicts'], intakeIds: [...moved] });
      }
    }
  };

  const judgeSoon = (): void => {
    again = true;
    judging ??= judge()
      .catch((error: unknown) => {
        if (!stopped) {
          parts.onFault(error);
        }
      })
      .finally(() => {
        judging = null;
      });
  };
  const timer = setInterval(judgeSoon, MINUTE).unref();

  const stopListening = parts.database.onChange(({ kinds }) => {
    const named = [...new Set(kinds.map((kind) => KIND_OF.get(kind)).filter((kind) => kind !== undefined))];
    if (named.length === 0 || stopped) {
      return;
    }
    parts.push({ kinds: named, intakeIds: [] });
    if (named.some((kind) => JUDGED_BY.includes(kind))) {
      judgeSoon();
    }
  });

  return async () => {
    stopped = true;
    again = false;
    clearInterval(timer);
    stopListening();
    await judging;
  };
}
