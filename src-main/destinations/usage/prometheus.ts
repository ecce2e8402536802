import { sourceOfCode } from '#shared/domain/source.ts';
import type { ForecastRow } from '#shared/contract/usage.ts';
import type { GaugeKind, MetricKind } from '../../db/change-kinds.ts';
import type { CountSoFar, GaugeSoFar, SoFar } from '../../services/usage/so-far.ts';

type Labels = Readonly<Record<string, string>>;
/** What a kind's source and detail are called as labels. */
type Named = (filed: { readonly source: number; readonly detail: string }) => Labels;

interface Exposed<K> {
  readonly kind: K;
  readonly name: string;
  readonly help: string;
  readonly labels: Named;
}

const source: Named = (filed) => ({ source: sourceOfCode(filed.source) ?? '' });
const detail =
  (name: string): Named =>
  (filed) => ({ [name]: filed.detail });
const both =
  (name: string): Named =>
  (filed) => ({ ...source(filed), [name]: filed.detail });
const purged: Named = (filed) => {
  const [reason = '', status = ''] = filed.detail.split(' ');
  return { ...source(filed), reason, status };
};

const COUNTERS: readonly Exposed<MetricKind>[] = [
  { kind: 'pairsSent', name: 'outbound_items', help: 'Pairs of a hash and a source that were sent.', labels: source },
  {
    kind: 'requestSettled',
    name: 'outbound_requests',
    help: 'Requests to sources that ended, by outcome; answer, not-known and pending are answers. One that was lost and heard after all counts as both.',
    labels: both('outcome'),
  },
  {
    kind: 'inboundDay',
    name: 'inbound_hashes',
    help: 'Different hashes received, each counted once a UTC day.',
    labels: detail('door'),
  },
  { kind: 'itemsPurged', name: 'purged_items', help: 'Reputation items that were removed.', labels: purged },
  {
    kind: 'pairsAvoided',
    name: 'calls_avoided',
    help: 'Pairs of a hash and a source that needed no call, by what answered.',
    labels: both('reason'),
  },
  { kind: 'callsBilled', name: 'quota_calls', help: 'Calls as the sources count them.', labels: source },
  {
    kind: 'verdictCount',
    name: 'verdicts',
    help: 'Hashes of intakes by their verdict when they were triaged.',
    labels: detail('status'),
  },
  {
    kind: 'flips',
    name: 'verdict_flips',
    help: 'Items that turned malicious, or ceased to be.',
    labels: both('direction'),
  },
  { kind: 'syncRun', name: 'sync_runs', help: 'Runs of threat sync that ended.', labels: detail('state') },
];

const GAUGES: readonly Exposed<GaugeKind>[] = [
  {
    kind: 'queueDepth',
    name: 'outbound_queue_items',
    help: 'Pairs of a hash and a source that wait or are on their way.',
    labels: source,
  },
  {
    kind: 'databaseBytes',
    name: 'database_bytes',
    help: 'Bytes as the maximum size of the database counts them.',
    labels: () => ({}),
  },
  { kind: 'itemsTotal', name: 'items', help: 'Reputation items kept.', labels: both('status') },
  {
    kind: 'listEntries',
    name: 'hash_list_entries',
    help: 'Entries of the hash list in force.',
    labels: detail('side'),
  },
  {
    kind: 'listInEnvironment',
    name: 'hash_list_entries_in_environment',
    help: 'Entries of the hash list whose file is in a kept intake.',
    labels: detail('side'),
  },
  {
    kind: 'cacheAge',
    name: 'answered_items_by_age',
    help: 'Answered items by the time since their source was last heard of them.',
    labels: detail('age'),
  },
];

/** The kinds that are written. */
export const EXPOSED = {
  counts: [...COUNTERS.map(({ kind }) => kind), 'requestMs'] as readonly MetricKind[],
  gauges: GAUGES.map(({ kind }) => kind),
};

export interface ExposedFacts extends SoFar {
  readonly version: string;
  readonly simulated: boolean;
  readonly quotas: readonly ForecastRow[];
}

