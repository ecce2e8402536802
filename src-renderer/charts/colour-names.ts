import { RUN_STATES } from '#shared/domain/indicator.ts';
import { AVOIDED_BY, OUTCOMES } from '#shared/domain/outcome.ts';
import { CACHE_AGES, INBOUND_DOORS } from '#shared/domain/usage/panels.ts';
import { SOURCE_IDS } from '#shared/domain/source.ts';
import { STATUSES, type Status } from '#shared/domain/status.ts';

/** Tokens that colour parts. */
export const SERIES_COLOURS = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6'] as const;
/** Tokens of statuses, as everywhere. */
export type StatusColour =
  | 'status-malicious-mark'
  | 'status-suspicious-mark'
  | 'status-nonmalicious-mark'
  | 'status-pending-mark'
  | 'status-unknown-mark';
/** A token without its dashes. */
export type ColourName = (typeof SERIES_COLOURS)[number] | StatusColour;

/** Parts that have an order of their own keep it, and their colour, whichever of them are there. */
const ORDERS: readonly (readonly string[])[] = [
  SOURCE_IDS,
  INBOUND_DOORS,
  AVOIDED_BY,
  CACHE_AGES.map(({ key }) => key),
  STATUSES,
  [...OUTCOMES.filter((outcome) => !['answer', 'not-known', 'pending'].includes(outcome)), 'unsent'],
  RUN_STATES.filter((state) => state !== 'requested' && state !== 'running'),
  // Why items were removed.
  ['not-asked-for', 'size'],
];

const STRANGER = 100;

/** What a part says as a status, when it does: flips are drawn as what they lead to. */
export function statusOfKey(key: string): Status | null {
  if (key === 'to-malicious') {
    return 'malicious';
  }
  if (key === 'from-malicious') {
    return 'non-malicious';
  }
  return STATUSES.find((status) => status === key) ?? null;
}

/**
 * A colour for each part: statuses theirs, sources and other known parts always the same, none twice as long as there
 * are six or fewer.
 */
export function coloursOf(keys: readonly string[]): readonly ColourName[] {
  const taken = new Set<ColourName>();
  const result = new Map<string, ColourName>();
  const byPreference = [...keys].sort((left, right) => placeOfKey(left) - placeOfKey(right) || (left < right ? -1 : 1));
  for (const key of byPreference) {
    const colour = statusColour(statusOfKey(key)) ?? freeColour(placeOfKey(key), taken);
    taken.add(colour);
    result.set(key, colour);
  }
  return keys.map((key) => result.get(key) ?? 'series-1');
}

/** Where a part stands among those of its kind; strangers come after all known ones. */
export function placeOfKey(key: string): number {
  const order = ORDERS.find((keys) => keys.includes(key));
  return order === undefined ? STRANGER : order.indexOf(key);
}

function statusColour(status: Status | null): ColourName | null {
  if (status === null) {
    return null;
  }
  return status === 'non-malicious' ? 'status-nonmalicious-mark' : `status-${status}-mark`;
}

function freeColour(place: number, taken: ReadonlySet<ColourName>): ColourName {
  const count = SERIES_COLOURS.length;
  const start = place === STRANGER ? 0 : place;
  const tries = SERIES_COLOURS.map((_, index) => SERIES_COLOURS[(start + index) % count] ?? 'series-1');
  return tries.find((colour) => !taken.has(colour)) ?? tries[0] ?? 'series-1';
}
