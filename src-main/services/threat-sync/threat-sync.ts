import { AppError } from '#shared/errors/app-error.ts';
import type { ThreatSyncService } from './port.ts';

/** Sync jobs of a data directory. */
export function createThreatSync(): ThreatSyncService {
  const none = (): Promise<never> =>
    Promise.reject(new AppError('NOT_FOUND', 'There is no such sync job. assay sync list names those there are.'));
  return {
    jobs: () => Promise.resolve({ jobs: [] }),
    create: none,
    set: none,
    remove: none,
    setSecret: none,
    removeSecret: none,
    test: none,
    owners: none,
    tql: none,
    count: none,
    activate: none,
    startOver: none,
    request: none,
    recall: none,
    cancel: none,
    approve: none,
    runs: none,
    run: none,
    plan: none,
    log: none,
    ledger: none,
    requests: none,
    indicators: none,
    release: none,
  };
}
