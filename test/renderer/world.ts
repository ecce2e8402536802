import { REPORT_FORMATS } from '#shared/domain/report.ts';
import type { Bootstrap, Job } from '#shared/contract/app.ts';
import type { EntryDetail, GridQuery, GridRow, InputFileView, IntakeSummary } from '#shared/contract/intake.ts';
import type { Status } from '#shared/domain/status.ts';
import { defaultPreferences, defaultSettings } from '#shared/settings/schema.ts';
import type { OutboundState } from '#shared/contract/outbound.ts';
import type { Answers } from './fake-bridge.ts';

/** Plain data of the contract for tests of the window; every maker takes what the test is about. */
export const NOW = 1_795_000_000;

export function bootstrap(change: Partial<Bootstrap> = {}): Bootstrap {
  return {
    version: '0.1.0',
    shell: 'chromium',
    platform: 'linux',
    dataDirectory: '/data/assay',
    simulated: false,
    canStartDemo: false,
    startAtLogin: null,
    startNotice: null,
    user: 'kim',
    settings: defaultSettings(),
    preferences: { ...defaultPreferences(), times: 'utc' },
    stats: stats(),
    jobs: [],
    ...change,
  };
}

export function stats(): Bootstrap['stats'] {
  return {
    files: 0,
    digests: 0,
    items: 0,
    itemsByStatus: {},
    unasked: 0,
    itemsBySource: {},
    listEntries: 0,
    knownSets: 0,
    intakes: 0,
    databaseBytes: 0,
    intakeBytes: 0,
    knownSetBytes: 0,
    syncJobs: 0,
    syncIndicators: 0,
    changesSeq: 0,
    schemaVersion: 1,
    size: { bytes: 0, cap: 8_589_934_592, isFull: false },
  };
}

export function counts(change: Partial<IntakeSummary['counts']> = {}): IntakeSummary['counts'] {
  return { malicious: 0, suspicious: 0, 'non-malicious': 0, pending: 0, unknown: 0, conflict: 0, stale: 0, ...change };
}

export function accounting(change: Partial<IntakeSummary['accounting']> = {}): IntakeSummary['accounting'] {
  return {
    records: 4,
    hashes: 4,
    duplicates: 0,
    withoutHash: 0,
    rejected: 0,
    otherLines: 0,
    notDigests: {},
    balanced: true,
    ...change,
  };
}

export function intake(change: Partial<IntakeSummary> = {}): IntakeSummary {
  return {
    id: 7,
    title: 'list.csv',
    state: 'ready',
    door: 'window',
    createdAt: NOW,
    elapsedMs: 400,
    bytes: 1000,
    sha256: null,
    readBy: '0.1.0',
    files: 1,
    accounting: accounting(),
    counts: counts({ malicious: 1, unknown: 3 }),
    columns: ['name'],
    embargo: false,
    note: '',
    fault: null,
    judgedSeq: 1,
    judgedAt: NOW,
    problems: [],
    ...change,
  };
}

export function input(change: Partial<InputFileView> = {}): InputFileView {
  return {
    name: 'list.csv',
    bytes: 1000,
    sha256: null,
    format: 'csv',
    formatLabel: 'CSV',
    why: 'header names sha256',
    encoding: 'UTF-8',
    digestColumns: ['sha256'],
    alternatives: [{ format: 'text', label: 'Free text' }],
    records: 4,
    fault: null,
    ...change,
  };
}

export function noneAvoided(): OutboundState['avoidedToday']['by'] {
  return { 'hash-list': 0, 'known-set': 0, fresh: 0, link: 0, queued: 0, conclusive: 0 };
}

export function hashOf(entry: number): string {
  return entry.toString(16).padStart(64, '0');
}

export function verdict(status: Status): GridRow['verdict'] {
  return {
    status,
    rule: status === 'unknown' ? 'never-asked' : 'source',
    source: status === 'unknown' ? null : 'wildfire',
    agreeing: 0,
    answeredAt: status === 'unknown' ? null : NOW - 3600,
    flags: [],
  };
}

export function row(entry: number, change: Partial<GridRow> = {}): GridRow {
  return {
    entry,
    hash: hashOf(entry),
    kind: 'sha256',
    verdict: verdict(entry === 0 ? 'malicious' : 'unknown'),
    file: 'list.csv',
    input: 'list.csv',
    line: entry + 2,
    occurrences: 1,
    carried: [`tool${entry}.exe`],
    tags: [],
    note: '',
    ...change,
  };
}

