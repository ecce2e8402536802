import { Buffer } from 'node:buffer';

const ESCAPE = /_x([0-9a-fA-F]{4})_/g;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f\u2028\u2029\u0085]+/g;
// eslint-disable-next-line no-control-regex
const UNUSUAL = /[\u0000-\u001f\u007f\u2028\u2029\u0085",]|^ | $/;
/** What a cell can hold is 32,767 characters; more is a damaged or hostile file's. */
const LONGEST = 1024 * 1024;

/** Resolves `_xHHHH_`, which stands for a character that XML cannot hold, and `_x005F_` for the underscore itself. */
export function withoutEscapes(text: string): string {
  return text.includes('_x')
    ? text.replaceAll(ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}

/**
 * A cell's text as a cell of CSV in one line: line ends and other control characters become one blank, so that a line of
 * the CSV is a row of the sheet. Null when it is longer than 1 MiB.
 */
export function csvCell(text: string): string | null {
  if (text.length > LONGEST) {
    return null;
  }
  if (!UNUSUAL.test(text)) {
    return text;
  }
  const plain = text.replaceAll(CONTROL, ' ').trim();
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** A number as people write it: the 17 digits files carry are those of binary fractions. */
export function plainNumber(raw: string): string {
  const value = Number(raw);
  return raw.trim() === '' || !Number.isFinite(value) ? raw : String(value).replace('e', 'E');
}

/** Bytes that grow; what is taken is a copy of its own. */
export class GrowingBytes {
  #bytes: Buffer;
  length = 0;

  constructor(room: number) {
    this.#bytes = Buffer.allocUnsafeSlow(room);
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  byte(value: number, times = 1): void {
    this.#reserve(times);
    this.#bytes.fill(value, this.length, this.length + times);
    this.length += times;
  }

  text(text: string): void {
    // The most UTF-8 takes for a unit of UTF-16.
    this.#reserve(text.length * 3);
    this.length += this.#bytes.write(text, this.length, 'utf8');
  }

  copy(from: Buffer, start: number, end: number): void {
    this.#reserve(end - start);
    from.copy(this.#bytes, this.length, start, end);
    this.length += end - start;
  }

  take(): Uint8Array {
    const taken = new Uint8Array(this.#bytes.subarray(0, this.length));
    this.length = 0;
    return taken;
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#bytes.length) {
      return;
    }
    const larger = Buffer.allocUnsafeSlow(Math.max(this.length + more, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.length);
    this.#bytes = larger;
  }
}
