const HOUR_MS = 3_600_000;
const HOURS_OF_DAY = 24;
const HOURS_OF_WEEK = 168;
/** 1 January 1970 was a Thursday; which hour is the first of a week does not matter. */
const WEEKS = 4;
/** With fewer hours on record there is no day to learn from. */
const LEAST_HOURS = 24;
/** How many times the mean of a coarser kind of hour counts beside what was seen of a finer one. */
const PRIOR = 1;

/** How far back the past is looked at, milliseconds. */
export const PAST_MS = WEEKS * HOURS_OF_WEEK * HOUR_MS;

/** Calls expected in the hour (UTC) that holds a moment, milliseconds since the epoch. */
export type Profile = (at: number) => number;

/** Calls of past hours: the start of each (milliseconds since the epoch) and what was spent in it. Hours without any may be left out. */
export type PastHours = ReadonlyMap<number, number>;

/**
 * What is spent in which hour of the week, from the last four weeks. An hour of the week seen less often leans on the same
 * hour of all days, and that on all hours. Null with less than a day on record, or where nothing was spent.
 */
export function profileOf(past: PastHours, recordedFrom: number, now: number): Profile | null {
  const first = Math.ceil(Math.max(recordedFrom, now - PAST_MS) / HOUR_MS);
  const end = Math.floor(now / HOUR_MS);
  if (end - first < LEAST_HOURS) {
    return null;
  }
  const ofWeek = emptyMeans(HOURS_OF_WEEK);
  const ofDay = emptyMeans(HOURS_OF_DAY);
  const all = emptyMeans(1);
  for (let hour = first; hour < end; hour += 1) {
    const calls = past.get(hour * HOUR_MS) ?? 0;
    add(ofWeek, hour % HOURS_OF_WEEK, calls);
    add(ofDay, hour % HOURS_OF_DAY, calls);
    add(all, 0, calls);
  }
  if ((all.sum[0] ?? 0) === 0) {
    return null;
  }
  const usual = meanOf(all, 0, 0, 0);
  return (at) => {
    const hour = Math.floor(at / HOUR_MS);
    const ofThisHour = meanOf(ofDay, hour % HOURS_OF_DAY, usual, PRIOR);
    return meanOf(ofWeek, hour % HOURS_OF_WEEK, ofThisHour, PRIOR);
  };
}

/** The same number of calls in every hour. */
export function evenProfile(callsPerHour: number): Profile {
  return () => callsPerHour;
}

/** Calls expected from one moment to another, milliseconds since the epoch. */
export function expectedBetween(profile: Profile, from: number, to: number): number {
  let calls = 0;
  for (let at = from; at < to;) {
    const end = Math.min(to, nextHour(at));
    calls += (profile(at) * (end - at)) / HOUR_MS;
    at = end;
  }
  return calls;
}

/** When so many calls were spent, from a moment on; null when that is not before `end`. Milliseconds since the epoch. */
export function momentOf(calls: number, profile: Profile, from: number, end: number): number | null {
  let left = calls;
  for (let at = from; at < end;) {
    const until = Math.min(end, nextHour(at));
    const spent = (profile(at) * (until - at)) / HOUR_MS;
    if (spent >= left && spent > 0) {
      return at + ((until - at) * left) / spent;
    }
    left -= spent;
    at = until;
  }
  return null;
}

interface Means {
  readonly sum: number[];
  readonly count: number[];
}

function emptyMeans(length: number): Means {
  return { sum: Array.from({ length }, () => 0), count: Array.from({ length }, () => 0) };
}

function add({ sum, count }: Means, place: number, value: number): void {
  sum[place] = (sum[place] ?? 0) + value;
  count[place] = (count[place] ?? 0) + 1;
}

function meanOf({ sum, count }: Means, place: number, prior: number, weight: number): number {
  return ((sum[place] ?? 0) + prior * weight) / Math.max(1, (count[place] ?? 0) + weight);
}

function nextHour(at: number): number {
  return (Math.floor(at / HOUR_MS) + 1) * HOUR_MS;
}
