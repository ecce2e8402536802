import type { SyncIndicatorView, SyncJobView, SyncPlanRow, SyncRunView } from '#shared/contract/sync.ts';
import type { SyncAction } from '#shared/domain/indicator.ts';
import { defaultSyncJob, type SyncJobConfig } from '#shared/settings/sync-job.ts';
import type { Answers } from '../fake-bridge.ts';
import { hashOf, NOW } from '../world.ts';

/** Plain data of sync jobs; every maker takes what the test is about. Moments are milliseconds. */
export const NOW_MS = NOW * 1000;
const HOUR = 3_600_000;

const KEPT = { place: 'keychain' as const, setAt: NOW - 86_400, fault: null };
const NO_SECRET = { place: null, setAt: null, fault: null };

/** Every setting a job needs. */
export function config(change: Partial<SyncJobConfig> = {}): SyncJobConfig {
  return {
    ...defaultSyncJob(),
    threatConnectUrl: 'https://acme.threatconnect.example/api',
    accessId: '1234567890',
    taniumUrl: 'https://tanium.acme.example',
    taniumUsername: 'assay',
    owners: ['ACME Intel', 'Premium OSINT'],
    includeTags: ['Emotet', 'QakBot', 'C2'],
    excludeTags: ['sinkholed'],
    minThreatAssess: 500,
    minConfidence: 50,
    minRating: 3,
    maxFalsePositives: 2,
    ...change,
  };
}

/** A run that came to its end two hours ago. */
export function run(change: Partial<SyncRunView> = {}): SyncRunView {
  return {
    id: 31,
    jobId: 3,
    kind: 'run',
    state: 'done',
    asked: 'schedule',
    requestedAt: NOW_MS - 2 * HOUR,
    startedAt: NOW_MS - 2 * HOUR,
    endedAt: NOW_MS - 2 * HOUR + 3_100,
    counts: counts(),
    phase: '',
    done: 0,
    total: null,
    retry: null,
    message: '',
    tql: 'typeName in ("Address","File","Host") and lastModified >= "2026-11-18T09:00:00Z"',
    seen: false,
    approved: false,
    ...change,
  };
}

export function counts(change: Partial<SyncRunView['counts']> = {}): SyncRunView['counts'] {
  return {
    pulled: 0,
    new: 0,
    changed: 0,
    withdrawn: 0,
    unchanged: 0,
    held: 0,
    invalid: 0,
    packages: 0,
    requests: 3,
    deploys: 0,
    ...change,
  };
}

/** A dry run of 12,420 indicators, as in a first look at a large feed. */
export function dryRun(change: Partial<SyncRunView> = {}): SyncRunView {
  return run({
    id: 32,
    kind: 'dry-run',
    asked: 'person',
    counts: counts({
      pulled: 12_420,
      held: 2,
      new: 214,
      changed: 37,
      withdrawn: 19,
      unchanged: 12_148,
      packages: 4,
      requests: 15,
    }),
    seen: true,
    ...change,
  });
}

/** An active job with 12,418 indicators sent. */
export function syncJob(change: Partial<SyncJobView> = {}): SyncJobView {
  return {
    id: 3,
    name: 'Emotet and QakBot',
    active: true,
    config: config(),
    secrets: {
      threatconnect: KEPT,
      tanium: KEPT,
      'threatconnect-proxy': NO_SECRET,
      'tanium-proxy': NO_SECRET,
    },
    missing: [],
    whyInactive: null,
    lastModified: NOW_MS - 2 * HOUR,
    reconciledAt: NOW_MS - 20 * HOUR,
    nextRunAt: NOW_MS + HOUR,
    nextReconcileAt: NOW_MS + 4 * HOUR,
    lastRun: run(),
    lastDryRun: dryRun(),
    presentRun: null,
    sent: 12_418,
    held: 2,
    packages: 31,
    tql: 'typeName in ("Address","File","Host") and ownerName in ("ACME Intel","Premium OSINT") and rating >= 3',
    ...change,
  };
}

/** A job as it is right after it was made. */
export function newJob(change: Partial<SyncJobView> = {}): SyncJobView {
  return syncJob({
    id: 4,
    name: 'Fresh',
    active: false,
    config: defaultSyncJob(),
    secrets: {
      threatconnect: NO_SECRET,
      tanium: NO_SECRET,
      'threatconnect-proxy': NO_SECRET,
      'tanium-proxy': NO_SECRET,
    },
    missing: [
      { field: 'threatConnectUrl', message: 'ThreatConnect address is not set.' },
      { field: 'threatconnect', message: 'Secret key of the Api User is not set.' },
      { field: 'taniumUrl', message: 'Tanium Address is not set.' },
    ],
    whyInactive: 'Required parameters are not set.',
    reconciledAt: null,
    nextRunAt: null,
    nextReconcileAt: null,
    lastRun: null,
    lastDryRun: null,
    sent: 0,
    held: 0,
    packages: 0,
    tql: '',
    ...change,
  });
}

