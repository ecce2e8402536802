import {
  END_BYTES,
  ONLY_BLANKS,
  type OpenEnd,
  WRAP_LIMIT,
  goesOnAcrossLines,
  kindBehindLines,
  openEnd,
} from '../names/broken-digest.ts';
import { kindOfHexLength } from '#shared/domain/hash.ts';
import type { Run, TextBetween } from './text-counter.ts';

/** Counts what a line end broke: the first run of a line may be the second half of a digest. */
export interface WrapCounter {
  /** True for a run that belongs to the line before. */
  takes(run: Run): boolean;
  /** The line starts with something that is no run of its own. */
  breaks(): void;
  /** At the end of a line: records to add for the line before, and whether this line needs one of its own. `lastTo` is the end of a last run, or -1. */
  end(width: number, digests: number, lastTo: number): { readonly earlier: number; readonly isConsumed: boolean };
  isOpen(): boolean;
  /** Records of lines that were held and turned out to be no parts of a digest, at the end of the input. */
  left(): number;
}

const PREFIX = /^[ \t>|]{0,64}$/;

export function createWrapCounter(text: TextBetween): WrapCounter {
  /** How the line before ends, when a digest may go on in this one. */
  let open: OpenEnd | null = null;
  /** That line was counted as a record without a digest. */
  let isCounted = false;
  /** The first part is a whole digest by itself, and counted as one. */
  let isWhole = false;
  /** Digits of the lines behind the first part, and how many lines these are. */
  let middle = 0;
  let middles = 0;
  /** The run that may be such a line, if nothing else is in it. */
  let candidate: { readonly run: Run; readonly open: OpenEnd } | null = null;
  let consumed: Run | null = null;
  let earlier = 0;

  return {
    takes(run) {
      const before = open;
      open = null;
      if (before === null || !run.isHex || run.next >= 0x80 || run.from > 64 || run.to - run.from > 64) {
        return false;
      }
      const isFirst = PREFIX.test(text(0, run.from));
      const next = isFirst ? text(run.from, run.to) : '';
      if (!isFirst || kindBehindLines(before, middle, next) === null) {
        if (isFirst && goesOnAcrossLines(before, middle, next, run.to)) {
          candidate = { run, open: { ...before, digits: before.digits + next } };
        }
        return false;
      }
      middles = 0;
      consumed = run;
      // A whole digest that turns out to be a half was counted, too.
      earlier = isCounted || isWhole ? 0 : 1;
      return true;
    },
    breaks() {
      open = null;
    },
    end(width, digests, lastTo) {
      const part = candidate;
      candidate = null;
      if (part !== null && lastTo === part.run.to && ONLY_BLANKS.test(text(lastTo, width))) {
        ({ open } = part);
        middle = part.run.to - part.run.from;
        middles += 1;
        return { earlier: 0, isConsumed: true };
      }
      const ending = { earlier: earlier + middles, isConsumed: consumed !== null };
      middle = 0;
      middles = 0;
      open = null;
      if (lastTo >= 0 && lastTo !== consumed?.to && width <= WRAP_LIMIT) {
        const from = Math.max(0, width - END_BYTES);
        open = openEnd(text(from, width), width);
        isWhole = open !== null && kindOfHexLength(open.digits.length) !== null;
      }
      isCounted = digests === 0 && consumed === null;
      consumed = null;
      earlier = 0;
      return ending;
    },
    isOpen: () => open !== null,
    left: () => middles,
  };
}
