import { grouped } from '#shared/domain/grouped.ts';
import { AT_MAXIMUM } from '../life/room/full.ts';
import type { ScanStarted } from '../scanning/port.ts';
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
            message: endOf(started),
            cancelled: signal.aborted,
          };
        },
      });
      return { jobId: job.jobId };
    },
  };
}

function endOf({ queued, without, notMade }: ScanStarted): string {
  const free = without === 0 ? '' : `; ${grouped(without)} ${without === 1 ? 'hash needs' : 'hashes need'} none`;
  const done = `${grouped(queued)} ${queued === 1 ? 'question' : 'questions'} queued${free}.`;
  return notMade === 0 ? done : `${done} ${grouped(notMade)} left out. ${AT_MAXIMUM}`;
}
