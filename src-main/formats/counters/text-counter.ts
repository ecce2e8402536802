import { LABEL_BYTES, setAsideBy } from '../names/label-before.ts';
import type { RecordCounter } from '../record-sink.ts';

const RING = 256;

/**
 * Counts what free text holds: every whole digest that no label sets aside, and every line that is not blank and holds
 * none. One pass over the bytes with a short memory, whatever the length of a line.
 */
export function createTextCounter(): RecordCounter {
  const ring = new Uint8Array(RING);
  let total = 0;
  let records = 0;
  let inLine = 0;
  let lineLength = 0;
  let hasInk = false;
  let runLength = 0;
  let runIsHex = true;

  const before = (): string => {
    const available = Math.min(LABEL_BYTES, lineLength - runLength, RING - runLength);
    let label = '';
    for (let back = available + runLength; back > runLength; back -= 1) {
      label += String.fromCharCode(ring[(total - back) & (RING - 1)] as number);
    }
    return label;
  };

  const closeRun = (): void => {
    if (runIsHex && (runLength === 32 || runLength === 40 || runLength === 64) && setAsideBy(before()) === null) {
      inLine += 1;
    }
    runLength = 0;
    runIsHex = true;
  };

  const closeLine = (): void => {
    records += inLine > 0 ? inLine : hasInk ? 1 : 0;
    inLine = 0;
    lineLength = 0;
    hasInk = false;
  };

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at] as number;
        // Folding the case bit maps A-Z onto a-z; digits have it set already.
        const folded = byte | 32;
        const isDigit = byte >= 48 && byte <= 57;
        if (isDigit || (folded >= 97 && folded <= 122 && byte < 128)) {
          runIsHex &&= isDigit || folded <= 102;
          runLength += 1;
          hasInk = true;
        } else {
          if (runLength !== 0) {
            closeRun();
          }
          if (byte === 10) {
            closeLine();
            ring[total & (RING - 1)] = byte;
            total += 1;
            continue;
          }
          hasInk ||= byte !== 32 && (byte < 9 || byte > 13);
        }
        ring[total & (RING - 1)] = byte;
        total += 1;
        lineLength += 1;
      }
    },
    end() {
      closeRun();
      closeLine();
      return records;
    },
  };
}
