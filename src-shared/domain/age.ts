const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS: readonly { readonly below: number; readonly unit: number; readonly word: string }[] = [
  { below: HOUR, unit: MINUTE, word: 'minute' },
  { below: 2 * DAY, unit: HOUR, word: 'hour' },
  { below: 60 * DAY, unit: DAY, word: 'day' },
  { below: 730 * DAY, unit: 30 * DAY, word: 'month' },
];

/** How long ago something was, in whole units, for sentences: "just now", "3 hours ago". Seconds since the epoch. */
export function agePhrase(at: number, now: number): string {
  const seconds = now - at;
  if (seconds < MINUTE) {
    return seconds < -MINUTE ? 'in the future' : 'just now';
  }
  const step = STEPS.find((candidate) => seconds < candidate.below) ?? { unit: 365 * DAY, word: 'year' };
  const count = Math.floor(seconds / step.unit);
  return `${count} ${step.word}${count === 1 ? '' : 's'} ago`;
}
