/** The parts of the reputation board, in the order they are shown. */
export const BOARD_SECTIONS = [
  'Resource usage',
  'Service usage',
  'What was not spent, what is left',
  'Quality',
] as const;
export type BoardSection = (typeof BOARD_SECTIONS)[number];

/**
 * How the values of an interval come about. `sum`: what happened in it. `gauge`: what was so at its end (or at most, where a
 * panel says so), carried on while Assay ran, unknown while it did not. `mean`: the average of what happened, unknown
 * where nothing did. `share`: per cent of one count in another, unknown where the other is nothing.
 */
export type Measure = 'sum' | 'gauge' | 'mean' | 'share';

/** What the parts of a panel are. */
export type Split = 'source' | 'status' | 'door' | 'reason' | 'side' | 'direction' | 'age' | 'state' | 'none';

export type PanelUnit =
  | 'items'
  | 'hashes'
  | 'requests'
  | 'entries'
  | 'bytes'
  | 'milliseconds'
  | 'calls'
  | 'runs'
  | 'per cent';

/** One panel of the reputation board: what it is called, what it means. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly section: BoardSection;
  readonly unit: PanelUnit;
  readonly measure: Measure;
  /** Ways to break it down, the usual one first. */
  readonly splits: readonly [Split, ...Split[]];
  readonly chart: 'bars' | 'area' | 'lines';
  /** The definition, as the panel's help shows it. */
  readonly help: string;
}

/** All panels. The id is what `assay usage --panel` takes and what exports name: never rename one. */
export const PANELS = [
  {
    id: 'outbound-items',
    title: 'Outbound Items',
    section: 'Resource usage',
    unit: 'items',
    measure: 'sum',
    splits: ['source'],
    chart: 'bars',
    help: 'Pairs of a hash and a source that were sent. A hash that is asked of two sources counts twice, and again when it is asked again.',
  },
  {
    id: 'outbound-queue',
    title: 'Outbound Processing Queue',
    section: 'Resource usage',
    unit: 'items',
    measure: 'gauge',
    splits: ['source'],
    chart: 'area',
    help: 'Pairs of a hash and a source that waited or were on their way, looked at each minute. An interval shows the most there were.',
  },
  {
    id: 'outbound-requests',
    title: 'Outbound API Requests',
    section: 'Resource usage',
    unit: 'requests',
    measure: 'sum',
    splits: ['source'],
    chart: 'bars',
    help: 'Requests to sources that ended, well or not. One request may ask about many hashes.',
  },
  {
    id: 'outbound-successful',
    title: 'Successful Outbound API Requests',
    section: 'Resource usage',
    unit: 'requests',
    measure: 'sum',
    splits: ['source'],
    chart: 'bars',
    help: 'Requests that the source answered. That it does not know a file, or has no verdict yet, is an answer.',
  },
  {
    id: 'outbound-failed',
    title: 'Failed Outbound API Requests',
    section: 'Resource usage',
    unit: 'requests',
    measure: 'sum',
    splits: ['reason', 'source'],
    chart: 'bars',
    help: 'Requests that brought no answer: a limit met, a key refused, a service or network that failed, an answer that is none, or one lost because Assay ended before it was heard.',
  },
  {
    id: 'database-size',
    title: 'Database Size',
    section: 'Resource usage',
    unit: 'bytes',
    measure: 'gauge',
    splits: ['none'],
    chart: 'area',
    help: 'What the maximum size counts: used pages of the database with the kept reports in them, and intakes.',
  },
  {
    id: 'inbound-items',
    title: 'Inbound Items',
    section: 'Service usage',
    unit: 'hashes',
    measure: 'sum',
    splits: ['door'],
    chart: 'bars',
    help: 'Different hashes received in an interval, by the door they came through first: dropped and pasted lists and folders, look-ups. One that came several times in a minute, an hour or a day counts once in it; intervals of several add these up. What an intake held that was forgotten meanwhile counts again when it comes again.',
  },
  {
    id: 'total-items',
    title: 'Total Items',
    section: 'Service usage',
    unit: 'items',
    measure: 'gauge',
    splits: ['source', 'status'],
    chart: 'area',
    help: 'Reputation items kept: one for each file and source that was queued or answered.',
  },
  {
    id: 'purged-items',
    title: 'Purged Items',
    section: 'Service usage',
    unit: 'items',
    measure: 'sum',
    splits: ['reason', 'source', 'status'],
    chart: 'bars',
    help: 'Reputation items that were removed because nobody had asked for them within the Remove Item Interval, or to keep the database inside its maximum size.',
  },
  {
    id: 'hash-list',
    title: 'Hash List',
    section: 'Service usage',
    unit: 'entries',
    measure: 'gauge',
    splits: ['side'],
    chart: 'lines',
    help: 'Entries of the team’s hash list, by side. Expired entries do not count.',
  },
  {
    id: 'hash-list-in-environment',
    title: 'Hash List Items in Environment',
    section: 'Service usage',
    unit: 'entries',
    measure: 'gauge',
    splits: ['side'],
    chart: 'lines',
    help: 'Entries of the hash list whose file is in at least one kept intake.',
  },
  {
    id: 'calls-avoided',
    title: 'Calls avoided',
    section: 'What was not spent, what is left',
    unit: 'calls',
    measure: 'sum',
    splits: ['reason', 'source'],
    chart: 'bars',
    help: 'Pairs of a hash and a source that needed no call, by what answered: the hash list, a known set, a fresh answer, one found through another digest, a question that waited already, or another source’s verdict.',
  },
  {
    id: 'quota-used',
    title: 'Quota used',
    section: 'What was not spent, what is left',
    unit: 'calls',
    measure: 'sum',
    splits: ['source'],
    chart: 'bars',
    help: 'Calls as the sources count them, at the time of sending. A request whose answer was never heard counts as spent.',
  },
  {
    id: 'verdicts',
    title: 'Verdict mix',
    section: 'Quality',
    unit: 'hashes',
    measure: 'sum',
    splits: ['status'],
    chart: 'bars',
    help: 'Hashes of intakes by their verdict when they were triaged.',
  },
  {
    id: 'flips',
    title: 'Verdict flips',
    section: 'Quality',
    unit: 'items',
    measure: 'sum',
    splits: ['direction', 'source'],
    chart: 'bars',
    help: 'Items that turned malicious, or ceased to be, when their source was asked again.',
  },
  {
    id: 'coverage',
    title: 'Answered offline',
    section: 'Quality',
    unit: 'per cent',
    measure: 'share',
    splits: ['none'],
    chart: 'lines',
    help: 'Share of the hashes of intakes about which something on this machine said something when they were triaged, before anything was sent.',
  },
  {
    id: 'cache-age',
    title: 'Age of the cache',
    section: 'Quality',
    unit: 'items',
    measure: 'gauge',
    splits: ['age'],
    chart: 'area',
    help: 'Answered items by the time since their source was last heard of them, looked at once an hour.',
  },
  {
    id: 'latency',
    title: 'Answer time',
    section: 'Quality',
    unit: 'milliseconds',
    measure: 'mean',
    splits: ['source'],
    chart: 'lines',
    help: 'Average time from sending a request to its answer, of requests that were answered.',
  },
  {
    id: 'sync-runs',
    title: 'Threat sync runs',
    section: 'Quality',
    unit: 'runs',
    measure: 'sum',
    splits: ['state'],
    chart: 'bars',
    help: 'Runs of threat sync that ended, by how.',
  },
] as const satisfies readonly Panel[];

