import type { LifeEffects, SourceEffect } from '#shared/contract/life.ts';
import { counted, number } from '../../../components/words.ts';

const DAYS_A_MONTH = 30;

/** When the database is full at its growth, as the rest of a phrase; empty when that cannot be told. */
export function fullWords({ bytes, cap, fullInDays }: LifeEffects['size']): string {
  if (bytes >= cap || fullInDays === null) {
    return '';
  }
  return fullInDays < 2 * DAYS_A_MONTH
    ? `, full in about ${counted(Math.max(1, fullInDays), 'day')}`
    : `, full in about ${number(Math.round(fullInDays / DAYS_A_MONTH))} months`;
}

/** What happens where the size is more than may be; empty when it fits. */
export function sizeWarning({ bytes, cap }: LifeEffects['size']): string {
  return bytes <= cap ? '' : 'More is kept than that: kept answers go first, then unknown items.';
}

/** Calls a day beside what is allowed. */
export function callsWords({ callsPerDay, allowedPerDay }: SourceEffect): string {
  const calls = `${some(callsPerDay)} calls a day`;
  return allowedPerDay === null ? `${calls}, no limit` : `${calls} of ${some(allowedPerDay)} allowed`;
}

/** How long it takes to ask for everything once. */
export function cycleWords({ fullCycleDays, allowedPerDay, items }: SourceEffect): string {
  if (items === 0) {
    return 'nothing to ask again';
  }
  if (fullCycleDays === null) {
    return allowedPerDay === null ? 'all once as fast as it answers' : 'no end: rescans may use nothing';
  }
  return fullCycleDays < 1 ? 'all once within a day' : `all once in ${some(fullCycleDays)} days`;
}

/** What is behind, the malicious ones named. */
export function overdueWords({ overdue, overdueMalicious }: SourceEffect): string {
  return overdue === 0 ? 'none overdue' : `${number(overdue)} overdue, ${number(overdueMalicious)} of them malicious`;
}

/** What a purge takes. A file goes with the last of its items. */
export function purgeWords({ items, files }: LifeEffects['purge']): string {
  if (items === 0) {
    return 'nothing';
  }
  const gone = counted(items, 'item');
  return files === 0 ? gone : `${gone}, and ${counted(files, 'file')} of which nothing is left`;
}

/** Small numbers with a decimal, so that one call in ten days is not none. */
function some(value: number): string {
  if (value > 0 && value < 0.1) {
    return '< 0.1';
  }
  return value > 0 && value < 10 ? String(Math.round(value * 10) / 10) : number(Math.round(value));
}
