import { createSlots, hexRunEnd, isHex, isWord, takeDigest } from '../bytes/hex.ts';
import { charactersIn, excerptOf, textOf } from '../bytes/text.ts';
import {
  END_BYTES,
  ONLY_BLANKS,
  type OpenEnd,
  WRAP_LIMIT,
  goesOnAcrossLines,
  kindBehindLines,
  openEnd,
} from '../names/broken-digest.ts';
import type { RecordSink } from '../record-sink.ts';
import { kindOfHexLength } from '#shared/domain/hash.ts';

/** Puts digests together that line ends broke. A line is held back at most, and the few that go on with its last word. */
export interface LineWraps {
  /** At the start of a line: settles the line before; returns where reading of this one begins. `isWhole`: nothing follows `end`. */
  resume(bytes: Buffer, start: number, end: number, line: number, isWhole: boolean): number;
  /** Looks whether the line [start, end) ends with the half of a digest; what is in front of `begin` is used up. */
  look(bytes: Buffer, start: number, begin: number, end: number, line: number): void;
  /** True for the run of digits that is held back. */
  holds(stop: number): boolean;
  /** Holds the report of a line without a digest back; false when there is no reason to. */
  keep(bytes: Buffer, from: number, end: number): boolean;
  /** True when the line held the second half of a digest. */
  isConsumed(): boolean;
  /** True when the line may be a part between the first and the last one: it is reported once that is known. */
  isHeld(): boolean;
  settle(): void;
}

interface Held {
  readonly end: OpenEnd;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  /** Of a line without any digest. */
  excerpt: string | null;
  /** Digits of the first part and of the lines behind it. */
  digits: string;
  /** Lines of nothing but digits behind the first part. */
  readonly middles: { readonly line: number; readonly text: string; readonly digits: number }[];
}

/** Bytes in front of the second half: blanks and the marks of quoted mail. */
export const PREFIX_BYTES = 64;
/** Blanks and a mark behind the last digit. */
const BEHIND = 7;
/** Digits of a half, with an escape in front. */
const SHORTEST_RUN = 4;
const LONGEST_RUN = 66;

export function createLineWraps(sink: RecordSink): LineWraps {
  const slots = createSlots();
  let held: Held | null = null;
  let stop = -1;
  let consumed = false;
  let isMiddle = false;

  const report = ({ line, column, text }: Held, digits: string): void => {
    const hex = Buffer.from(digits, 'latin1');
    slots.mask = 0;
    takeDigest(hex, 0, hex.length, slots);
    sink.hash(line, column, slots, [text]);
  };

  const settle = (): void => {
    if (held === null) {
      return;
    }
    const { end, line, excerpt, middles } = held;
    if (kindOfHexLength(end.digits.length) !== null) {
      report(held, end.digits);
    } else {
      if (end.digits.length >= 32) {
        sink.notDigest('hex run of another length');
      }
      if (excerpt !== null) {
        sink.without(line, 'no hash in this line', excerpt);
      }
    }
    for (const middle of middles) {
      sink.without(middle.line, 'no hash in this line', middle.text);
    }
    held = null;
  };

  return {
    resume(bytes, start, end, line, isWhole) {
      consumed = false;
      isMiddle = false;
      stop = -1;
      if (held === null) {
        return start;
      }
      const from = skipPrefix(bytes, start, end);
      const next = hexRunEnd(bytes, from, Math.min(end, from + 64));
      const isRun = next > from && (next === end || (!isWord(bytes[next] as number) && (bytes[next] as number) < 0x80));
      const more = isRun ? bytes.toString('latin1', from, next) : '';
      const before = { ...held.end, digits: held.digits };
      const middle = held.middles[0]?.digits ?? 0;
      if (!isRun || kindBehindLines(before, middle, more) === null) {
        const isAlone = isRun && isWhole && ONLY_BLANKS.test(bytes.toString('latin1', next, Math.min(end, next + 8)));
        if (isAlone && goesOnAcrossLines(before, middle, more, next - start)) {
          held.digits += more;
          held.middles.push({ line, text: excerptOf(bytes, from, end), digits: more.length });
          isMiddle = true;
          return end;
        }
        if (isRun && kindOfHexLength(held.end.digits.length + more.length) !== null) {
          sink.notDigest('perhaps one hash broken over two lines');
        }
        settle();
        return start;
      }
      report(held, held.digits + more);
      if (held.middles.length > 0) {
        sink.otherLines(held.middles.length);
      }
      held = null;
      consumed = true;
      return next;
    },
    look(bytes, start, begin, end, line) {
      if (end - start > WRAP_LIMIT || !mayEndOpen(bytes, start, end)) {
        return;
      }
      const tailStart = Math.max(start, end - END_BYTES);
      const found = openEnd(bytes.toString('latin1', tailStart, end), end - start);
      const from = tailStart + (found?.from ?? 0);
      if (found !== null && from >= begin) {
        stop = from + found.digits.length;
        const column = charactersIn(bytes, start, from) + 1;
        held = {
          end: found,
          line,
          column,
          text: textOf(bytes, start, end).trim(),
          excerpt: null,
          digits: found.digits,
          middles: [],
        };
      }
    },
    holds: (place) => place === stop,
    keep(bytes, from, end) {
      if (held === null) {
        return false;
      }
      held.excerpt = excerptOf(bytes, from, end);
      return true;
    },
    isConsumed: () => consumed,
    isHeld: () => isMiddle,
    settle,
  };
}

/** Looks at bytes alone, as every line is asked: it ends with a run of a few digits and perhaps a mark. */
function mayEndOpen(bytes: Buffer, start: number, end: number): boolean {
  let stop = end;
  while (stop > start && stop > end - BEHIND && !isWord(bytes[stop - 1] as number)) {
    stop -= 1;
  }
  let from = stop;
  while (from > start && from > stop - LONGEST_RUN && isHex(bytes[from - 1] as number)) {
    from -= 1;
  }
  return stop - from >= SHORTEST_RUN && (from === start || !isWord(bytes[from - 1] as number));
}

function skipPrefix(bytes: Buffer, start: number, end: number): number {
  const stop = Math.min(end, start + PREFIX_BYTES);
  let at = start;
  while (at < stop && [32, 9, 62, 124].includes(bytes[at] as number)) {
    at += 1;
  }
  return at;
}
