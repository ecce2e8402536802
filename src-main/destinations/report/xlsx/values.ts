import type { CellValue } from './cell.ts';
import { STYLE } from './style.ts';

/** A text, or no cell for an empty one. */
export function text(value: string): CellValue {
  return value === '' ? null : { kind: 'text', text: value };
}

/** A whole number with its digits in groups. */
export function count(number: number): CellValue {
  return { kind: 'number', number, style: STYLE.count };
}

/** A number with one decimal. */
export function decimal(number: number): CellValue {
  return { kind: 'number', number: Math.round(number * 10) / 10, style: STYLE.decimal };
}

/** Seconds since the epoch as a date in UTC, or no cell. */
export function time(seconds: number | null): CellValue {
  return seconds === null ? null : { kind: 'time', seconds };
}