const ORDER: readonly SyncAction[] = ['held', 'new', 'changed', 'withdrawn', 'invalid', 'unchanged'];

function actionAt(position: number, of: SyncRunView['counts']): SyncAction {
  let end = 0;
  return ORDER.find((action) => position < (end += of[action])) ?? 'unchanged';
}

export function planRow(position: number, change: Partial<SyncPlanRow> = {}): SyncPlanRow {
  const type = position % 5 === 4 ? 'Host' : position % 5 === 3 ? 'Address' : 'File';
  return {
    position,
    action: 'new',
    id: 1000 + position,
    type,
    summary:
      type === 'File'
        ? hashOf(position)
        : type === 'Host'
          ? `cdn-${position}.example`
          : `185.220.101.${position % 250}`,
    owner: 'ACME Intel',
    rating: 4,
    confidence: 80,
    tags: ['Emotet', 'epoch5'],
    oldRating: null,
    oldConfidence: null,
    package: `Emotet and QakBot - ${type} 0110`,
    reason: null,
    why: '',
    here: type === 'File' ? 'malicious' : null,
    ...change,
  };
}

/** The rows of a plan as the engine pages them, for counts as large as they like. */
export function planPage(
  of: SyncRunView['counts'],
  {
    actions,
    text,
    offset,
    limit,
  }: {
    readonly actions?: readonly SyncAction[] | undefined;
    readonly text?: string | undefined;
    readonly offset: number;
    readonly limit: number;
  },
) {
  const total = ORDER.reduce((sum, action) => sum + of[action], 0);
  const rows = Array.from({ length: total }, (_, position) => position)
    .filter((position) => actions === undefined || actions.includes(actionAt(position, of)))
    .filter((position) => text === undefined || planRow(position).summary.includes(text));
  return {
    total: rows.length,
    rows: rows.slice(offset, offset + limit).map((position) => {
      const action = actionAt(position, of);
      return planRow(position, {
        action,
        ...(action === 'held'
          ? { reason: 'known-good' as const, why: 'in NSRL, edition 2026.09', here: 'non-malicious' as const }
          : {}),
        ...(action === 'changed' ? { oldRating: 3, oldConfidence: 60 } : {}),
        ...(action === 'withdrawn' ? { reason: 'no-match' as const } : {}),
      });
    }),
  };
}

export function indicator(id: number, change: Partial<SyncIndicatorView> = {}): SyncIndicatorView {
  return {
    id,
    type: 'File',
    summary: hashOf(id),
    terms: [{ kind: 'sha256', value: hashOf(id) }],
    owner: 'ACME Intel',
    rating: 4,
    confidence: 80,
    threatAssess: 700,
    falsePositives: 0,
    tags: ['Emotet'],
    modifiedAt: NOW_MS - 30 * HOUR,
    link: '',
    package: 'Emotet and QakBot - File 0110',
    held: null,
    heldBy: '',
    released: false,
    sent: true,
    ...change,
  };
}

export const HELD = [
  indicator(1, { held: 'known-good', heldBy: 'NSRL, edition 2026.09', sent: false, package: '' }),
  indicator(2, {
    type: 'Address',
    summary: '192.168.4.7',
    held: 'own',
    heldBy: 'private address',
    sent: false,
    package: '',
  }),
];

/** Answers of a data directory with these jobs. */
export function syncAnswers(jobs: readonly SyncJobView[], change: Answers = {}): Answers {
  const runs = jobs.flatMap(({ lastRun, lastDryRun, presentRun }) => [presentRun, lastRun, lastDryRun]);
  const all = runs.filter((one) => one !== null);
  const runOf = (id: number): SyncRunView => all.find((one) => one.id === id) ?? run({ id });
  return {
    'sync.jobs': () => ({ jobs: [...jobs] }),
    'sync.plan': ({ runId, ...query }) => planPage(runOf(runId).counts, query),
    'sync.runs': ({ jobId }) => {
      const rows = all.filter((one) => one.jobId === jobId);
      return { total: rows.length, rows };
    },
    'sync.run': ({ runId }) => runOf(runId),
    'sync.log': () => ({
      total: 2,
      rows: [
        {
          at: NOW_MS - 2 * HOUR,
          level: 'info',
          text: 'The pull begins with what was modified since 2026-11-18 09:00 UTC.',
        },
        { at: NOW_MS - 2 * HOUR + 900, level: 'warning', text: 'ThreatConnect asked to wait 2 s (429).' },
      ],
    }),
    'sync.ledger': () => ({ total: 0, rows: [] }),
    'sync.requests': () => ({ total: 0, rows: [] }),
    'sync.indicators': ({ which, offset, limit }) =>
      which === 'held'
        ? { total: HELD.length, rows: HELD.slice(offset, offset + limit) }
        : { total: 40, rows: Array.from({ length: 40 }, (_, id) => indicator(id + 1)).slice(offset, offset + limit) },
    'sync.tql': ({ change: changed }) => ({ tql: changed.tql ?? 'typeName in ("Address")', problem: null }),
    ...change,
  };
}
