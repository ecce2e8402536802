import type { ForecastRow } from '#shared/contract/usage.ts';
import { grouped } from '#shared/domain/grouped.ts';
import { utcTime } from '../../outbound/waits.ts';

/** A forecast without its sentence. */
export interface ForecastWords extends Omit<ForecastRow, 'sentence'> {
  readonly label: string;
  /** Why nothing is sent until somebody acts; null when something may be. */
  readonly held: string | null;
  /** Why something waits that is not counted; null when nothing does. */
  readonly heldBack: string | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A forecast in one sentence: "VirusTotal’s day ends at 14:10 UTC at this pace." */
export function forecastSentence(row: ForecastWords): string {
  const { label, window, spent, limit, usedUpAt, expected, held, heldBack, now } = row;
  const quota = `${label}’s ${window}`;
  const end = utcTime(row.endsAt * 1000, now);
  const used = `${grouped(spent)} of ${grouped(limit)} calls`;
  if (spent >= limit) {
    return `${quota} is used up. The next one begins ${placed(end)}.`;
  }
  if (held !== null) {
    return `${held}: ${used} of its ${window} are spent.`;
  }
  if (usedUpAt !== null) {
    return `${quota} ends ${placed(utcTime(usedUpAt * 1000, now))} at this pace.`;
  }
  if (row.basis === 'none') {
    return spent === 0
      ? `Nothing of ${quota} is spent, and ${heldBack ?? 'nothing waits'}.`
      : `Of ${quota} ${used} are spent; there is no pace yet to tell its end from.`;
  }
  return `${quota} lasts at this pace: about ${grouped(Math.round(Math.min(expected, limit)))} of ${grouped(limit)} calls until ${end}.`;
}

/** A time of today is at a time, one of another day on it. */
function placed(time: string): string {
  return /^\d{1,2} /.test(time) ? `on ${time}` : `at ${time}`;
}
