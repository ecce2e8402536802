import { MemberFault } from '../port.ts';
import { GrowingBytes } from './cell-bytes.ts';
import type { BlankBudget } from './blank-budget.ts';
import type { SharedStrings } from './shared-strings.ts';

/** The last row and column a sheet can have (ECMA-376 part 1, 18.3.1.73 and 18.18.62): XFD1048576. */
const LAST_ROW = 1_048_576;
const LAST_COLUMN = 16_384;
/** Rows that tell how wide the table is, so that short rows get all its cells. */
const FIRST_ROWS = 1_000;
/** More than the reader of the lines takes as one, and still little memory. */
const LONGEST_ROW = 32 * 1024 * 1024;
const EARLY_BYTES = 4 * 1024 * 1024;
/** A lone cell far to the right does not widen every row. */
const WIDEST = 256;
const COMMA = 44;
const LINE_FEED = 10;

/** Where a row of the first ones ends, and how many cells it has. */
interface EarlyRow {
  readonly end: number;
  readonly width: number;
}

/**
 * Rows of a sheet as lines of CSV. Rows that a sheet leaves out are blank lines; rows are filled up to the width of the
 * widest of the first 1,000, as far as 256 columns, so that they agree.
 */
export class RowLines {
  readonly #out = new GrowingBytes(256 * 1024);
  readonly #blanks: BlankBudget;
  /** Null once the width is known. */
  #early: EarlyRow[] | null = [];
  #width = 0;
  #row = 0;
  /** Rows written, blank ones too. */
  #written = 0;
  #column = 0;
  /** Columns of this row that are written. */
  #filled = 0;
  #next = 0;
  /** Where the row at work begins. */
  #rowStart = 0;

  constructor(blanks: BlankBudget) {
    this.#blanks = blanks;
  }

  /** Bytes that can be taken. */
  get size(): number {
    return this.#early === null ? this.#out.length : 0;
  }

  toRow(reference: string | undefined): void {
    const row = reference === undefined ? this.#row + 1 : Number(reference);
    if (!Number.isInteger(row) || row < 1 || row > LAST_ROW) {
      throw new MemberFault('damaged', `it has a row “${String(reference).slice(0, 20)}”, which no sheet can have`);
    }
    // A row that comes late or twice is read where it stands in the file.
    this.#row = Math.max(row, this.#row + 1);
    this.#filled = 0;
    this.#next = 1;
  }

  toCell(reference: string | undefined): void {
    const column = reference === undefined ? this.#next : columnOf(reference);
    if (column < 1 || column > LAST_COLUMN) {
      throw new MemberFault('damaged', `it has a cell “${String(reference).slice(0, 20)}”, which no sheet can have`);
    }
    this.#column = Math.max(column, this.#filled + 1);
    this.#next = this.#column + 1;
  }

  /** A text that is safe in CSV. */
  put(text: string): void {
    this.#reach();
    this.#out.text(text);
  }

  putShared(strings: SharedStrings, index: number): void {
    if (strings.lengthOf(index) > 0) {
      this.#reach();
      strings.writeTo(this.#out, index);
    }
  }

  endRow(): void {
    if (this.#filled === 0) {
      return;
    }
    if (this.#early !== null) {
      this.#early.push({ end: this.#out.length, width: this.#filled });
      this.#width = Math.min(WIDEST, Math.max(this.#width, this.#filled));
      if (this.#early.length >= FIRST_ROWS || this.#out.length > EARLY_BYTES) {
        this.#settle();
      }
    } else if (this.#filled < this.#width) {
      this.#blank(COMMA, this.#width - this.#filled);
    }
    this.#filled = 0;
  }

  /** The lines that are complete, and what there is of the row at work: call between chunks. */
  take(): Uint8Array {
    this.#rowStart = 0;
    return this.#out.take();
  }

  /** What is left, ended by a line feed. */
  finish(): Uint8Array {
    this.endRow();
    this.#settle();
    if (this.#written > 0) {
      this.#out.byte(LINE_FEED);
    }
    return this.take();
  }

  /** Writes the commas in front of the cell at work, and the line ends in front of its row. */
  #reach(): void {
    if (this.#filled === 0) {
      this.#rowStart = this.#out.length;
      const gap = this.#row - Math.max(1, this.#written);
      // The end of the line before is written with the next row: no line feed stands behind the last one twice.
      if (gap > 0) {
        this.#blanks.take(gap);
        this.#out.byte(LINE_FEED, gap);
      }
      this.#written = this.#row;
      if (this.#column > 1) {
        this.#blank(COMMA, this.#column - 1);
      }
    } else {
      this.#blank(COMMA, this.#column - this.#filled);
    }
    this.#filled = this.#column;
    if (this.#out.length - this.#rowStart > LONGEST_ROW) {
      throw new MemberFault('limit', `one of its rows is longer than ${LONGEST_ROW / 1024 / 1024} MiB`);
    }
  }

  #blank(byte: number, times: number): void {
    this.#blanks.take(times);
    this.#out.byte(byte, times);
  }

  /** Fills the first rows up now that the width is known. */
  #settle(): void {
    const early = this.#early;
    this.#early = null;
    if (early === null) {
      return;
    }
    const bytes = Buffer.from(this.#out.take());
    let from = 0;
    for (const { end, width } of early) {
      this.#out.copy(bytes, from, end);
      this.#blank(COMMA, Math.max(0, this.#width - width));
      from = end;
    }
    this.#out.copy(bytes, from, bytes.length);
  }
}

/** The number of a cell's column, 0 when the reference is none: `D5` is 4. */
function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const code = reference.charCodeAt(at) & ~32;
    if (code < 65 || code > 90) {
      break;
    }
    column = column * 26 + code - 64;
    if (column > LAST_COLUMN) {
      return 0;
    }
  }
  return column;
}
