import type { IndicatorType } from '#shared/domain/indicator.ts';
import { uuidV5 } from '../../../../platform/uuid-v5.ts';

/** SQL that marks a package as one that may have to be written. */
export const DIRTY = 'dirty = 1, touched = touched + 1, labels_due = 1';

/** The name of a package, by which a person finds it in Threat Response: `Job name - File 0110`. */
export function packageName(jobName: string, type: IndicatorType, prefix: string): string {
  return `${jobName} - ${type}${prefix === '' ? '' : ` ${prefix}`}`;
}

/** The root id of a package's documents: the same one always, in the name space of the job, and of no other package. */
export function packageRootId(jobUuid: string, type: IndicatorType, prefix: string): string {
  return uuidV5(jobUuid, `${type} ${prefix}`);
}
