import type { SyncJobRow, SyncRunRow } from '../../../db/repositories/sync/types.ts';
import type { Lacking } from '../job-secrets.ts';

/**
 * Why a job cannot be activated yet, as a sentence that says what to do; null when it can, or is active. Before its first
 * activation somebody has to have looked at a dry run with the settings as they are now.
 */
export function whyInactive(
  job: Pick<SyncJobRow, 'active' | 'activatedAt' | 'revision'>,
  missing: readonly Lacking[],
  dryRun: SyncRunRow | null,
): string | null {
  if (job.active) {
    return null;
  }
  const [first] = missing;
  if (first !== undefined) {
    return first.message;
  }
  return job.activatedAt === null ? whyUnseen(job.revision, dryRun) : null;
}

function whyUnseen(revision: number, dryRun: SyncRunRow | null): string | null {
  if (dryRun === null) {
    return 'Before its first activation a job needs a dry run. Make one and look at what it would do.';
  }
  switch (dryRun.state) {
    case 'requested':
    case 'running':
      return 'Its dry run is under way. Look at what it would do when it is done.';
    case 'done':
      break;
    default:
      return 'Its last dry run did not come to an end. Make another one and look at what it would do.';
  }
  if (dryRun.revision !== revision) {
    return 'What is pulled, or where it goes, was changed since its last dry run. Make another one and look at it.';
  }
  return dryRun.seen ? null : 'Nobody looked at its last dry run yet. Look at what it would do.';
}
