const DAY_MS = 86_400_000;
/** Serial 1 is 1 January 1900; the format counts a 29 February 1900 that never was, so the base of later days is one earlier. */
const BASE_1900 = Date.UTC(1899, 11, 30);
const BASE_1904 = Date.UTC(1904, 0, 1);
/** 31 December 9999, the last day a cell can show. */
const LAST_SERIAL = 2_958_466;

/** Numbers of built-in formats that show dates or times of day (ECMA-376 part 1, 18.8.30, and its regional ones). */
const BUILT_IN: ReadonlySet<number> = new Set([
  14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 47, 50, 51, 52, 53, 54, 55, 56, 57,
  58,
]);

/** Spreadsheets keep at most 255 characters of a format. */
const LONGEST_CODE = 1024;

/** True when a number format shows dates or times of day. Spans of time such as `[h]:mm` are numbers. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) {
    return BUILT_IN.has(id);
  }
  const [first = ''] = code.slice(0, LONGEST_CODE).split(';', 1);
  if (/\[(?:h+|m+|s+)\]/i.test(first)) {
    return false;
  }
  const bare = first.replaceAll(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').replaceAll(/general|e[+-]/gi, '');
  return /[ymdhs]/i.test(bare);
}

/**
 * A serial number as ISO 8601, without a time zone as the file has none: a date, a time of day, or both. Null when it is
 * no day a spreadsheet can show.
 */
export function serialAsIso(serial: number, isFrom1904: boolean): string | null {
  if (!(serial >= 0 && serial < LAST_SERIAL)) {
    return null;
  }
  if (serial < 1 && !isFrom1904) {
    return isoAt(serial * DAY_MS).slice(11);
  }
  const days = isFrom1904 || serial >= 61 ? serial : serial + 1;
  if (!isFrom1904 && serial >= 60 && serial < 61) {
    return null;
  }
  const text = isoAt((isFrom1904 ? BASE_1904 : BASE_1900) + days * DAY_MS);
  return Number.isInteger(serial) ? text.slice(0, 10) : text;
}

/** To the nearest second: a fraction of a day carries no more. */
function isoAt(ms: number): string {
  return new Date(Math.round(ms / 1000) * 1000).toISOString().slice(0, 19);
}
