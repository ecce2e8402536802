import type { SyncJobView, SyncPlanRow, SyncRunView } from '#shared/contract/sync.ts';
import { defaultSyncJob } from '#shared/settings/sync-job.ts';

const MOMENT = Date.UTC(2026, 10, 22, 4);
const NOTHING = { place: null, setAt: null, fault: null } as const;
export const NO_COUNTS = {
  pulled: 0,
  new: 0,
  changed: 0,
  withdrawn: 0,
  unchanged: 0,
  held: 0,
  invalid: 0,
  packages: 0,
  requests: 0,
  deploys: 0,
} as const;

export function jobView(change: Partial<SyncJobView> = {}): SyncJobView {
  return {
    id: 1,
    name: 'High rated',
    active: false,
    config: defaultSyncJob(),
    secrets: { threatconnect: NOTHING, tanium: NOTHING, 'threatconnect-proxy': NOTHING, 'tanium-proxy': NOTHING },
    missing: [],
    whyInactive: 'Look at a dry run first.',
    lastModified: MOMENT,
    reconciledAt: null,
    nextRunAt: null,
    nextReconcileAt: null,
    lastRun: null,
    lastDryRun: null,
    presentRun: null,
    sent: 12_418,
    held: 2,
    packages: 31,
    tql: 'typeName in ("Address")',
    ...change,
  };
}

export function runView(change: Partial<SyncRunView> = {}): SyncRunView {
  return {
    id: 7,
    jobId: 1,
    kind: 'dry-run',
    state: 'done',
    asked: 'person',
    requestedAt: MOMENT,
    startedAt: MOMENT,
    endedAt: MOMENT + 3000,
    counts: { ...NO_COUNTS, new: 214, withdrawn: 19, held: 2, packages: 4, requests: 3 },
    phase: '',
    done: 0,
    total: null,
    retry: null,
    message: '',
    tql: '',
    seen: false,
    approved: false,
    ...change,
  };
}

export function planRow(change: Partial<SyncPlanRow> = {}): SyncPlanRow {
  return {
    position: 0,
    action: 'new',
    id: 4711,
    type: 'Host',
    summary: 'evil.example.com',
    owner: 'Acme',
    rating: 4,
    confidence: 80,
    tags: ['C2'],
    oldRating: null,
    oldConfidence: null,
    package: 'High rated - Host',
    reason: null,
    why: '',
    here: null,
    ...change,
  };
}

type Call = readonly [name: string, input: unknown];

/** A sync service that answers with what it is given, and puts down what it was called with. */
export function syncDouble(answers: Readonly<Record<string, unknown>> = {}) {
  const called: Call[] = [];
  const threatSync = new Proxy(
    {},
    {
      get:
        (_, name) =>
        async (...input: unknown[]): Promise<unknown> => {
          called.push([String(name), input[0]]);
          const answer = answers[String(name)] ?? (name === 'jobs' ? { jobs: [jobView()] } : undefined);
          if (answer === undefined) {
            throw new Error(`the command called threatSync.${String(name)}`);
          }
          return typeof answer === 'function' ? (answer as (...all: unknown[]) => unknown)(...input) : answer;
        },
    },
  );
  const outbound = { seek: () => async () => undefined };
  return { called, engine: { threatSync, outbound } };
}
