import { LABEL_BYTES, setAsideBy } from '../names/label-before.ts';
import type { RecordCounter } from '../record-sink.ts';

/** Enough of the bytes before a chunk for a whole digest and its label. */
const TAIL = LABEL_BYTES + 64;

/**
 * Counts what free text holds: every whole digest that no label sets aside, and every line that is not blank and holds
 * none. One pass over the bytes with a short memory, whatever the length of a line.
 */
export function createTextCounter(): RecordCounter {
  let records = 0;
  let tail: Uint8Array = new Uint8Array(0);
  /** Of the current line: digests, bytes, whether anything but blanks was seen. */
  let digests = 0;
  let lineLength = 0;
  let hasInk = false;
  /** Of the current run of letters and digits. */
  let run = 0;
  let isHexRun = true;

  const isDigestRun = (chunk: Uint8Array, end: number, length: number, lineBytes: number): boolean => {
    const wanted = Math.min(LABEL_BYTES, lineBytes - length);
    const stop = end - length;
    return wanted === 0 || setAsideBy(latin1(tail, chunk, stop - wanted, stop)) === null;
  };

  return {
    push(chunk) {
      let length = run;
      let hex = isHexRun;
      let lineStart = -lineLength;
      let ink = hasInk;
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at] as number;
        // Folding the case bit maps A-Z onto a-z; digits have it set already.
        const letter = (byte | 32) - 97;
        if ((byte - 48) >>> 0 < 10 || (letter >>> 0 < 26 && byte < 128)) {
          hex = hex && (byte < 58 || letter < 6);
          length += 1;
          continue;
        }
        if (length > 0) {
          ink = true;
          if (hex && isDigestLength(length) && isDigestRun(chunk, at, length, at - lineStart)) {
            digests += 1;
          }
          length = 0;
          hex = true;
        }
        if (byte === 10) {
          records += digests > 0 ? digests : ink ? 1 : 0;
          digests = 0;
          ink = false;
          lineStart = at + 1;
        } else if (byte !== 32 && (byte < 9 || byte > 13)) {
          ink = true;
        }
      }
      run = length;
      isHexRun = hex;
      hasInk = ink;
      lineLength = chunk.length - lineStart;
      tail = lastBytes(tail, chunk);
    },
    end() {
      if (isHexRun && isDigestLength(run) && isDigestRun(new Uint8Array(0), 0, run, lineLength)) {
        digests += 1;
      }
      records += digests > 0 ? digests : hasInk || run > 0 ? 1 : 0;
      return records;
    },
  };
}

function isDigestLength(length: number): boolean {
  return length === 64 || length === 40 || length === 32;
}

/** Text of [from, to) of `chunk`; negative places lie in the bytes before it. */
function latin1(tail: Uint8Array, chunk: Uint8Array, from: number, to: number): string {
  if (from >= 0) {
    return Buffer.from(chunk.buffer, chunk.byteOffset + from, to - from).toString('latin1');
  }
  let text = '';
  for (let at = from; at < to; at += 1) {
    text += String.fromCharCode((at < 0 ? tail[tail.length + at] : chunk[at]) as number);
  }
  return text;
}

function lastBytes(tail: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (chunk.length >= TAIL) {
    return Uint8Array.from(chunk.subarray(chunk.length - TAIL));
  }
  const both = new Uint8Array(tail.length + chunk.length);
  both.set(tail);
  both.set(chunk, tail.length);
  return both.subarray(Math.max(0, both.length - TAIL));
}
