import { isAscii } from 'node:buffer';
import { textOf } from '../bytes/text.ts';
import { findByte, skipSpaces } from './scan.ts';

const QUOTE = 34;
const PLAIN = 0;
const QUOTED = 1;
const DOUBLED = 2;

/**
 * The cells of one row as places in its bytes. One object per reader, reused for every row. A quote counts only at the
 * start of a cell (blanks allowed before it) and only when a delimiter or the row's end follows its partner; anything
 * else is taken as written.
 */
export class Row {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  count = 0;
  /** True when a quoted cell goes over a line end. */
  spansLines = false;
  private starts = new Int32Array(64);
  private ends = new Int32Array(64);
  private makes = new Uint8Array(64);
  /** The whole row as text when it is plain ASCII: cells are then cut from it without another look at the bytes. */
  private ascii: string | null = null;
  private asciiKnown = false;

  /**
   * Cuts [start, end) into cells. Returns false when the row ends inside quotes; with `literal` such a cell is taken as
   * written instead.
   */
  split(bytes: Buffer, start: number, end: number, delimiter: number, literal: boolean): boolean {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.count = 0;
    this.asciiKnown = false;
    let at = start;
    for (;;) {
      const from = skipSpaces(bytes, at, end);
      let stop = -1;
      if (from < end && bytes[from] === QUOTE) {
        stop = this.quotedCell(at, from + 1, delimiter);
        if (stop < 0 && !literal) {
          return false;
        }
      }
      if (stop < 0) {
        stop = findByte(bytes, delimiter, at, end);
        this.add(at, stop, PLAIN);
      }
      if (stop >= end) {
        return true;
      }
      at = stop + 1;
    }
  }

  cellStart(index: number): number {
    return this.starts[index] as number;
  }

  cellEnd(index: number): number {
    return this.ends[index] as number;
  }

  /** A cell as text; '' beyond the last one. */
  text(index: number): string {
    if (index >= this.count) {
      return '';
    }
    const from = this.starts[index] as number;
    const to = this.ends[index] as number;
    if (from === to) {
      return '';
    }
    const raw = this.whole()?.substring(from - this.start, to - this.start) ?? textOf(this.bytes, from, to);
    return this.makes[index] === DOUBLED ? raw.replaceAll('""', '"') : raw;
  }

  /** The cells from `index` on as one text, as written: what stands beyond the last column. */
  rest(index: number): string {
    return textOf(this.bytes, this.starts[index] as number, this.end);
  }

  private whole(): string | null {
    if (!this.asciiKnown) {
      this.asciiKnown = true;
      const part = this.bytes.subarray(this.start, this.end);
      this.ascii = isAscii(part) ? part.toString('latin1') : null;
    }
    return this.ascii;
  }

  /** Adds the cell and returns where its delimiter or the row's end stands; -1 when its quote does not close. */
  private quotedCell(start: number, from: number, delimiter: number): number {
    const { bytes, end } = this;
    let make = QUOTED;
    let at = findByte(bytes, QUOTE, from, end);
    while (at + 1 < end && bytes[at + 1] === QUOTE) {
      make = DOUBLED;
      at = findByte(bytes, QUOTE, at + 2, end);
    }
    if (at === end) {
      return -1;
    }
    const after = skipSpaces(bytes, at + 1, end);
    const stop = findByte(bytes, delimiter, after, end);
    if (stop === after) {
      this.add(from, at, make);
    } else {
      this.add(start, stop, PLAIN);
    }
    return stop;
  }

  private add(from: number, to: number, make: number): void {
    if (this.count === this.starts.length) {
      this.grow();
    }
    this.starts[this.count] = from;
    this.ends[this.count] = to;
    this.makes[this.count] = make;
    this.count += 1;
  }

  private grow(): void {
    const { starts, ends, makes } = this;
    this.starts = new Int32Array(starts.length * 2);
    this.ends = new Int32Array(starts.length * 2);
    this.makes = new Uint8Array(starts.length * 2);
    this.starts.set(starts);
    this.ends.set(ends);
    this.makes.set(makes);
  }
}
