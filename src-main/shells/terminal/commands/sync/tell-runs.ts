import type { SyncJobView, SyncRunView } from '#shared/contract/sync.ts';
import type { ThreatSyncService } from '../../../../services/threat-sync/port.ts';
import type { Session } from '../../session.ts';
import { runText } from './run-text.ts';

/** Milliseconds between two looks at the jobs: their counts are added up each time. */
const LOOK_MS = 2000;

export interface SyncTelling {
  /** Says which runs ended since the last look; at most a look in two seconds, unless `now`. True while one is asked for or running. */
  look(now?: boolean): Promise<boolean>;
}

/** Tells the log of a process without a window how runs of sync jobs end: one that failed or stopped to ask also with --quiet. */
export function createSyncTelling(session: Session, threatSync: Pick<ThreatSyncService, 'jobs'>): SyncTelling {
  const told = new Map<number, number>();
  let isFirst = true;
  let isBusy = false;
  let lookedAt = 0;
  return {
    async look(now = false) {
      const at = session.host.now();
      if (!now && !isFirst && at - lookedAt < LOOK_MS) {
        return isBusy;
      }
      lookedAt = at;
      const { jobs } = await threatSync.jobs();
      for (const job of jobs) {
        const run = endedRun(job);
        if (run !== null && run.id > (told.get(job.id) ?? 0)) {
          told.set(job.id, run.id);
          if (!isFirst) {
            tell(session, job, run);
          }
        }
      }
      isFirst = false;
      isBusy = jobs.some(({ presentRun }) => presentRun?.state === 'requested' || presentRun?.state === 'running');
      return isBusy;
    },
  };
}

function endedRun({ lastRun }: SyncJobView): SyncRunView | null {
  return lastRun === null || lastRun.state === 'requested' || lastRun.state === 'running' ? null : lastRun;
}

function tell(session: Session, job: SyncJobView, run: SyncRunView): void {
  const sentence = `${job.name}: ${runText(run)}`;
  if (run.state === 'needs-approval' && !run.approved) {
    session.warn(`${sentence} To allow it: assay sync approve ${run.id}.`);
  } else if (run.state === 'failed') {
    session.warn(sentence);
  } else {
    session.note(sentence);
  }
}