export type PanelId = (typeof PANELS)[number]['id'];
export const PANEL_IDS = PANELS.map(({ id }) => id) as [PanelId, ...PanelId[]];

/** The panel of an id. */
export function panelOf(id: PanelId): Panel {
  const found = PANELS.find((panel) => panel.id === id);
  if (found === undefined) {
    throw new RangeError(`${id} is no panel`);
  }
  return found;
}

/** What the board tells as a table, for it is no course over time. The ids are what layouts and exports name: never rename one. */
export const BOARD_TABLES = [
  {
    id: 'quota-saved',
    title: 'Quota saved',
    section: 'What was not spent, what is left',
    help: 'What the pairs that needed no call would have cost, as each source counts: calls, days of its daily quota, and the price where one is set.',
  },
  {
    id: 'quota-forecast',
    title: 'Quota forecast',
    section: 'What was not spent, what is left',
    help: 'What is spent of each quota, and what will be when its window ends at the present pace. The pace is told from what waits in the queue, from the same hours of past weeks, or from this window so far.',
  },
  {
    id: 'failure-reasons',
    title: 'Failure reasons',
    section: 'Quality',
    help: 'Requests that brought no answer, by source and by what came in its place.',
  },
] as const satisfies readonly {
  readonly id: string;
  readonly title: string;
  readonly section: BoardSection;
  readonly help: string;
}[];

export type BoardTableId = (typeof BOARD_TABLES)[number]['id'];
export const BOARD_TABLE_IDS = BOARD_TABLES.map(({ id }) => id) as [BoardTableId, ...BoardTableId[]];

/** The table of an id. */
export function boardTableOf(id: BoardTableId): (typeof BOARD_TABLES)[number] {
  const found = BOARD_TABLES.find((table) => table.id === id);
  if (found === undefined) {
    throw new RangeError(`${id} is no table of the board`);
  }
  return found;
}

/** Doors hashes come through, as events name them. */
export const INBOUND_DOORS = ['intakes', 'look-ups'] as const;
export type InboundDoor = (typeof INBOUND_DOORS)[number];

/** Ages of answers: upper bounds in days, the last one open. */
export const CACHE_AGES = [
  { key: 'day', label: 'under a day', days: 1 },
  { key: 'week', label: 'under a week', days: 7 },
  { key: 'month', label: 'under 30 days', days: 30 },
  { key: 'quarter', label: 'under 90 days', days: 90 },
  { key: 'older', label: '90 days and more', days: Number.POSITIVE_INFINITY },
] as const;
