/** How literals of moments are read. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Minutes east of Greenwich of the zone in which a literal without one is meant. */
  readonly zoneMinutes: number;
}

const DAY_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  SECOND: 1000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
};
const UNIT_MONTHS: Readonly<Record<string, number>> = { MONTH: 1, YEAR: 12 };
const FUNCTION = /^(NOW|TODAY)\(\s*\)(?:\s*([+-])\s*(\d{1,6})\s+(SECOND|MINUTE|HOUR|DAY|WEEK|MONTH|YEAR)S?)?$/i;
const WRITTEN = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * The moment a literal means, in milliseconds, or null when it means none: `2023-12-31`, `2023-12-31 23:59:59`, ISO 8601,
 * `NOW()` and `TODAY()` with plus or minus a number of units.
 */
export function readMoment(text: string, clock: Clock): number | null {
  const computed = FUNCTION.exec(text.trim());
  return computed === null ? writtenMoment(text.trim(), clock) : computedMoment(computed, clock);
}

function computedMoment([, name = '', sign, amount, unit = '']: RegExpExecArray, clock: Clock): number {
  const zoneMs = clock.zoneMinutes * 60_000;
  const start = name.toUpperCase() === 'NOW' ? clock.now : Math.floor((clock.now + zoneMs) / DAY_MS) * DAY_MS - zoneMs;
  if (sign === undefined) {
    return start;
  }
  const steps = Number(amount) * (sign === '-' ? -1 : 1);
  const unitMs = UNIT_MS[unit.toUpperCase()];
  if (unitMs !== undefined) {
    return start + steps * unitMs;
  }
  const date = new Date(start);
  date.setUTCMonth(date.getUTCMonth() + steps * (UNIT_MONTHS[unit.toUpperCase()] ?? 0));
  return date.getTime();
}

function writtenMoment(text: string, clock: Clock): number | null {
  const found = WRITTEN.exec(text);
  if (found === null) {
    return null;
  }
  const [, day = '', hour = '00', minute = '00', second = '00', fraction = '', zone] = found;
  const at = Date.parse(`${day}T${hour}:${minute}:${second}Z`);
  // A day like 30 February must not slip into March.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day) {
    return null;
  }
  return (
    at + Number(`0.${fraction || '0'}`) * 1000 - (zone === undefined ? clock.zoneMinutes : minutesOf(zone)) * 60_000
  );
}

function minutesOf(zone: string): number {
  if (zone.toUpperCase() === 'Z') {
    return 0;
  }
  const digits = zone.replace(/\D/g, '');
  return (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * (zone.startsWith('-') ? -1 : 1);
}
