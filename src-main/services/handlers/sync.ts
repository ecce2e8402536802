import { dirname } from 'node:path';
import type { CallOutput, CallParsed } from '#shared/contract/index.ts';
import { counted } from '#shared/domain/grouped.ts';
import { writeStreamed } from '../../destinations/write-streamed.ts';
import { planLines } from '../threat-sync/plan-lines.ts';
import type { FeatureHandlers, HandlerParts } from './parts.ts';
import { safeName } from './safe-name.ts';

/** Sync jobs: ThreatConnect indicators in Threat Response. */
export function syncHandlers(parts: HandlerParts): FeatureHandlers<'sync'> {
  const { threatSync } = parts;
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
    'sync.exportPlan': (request) => exportPlan(parts, request),
    'sync.log': (request) => threatSync.log(request),
    'sync.ledger': (request) => threatSync.ledger(request),
    'sync.requests': (request) => threatSync.requests(request),
    'sync.indicators': (request) => threatSync.indicators(request),
    'sync.release': (request) => threatSync.release(request),
  };
}

/** Writes the plan of a run to a file of the person's choice, as a job with its progress. */
async function exportPlan(
  { threatSync, jobs, saveTarget, simulated }: HandlerParts,
  request: CallParsed<'sync.exportPlan'>,
): Promise<CallOutput<'sync.exportPlan'>> {
  const run = await threatSync.run(request.runId);
  const { jobs: syncJobs } = await threatSync.jobs();
  const name = syncJobs.find(({ id }) => id === run.jobId)?.name ?? '';
  const title = `${name}, ${run.kind.replaceAll('-', ' ')} ${run.id}`;
  const path = await saveTarget.choose(`${safeName(title, 'threat sync')}.${request.format}`);
  if (path === null) {
    return { jobId: null, path: null };
  }
  const job = jobs.start({
    kind: 'export',
    title: `Export of ${title}`,
    unit: 'rows',
    run: async (update, signal) => {
      update({ phase: 'writing' });
      let written = 0;
      const onRows = (done: number, total: number): void => {
        written = done;
        update({ done, total });
      };
      await writeStreamed(path, planLines(threatSync, { request, simulated, onRows }), signal);
      return { message: `${counted(written, 'row')} written to ${dirname(path)}`, path };
    },
  });
  return { jobId: job.jobId, path };
}
