import { STYLE } from './style.ts';

/** What a cell holds. Times are seconds since the epoch. */
export type CellValue =
  | { readonly kind: 'text'; readonly text: string; readonly style?: number }
  | { readonly kind: 'number'; readonly number: number; readonly style?: number }
  | { readonly kind: 'time'; readonly seconds: number }
  | null;

/** Characters a cell can hold. This and the next two are Excel's published limits. */
const MOST_CHARACTERS = 32_767;
/** Columns a sheet can have. */
export const MOST_COLUMNS = 16_384;
/** Rows a sheet can have, its head among them. */
export const MOST_ROWS = 1_048_576;

/** Days from the epoch of workbooks (1899-12-30) to that of Unix. */
const EPOCH_DAYS = 25_569;
const DAY = 86_400;

/** The name of a column, counted from 0: A, B, … Z, AA. */
export function columnName(column: number): string {
  const rest = Math.floor(column / 26);
  return (rest === 0 ? '' : columnName(rest - 1)) + String.fromCharCode(65 + (column % 26));
}

/**
 * One cell as SpreadsheetML (ECMA-376, 18.3.1.4). Texts are typed inline strings, which no spreadsheet calculates, in a
 * format that keeps them texts when somebody edits the cell: they stay as they were in the list, without a quote in front.
 */
export function cellXml(reference: string, value: CellValue): string {
  if (value === null) {
    return '';
  }
  if (value.kind === 'number') {
    return `<c r="${reference}" s="${value.style ?? STYLE.plain}"><v>${value.number}</v></c>`;
  }
  if (value.kind === 'time') {
    return `<c r="${reference}" s="${STYLE.time}"><v>${value.seconds / DAY + EPOCH_DAYS}</v></c>`;
  }
  if (value.text === '') {
    return '';
  }
  const style = value.style ?? (FORMULA.test(value.text) ? STYLE.quoted : STYLE.text);
  return `<c r="${reference}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${cellText(value.text)}</t></is></c>`;
}

const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
/** What XML cannot hold, and what turns the direction of writing around: shown as `[U+202E]`. */
const NUMBERED = /[\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const NUMBER_CHARACTERS = 8;
const PLAIN = /^[\x20-\x25\x27-\x3b\x3d\x3f-\x5e\x60-\x7e]*$/;

/**
 * A text as the content of an inline string. Control characters are written as `_xHHHH_` (ECMA-376, 22.9.2.19), and so is
 * the underscore in front of what only looks like that. What XML cannot hold and what turns the direction of writing
 * around is shown by its number; a text that is too long is cut and says so.
 */
export function cellText(text: string): string {
  if (text.length <= MOST_CHARACTERS && PLAIN.test(text)) {
    return text;
  }
  const whole = fits(text) ? text : cut(text);
  return whole
    .toWellFormed()
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/\p{Cc}/gu, (char) => (char === '\t' || char === '\n' ? char : `_x${numberOf(char)}_`))
    .replace(NUMBERED, (char) => `[U+${numberOf(char)}]`)
    .replace(/[&<>]/g, (char) => (char === '&' ? '&amp;' : char === '<' ? '&lt;' : '&gt;'));
}

function numberOf(char: string): string {
  return char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}

/** Whether a cell holds a text as it is shown. */
function fits(text: string): boolean {
  return (
    text.length <= MOST_CHARACTERS / NUMBER_CHARACTERS ||
    (text.length <= MOST_CHARACTERS &&
      text.length + (NUMBER_CHARACTERS - 1) * (text.match(NUMBERED)?.length ?? 0) <= MOST_CHARACTERS)
  );
}

/** As much of the beginning as has room beside the word that it is cut. */
function cut(text: string): string {
  const note = ` … (cut: ${text.length} characters)`;
  const room = MOST_CHARACTERS - note.length;
  let at = 0;
  let shown = 0;
  for (const char of text) {
    shown += char.search(NUMBERED) === -1 ? char.length : NUMBER_CHARACTERS;
    if (shown > room) {
      break;
    }
    at += char.length;
  }
  return `${text.slice(0, at)}${note}`;
}
