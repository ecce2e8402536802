/** `1,907`, and with its noun: `1 row`, `1,907 rows`. */
export { counted, grouped as count } from '#shared/domain/grouped.ts';

/** `65.0 MB`, as the window says it. */
export { sizeText as bytes } from '#shared/domain/size-text.ts';

/** How long ago, in one unit: `3 h`, `12 d`. A time ahead of the clock reads as `0 s`. */
export function age(seconds: number): string {
  const value = Math.max(0, seconds);
  const steps = [
    { size: 86_400 * 365, name: 'y' },
    { size: 86_400, name: 'd' },
    { size: 3600, name: 'h' },
    { size: 60, name: 'min' },
  ];
  const step = steps.find((candidate) => value >= candidate.size);
  return step === undefined ? `${Math.floor(value)} s` : `${Math.floor(value / step.size)} ${step.name}`;
}

/** Work that took this many milliseconds: `0.4 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** Seconds since the epoch as `2026-11-22T04:41:29Z`; null stays null. */
export function utc(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** Seconds since the epoch as `2026-11-22 04:41` in UTC, for tables. */
export function utcMinute(seconds: number | null): string {
  return seconds === null ? '' : new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
}