export function detail(entry: number, change: Partial<EntryDetail> = {}): EntryDetail {
  const of = row(entry);
  return {
    entry,
    hash: of.hash,
    kind: of.kind,
    digests: { sha256: of.hash },
    digestLink: 'single',
    aliases: [],
    verdict: of.verdict,
    why: 'WildFire says so.',
    triaged: of.verdict,
    triagedAt: NOW,
    items: [],
    listEntries: [],
    sets: [],
    annotations: [],
    occurrences: [{ file: of.file, line: of.line, column: null, carried: of.carried }],
    occurrenceCount: 1,
    columns: ['name'],
    elsewhere: [],
    ...change,
  };
}

export function job(change: Partial<Job> = {}): Job {
  return {
    jobId: 'job-1',
    kind: 'intake',
    title: 'list.csv',
    state: 'running',
    phase: 'reading',
    done: 1_000_000,
    total: 4_000_000,
    unit: 'bytes',
    rate: 500_000,
    secondsLeft: 6,
    paused: null,
    intakeId: 7,
    counts: counts({ unknown: 20_000 }),
    message: '',
    path: null,
    ...change,
  };
}

/** The rows a query selects, as the engine would page them. */
export function pageOf(all: readonly GridRow[], query: GridQuery, offset: number, limit: number) {
  const chosen = all.filter(
    (one) =>
      ((query.tags ?? []).length === 0 || (query.tags ?? []).some((tag) => one.tags.includes(tag))) &&
      (query.statuses.length === 0 || query.statuses.includes(one.verdict.status)) &&
      (query.text === '' || one.carried.join(' ').includes(query.text)),
  );
  return { total: chosen.length, judgedSeq: 1, orderId: 1, rows: chosen.slice(offset, offset + limit) };
}

/** A data directory with one ready intake of four rows, one of them malicious. */
export function answers(change: Answers = {}): Answers {
  const rows = [0, 1, 2, 3].map((entry) => row(entry));
  return {
    'app.bootstrap': () => bootstrap(),
    'app.stats': () => stats(),
    'jobs.list': () => ({ jobs: [] }),
    'report.formats': () => ({ formats: REPORT_FORMATS.map((format) => ({ format, unavailable: null })) }),
    'report.list': () => ({ reports: [] }),
    'report.preview': () => ({ rows: 4, kind: 'text', content: 'hash', notes: [], suggestedName: 'list.csv' }),
    'preferences.set': (changed) => ({ ...bootstrap().preferences, ...changed }) as Bootstrap['preferences'],
    'intake.list': () => ({ total: 1, rows: [intake()] }),
    'intake.get': () => ({ intake: intake(), inputs: [input()] }),
    'intake.rows': ({ query, offset, limit }) => pageOf(rows, query, offset, limit),
    'intake.detail': ({ entry }) => detail(entry),
    'annotation.tags': () => ({ tags: [], noted: 0 }),
    'sources.list': () => ({ sources: [], secretStore: { place: 'keychain', locked: false, message: '' } }),
    'outbound.state': () => ({
      owner: null,
      offline: false,
      sentence: 'No source is switched on.',
      depth: 0,
      inFlight: 0,
      perSecond: 0,
      avoidedToday: { total: 0, by: noneAvoided() },
      groups: [],
    }),
    'lookup.find': () => ({ results: [], hashes: 0, rejected: [], problems: [], elapsedMs: 1 }),
    'hashList.page': () => ({
      total: 0,
      rows: [],
      counts: { all: 0, malicious: 0, 'non-malicious': 0, expiring: 0, digests: 0 },
    }),
    'knownSets.list': () => ({ rows: [] }),
    'knownSets.leftWork': () => ({ rows: [] }),
    'history.ofHash': () => ({ lanes: [], changes: [], total: 0 }),
    'changes.unseen': () => ({ raised: 0, cleared: 0, since: null, upTo: 0, lookedAt: NOW }),
    'changes.page': () => ({ total: 0, rows: [], counts: { all: 0, raised: 0, cleared: 0 } }),
    'changes.seen': () => ({}),
    'sync.jobs': () => ({ jobs: [] }),
    'review.page': () => ({ total: 0, atLeast: false, rows: [] }),
    'usage.strip': () => ({ from: NOW - 86_400, to: NOW, items: [], soonest: null }),
    ...change,
  };
}
