import type { Settings } from '#shared/settings/schema.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import type { Database } from '../../db/port.ts';

/** Files looked at in one read. */
const FILES = 20_000;
const KEY = 'disagreements_settled';

/** How far the list of disagreements is true: for which thresholds, and up to which file. Null: for all files. */
interface Mark {
  readonly thresholds: string;
  readonly after: number | null;
}

/**
 * Looks at every file again when thresholds changed since all were looked at, and after the list of disagreements came
 * into being. Where it was interrupted it goes on. `now` is seconds since the epoch.
 */
export async function settleDisagreements(
  parts: {
    readonly database: Database;
    readonly settings: { get(): Promise<Settings> };
    readonly now: () => number;
  },
  signal: AbortSignal,
): Promise<void> {
  const { database, settings, now } = parts;
  for (;;) {
    signal.throwIfAborted();
    const thresholds = JSON.stringify(policyOf(await settings.get()).thresholds);
    const known = readMark(await database.read('valueOfMeta', { key: KEY }));
    const mark: Mark = known?.thresholds === thresholds ? known : { thresholds, after: 0 };
    if (mark.after === null) {
      return;
    }
    const { fileIds, next } = await database.read('disagreementsToSettle', { after: mark.after, limit: FILES });
    await database.write('settleDisagreements', { fileIds, at: now() }, 'bulk', signal);
    await database.write('setMetaValue', { key: KEY, value: JSON.stringify({ thresholds, after: next }) }, 'bulk');
  }
}

function readMark(text: string | null): Mark | null {
  const read: unknown = text === null ? null : JSON.parse(text);
  return isMark(read) ? read : null;
}

function isMark(value: unknown): value is Mark {
  return (
    typeof value === 'object' &&
    value !== null &&
    'thresholds' in value &&
    typeof value.thresholds === 'string' &&
    'after' in value &&
    (value.after === null || typeof value.after === 'number')
  );
}
