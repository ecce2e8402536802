import { create } from 'zustand';
import type { SourceId } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { show } from '../../app/store.ts';

/** From when on changes are shown. */
export type Since =
  | { readonly kind: 'yesterday' }
  | { readonly kind: 'week' }
  | { readonly kind: 'last' }
  /** Seconds since the epoch, midnight of the chosen day. */
  | { readonly kind: 'date'; readonly at: number };

interface ChangesState {
  readonly part: 'changes' | 'disagreements';
  readonly since: Since;
  readonly flipsOnly: boolean;
  readonly source: SourceId | null;
  /** When somebody had last looked before this visit; null when nobody ever did. */
  readonly lookedAt: number | null;
}

/** What the view Changes shows. It stays while other views are open. */
export const useChanges = create<ChangesState>(() => ({
  part: 'changes',
  since: { kind: 'week' },
  flipsOnly: false,
  source: null,
  lookedAt: null,
}));

/** Shows the flips nobody has looked at yet. */
export function showFlips(): void {
  useChanges.setState({ part: 'changes', since: { kind: 'last' }, flipsOnly: true, source: null });
  show('changes');
}

const HOUR = 3600;
const DAY = 86_400;

/** The moment, in seconds since the epoch; it moves by the hour, so that pages of one query belong together. */
export function momentOf(since: Since, lookedAt: number | null, now: number, zone: Preferences['times']): number {
  switch (since.kind) {
    case 'yesterday':
      return midnight(now, zone) - DAY;
    case 'week':
      return Math.floor(now / HOUR) * HOUR - 7 * DAY;
    case 'last':
      return lookedAt ?? 0;
    default:
      return since.at;
  }
}

function midnight(now: number, zone: Preferences['times']): number {
  if (zone === 'utc') {
    return Math.floor(now / DAY) * DAY;
  }
  return Math.floor(new Date(now * 1000).setHours(0, 0, 0, 0) / 1000);
}
