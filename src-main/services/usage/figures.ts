import type { PanelId } from '#shared/domain/usage/panels.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import type { MetricKind } from '../../db/change-kinds.ts';
import type { Level } from './steps.ts';
import type { Filed } from './parts.ts';

/**
 * How an interval's value comes from what was recorded. `sum`: amounts added up. `last`: what a gauge said last. `most`: the
 * most a gauge said. `mean`: the average amount. `share`: per cent of the amounts in those of `of`.
 */
export type Reading =
  | { readonly by: 'sum' | 'last' | 'most' | 'mean' }
  | { readonly by: 'share'; readonly of: MetricKind };

/** Which recorded figures a panel shows. */
export interface Figures {
  readonly reading: Reading;
  /** What is shown at a level of roll-ups; for `share` what is counted, without what it is a share of. */
  readonly kind: (level: Level) => MetricKind;
  /** Whether a figure of that kind counts in this panel. */
  readonly counts: (filed: Filed) => boolean;
}

const ANSWERED: readonly Outcome[] = ['answer', 'not-known', 'pending'];

/**
 * Recorded since the first version, inbound hashes among them. Where nothing of one kind was recorded, but something of
 * another, nothing of it happened.
 */
const EARLIEST: readonly MetricKind[] = [
  'inboundHashes',
  'inboundMinute',
  'inboundHour',
  'inboundDay',
  'itemsImported',
  'answeredLocally',
  'intakeRemoved',
  'listEntriesChanged',
  'requestSettled',
  'pairsSent',
  'pairsAvoided',
  'itemsPurged',
  'reportsPurged',
  'itemsNotMade',
  'flips',
];
/** Recorded together, from later on. */
const LATER: readonly MetricKind[] = [
  'requestMs',
  'callsBilled',
  'verdictCount',
  'queueDepth',
  'itemsTotal',
  'listEntries',
  'syncRun',
];

/** Kinds that were recorded from when on the given one was. */
export function recordedWith(kind: MetricKind): readonly MetricKind[] {
  return EARLIEST.includes(kind) ? EARLIEST : LATER;
}

/** Panels whose gauges every look tells whole: nothing written means that there was nothing. */
export const OF_EVERY_LOOK: ReadonlySet<PanelId> = new Set(['outbound-queue', 'total-items', 'hash-list']);

const all = (): boolean => true;
const isAnswered = ({ detail }: Filed): boolean => ANSWERED.some((outcome) => outcome === detail);

/** Different hashes are counted for each length of time on its own: one that came twice in an hour is one in it. */
const INBOUND = ['inboundMinute', 'inboundHour', 'inboundDay'] as const;

/** Where each panel's figures are. */
export const FIGURES: Readonly<Record<PanelId, Figures>> = {
  'outbound-items': sumOf('pairsSent'),
  'outbound-queue': { reading: { by: 'most' }, kind: () => 'queueDepth', counts: all },
  'outbound-requests': sumOf('requestSettled'),
  'outbound-successful': sumOf('requestSettled', isAnswered),
  'outbound-failed': sumOf('requestSettled', (filed) => !isAnswered(filed)),
  'database-size': gaugeOf('databaseBytes'),
  'inbound-items': { reading: { by: 'sum' }, kind: (level) => INBOUND[level], counts: all },
  'total-items': gaugeOf('itemsTotal'),
  'purged-items': sumOf('itemsPurged'),
  'hash-list': gaugeOf('listEntries'),
  'hash-list-in-environment': gaugeOf('listInEnvironment'),
  'calls-avoided': sumOf('pairsAvoided'),
  'quota-used': sumOf('callsBilled'),
  verdicts: sumOf('verdictCount'),
  flips: sumOf('flips'),
  coverage: { reading: { by: 'share', of: 'inboundHashes' }, kind: () => 'answeredLocally', counts: all },
  'cache-age': gaugeOf('cacheAge'),
  latency: { reading: { by: 'mean' }, kind: () => 'requestMs', counts: all },
  'sync-runs': sumOf('syncRun'),
};

function sumOf(kind: MetricKind, counts: Figures['counts'] = all): Figures {
  return { reading: { by: 'sum' }, kind: () => kind, counts };
}

function gaugeOf(kind: MetricKind): Figures {
  return { reading: { by: 'last' }, kind: () => kind, counts: all };
}
