import { expect, it } from 'vitest';
import { DEFAULT_SYNC_JOB } from '#shared/settings/sync-defaults.ts';
import { defaultSyncJob } from '#shared/settings/sync-job.ts';

it('a page puts the same defaults into its fields as a new job has', () => {
  expect(DEFAULT_SYNC_JOB).toEqual(defaultSyncJob());
});