/**
 * Counters since recording began and gauges as they were last looked at, in the text format of Prometheus, version 0.0.4
 * (prometheus.io/docs/instrumenting/exposition_formats): for the textfile collector of node_exporter and its like. Counters
 * never fall, as scrapers take that for a restart and count everything again.
 */
export function prometheusText(facts: ExposedFacts): string {
  const { counts, gauges, lookedAt, quotas } = facts;
  const counters = COUNTERS.map(({ kind, name, help, labels }) =>
    family(
      `assay_${name}_total`,
      'counter',
      help,
      samples(counts, kind, labels, (row) => (isLost(row) ? (row.n + row.sum) / 2 : row.sum)),
    ),
  );
  const said = GAUGES.map(({ kind, name, help, labels }) =>
    family(
      `assay_${name}`,
      'gauge',
      help,
      samples(withoutSum(gauges, kind), kind, labels, (row) => row.value),
    ),
  );
  const looked = lookedAt === null ? [] : [{ labels: {}, value: lookedAt }];
  const lookedHelp =
    'When the gauges were last looked at, seconds since the epoch; each minute while Assay asks sources.';
  return [
    family('assay_info', 'gauge', 'Version of Assay, and whether its sources are simulated.', [
      { labels: { version: facts.version, simulated: String(facts.simulated) }, value: 1 },
    ]),
    ...counters,
    heardLate(counts),
    durations(counts),
    ...said,
    family('assay_gauges_looked_at_seconds', 'gauge', lookedHelp, looked),
    family(
      'assay_quota_spent_calls',
      'gauge',
      'Calls spent or reserved in the window that runs.',
      ofQuotas(quotas, 'spent'),
    ),
    family('assay_quota_limit_calls', 'gauge', 'Calls the window may have.', ofQuotas(quotas, 'limit')),
  ].join('');
}

interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

function family(name: string, type: 'counter' | 'gauge', help: string, values: readonly Sample[]): string {
  const lines = values.map((sample) => `${name}${labelText(sample.labels)} ${sample.value}\n`);
  return lines.length === 0 ? '' : `${head(name, type, help)}${lines.join('')}`;
}

/** Of what was lost one event adds 1, and takes 1 away again when it is heard after all: their number tells both. */
function isLost({ kind, detail: outcome }: CountSoFar): boolean {
  return kind === 'requestSettled' && outcome === 'lost';
}

function heardLate(counts: readonly CountSoFar[]): string {
  return family(
    'assay_outbound_requests_heard_late_total',
    'counter',
    'Requests that were lost and heard after all; all outcomes less these are the requests there were.',
    counts.filter(isLost).map((row) => ({ labels: source(row), value: (row.n - row.sum) / 2 })),
  );
}

function durations(counts: readonly CountSoFar[]): string {
  const name = 'assay_request_duration_seconds';
  const lines = counts
    .filter(({ kind }) => kind === 'requestMs')
    .map((row) => {
      const labels = labelText(source(row));
      return `${name}_sum${labels} ${row.sum / 1000}\n${name}_count${labels} ${row.n}\n`;
    });
  return lines.length === 0
    ? ''
    : `${head(name, 'summary', 'Time from sending a request to its answer, of requests that were answered.')}${lines.join('')}`;
}

function head(name: string, type: 'counter' | 'gauge' | 'summary', help: string): string {
  return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
}

function samples<K, R extends { readonly kind: K; readonly source: number; readonly detail: string }>(
  rows: readonly R[],
  kind: K,
  labels: Named,
  value: (row: R) => number,
): Sample[] {
  return rows.filter((row) => row.kind === kind).map((row) => ({ labels: labels(row), value: value(row) }));
}

/** What all sources hold together is the scraper's to add up. */
function withoutSum(gauges: readonly GaugeSoFar[], kind: GaugeKind): readonly GaugeSoFar[] {
  return kind === 'queueDepth' ? gauges.filter((gauge) => gauge.source !== 0) : gauges;
}

function ofQuotas(quotas: readonly ForecastRow[], field: 'spent' | 'limit'): Sample[] {
  return quotas.map((row) => ({ labels: { source: row.source, window: row.window }, value: row[field] }));
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${labelValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function labelValue(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
