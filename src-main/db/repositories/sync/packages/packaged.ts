import type { IndicatorType } from '#shared/domain/indicator.ts';
import type { SyncJobConfig } from '#shared/settings/sync-job.ts';

/** Whether indicators of a type go into intel packages: files may go to the reputation hash list alone. */
export function isPackaged(config: Pick<SyncJobConfig, 'filesTo'>, type: IndicatorType): boolean {
  return type !== 'File' || config.filesTo !== 'hash-list';
}
