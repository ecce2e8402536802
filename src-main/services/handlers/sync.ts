import type { FeatureHandlers, HandlerParts } from './parts.ts';

/** Sync jobs: ThreatConnect indicators in Threat Response. */
export function syncHandlers({ threatSync }: HandlerParts): FeatureHandlers<'sync'> {
  const never = (): AbortSignal => new AbortController().signal;
  return {
    'sync.jobs': () => threatSync.jobs(),
    'sync.create': (request) => threatSync.create(request),
    'sync.set': (request) => threatSync.set(request),
    'sync.remove': async (request) => {
      await threatSync.remove(request);
      return {};
    },
    'sync.setSecret': ({ jobId, secret, value }) => threatSync.setSecret(jobId, secret, value),
    'sync.removeSecret': ({ jobId, secret }) => threatSync.removeSecret(jobId, secret),
    'sync.test': (request) => threatSync.test(request, never()),
    'sync.owners': ({ jobId }) => threatSync.owners(jobId, never()),
    'sync.tql': (request) => threatSync.tql(request),
    'sync.count': (request) => threatSync.count(request, never()),
    'sync.activate': ({ jobId, active }) => threatSync.activate(jobId, active),
    'sync.startOver': ({ jobId, from }) => threatSync.startOver(jobId, from),
    'sync.request': (request) => threatSync.request(request),
    'sync.recall': (request) => threatSync.recall(request),
    'sync.cancel': ({ runId }) => threatSync.cancel(runId),
    'sync.approve': ({ runId }) => threatSync.approve(runId),
    'sync.runs': (request) => threatSync.runs(request),
    'sync.run': ({ runId }) => threatSync.run(runId),
    'sync.plan': (request) => threatSync.plan(request),
    'sync.log': (request) => threatSync.log(request),
    'sync.ledger': (request) => threatSync.ledger(request),
    'sync.requests': (request) => threatSync.requests(request),
    'sync.indicators': (request) => threatSync.indicators(request),
    'sync.release': (request) => threatSync.release(request),
  };
}
