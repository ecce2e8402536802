import { grouped } from '#shared/domain/grouped.ts';
import type { FeatureHandlers, HandlerParts } from './parts.ts';

/** Flight plans, and scans as jobs. */
export function scanHandlers({ scanning, jobs }: HandlerParts): FeatureHandlers<'scan'> {
  return {
    'scan.plan': (request) => scanning.plan(request, new AbortController().signal),
    'scan.start': (request) => {
      const job = jobs.start({
        kind: 'scan',
        title: 'Queueing hashes',
        unit: 'hashes',
        intakeId: request.intakeId,
        async run(update, signal) {
          const started = await scanning.start(
            request,
            ({ done, total }) => update({ phase: 'queueing', done, total }),
            signal,
          );
          return {
            message: `${grouped(started.queued)} questions queued; ${grouped(started.without)} hashes need none.`,
            cancelled: signal.aborted,
          };
        },
      });
      return { jobId: job.jobId };
    },
  };
}
