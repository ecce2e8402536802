import { AVOIDED_BY, OUTCOMES } from '#shared/domain/outcome.ts';
import { CACHE_AGES, INBOUND_DOORS } from '#shared/domain/usage/panels.ts';
import { SOURCE_IDS } from '#shared/domain/source.ts';

/** The light theme's colours: a file is printed on white. */
const STATUS_COLOURS = new Map(
  Object.entries({
    malicious: '#d01f27',
    suspicious: '#b86e00',
    'non-malicious': '#3d8f60',
    pending: '#9aa1ac',
    unknown: '#767e8b',
    'to-malicious': '#d01f27',
    'from-malicious': '#3d8f60',
  }),
);
const SERIES_COLOURS = ['#2a5bc7', '#6f92e3', '#4f5763', '#8a929f', '#173a85', '#a9762f'];

/** Parts that have an order of their own keep their colour, whichever of them are there. */
const ORDERS: readonly (readonly string[])[] = [
  SOURCE_IDS,
  INBOUND_DOORS,
  AVOIDED_BY,
  CACHE_AGES.map(({ key }) => key),
  OUTCOMES.slice(3),
];

/** The colour of a part: statuses theirs, known parts always the same, others by their place. */
export function colourOf(key: string, place: number): string {
  const status = STATUS_COLOURS.get(key);
  if (status !== undefined) {
    return status;
  }
  const order = ORDERS.find((keys) => keys.includes(key));
  const slot = order === undefined ? place : order.indexOf(key);
  return SERIES_COLOURS[slot % SERIES_COLOURS.length] ?? '#2a5bc7';
}
