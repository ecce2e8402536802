import { END_BYTES, type OpenEnd, WRAP_LIMIT, kindAcrossLines, openEnd } from '../names/broken-digest.ts';
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
}

const PREFIX = /^[ \t>|]{0,64}$/;

export function createWrapCounter(text: TextBetween): WrapCounter {
  /** How the line before ends, when a digest may go on in this one. */
  let open: OpenEnd | null = null;
  /** That line was counted as a record without a digest. */
  let isCounted = false;
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
      if (!isFirst || kindAcrossLines(before, text(run.from, run.to)) === null) {
        return false;
      }
      consumed = run;
      // A whole digest that turns out to be a half was counted, too.
      earlier = isCounted || kindOfHexLength(before.digits.length) !== null ? 0 : 1;
      return true;
    },
    breaks() {
      open = null;
    },
    end(width, digests, lastTo) {
      const ending = { earlier, isConsumed: consumed !== null };
      open = null;
      if (lastTo >= 0 && lastTo !== consumed?.to && width <= WRAP_LIMIT) {
        const from = Math.max(0, width - END_BYTES);
        open = openEnd(text(from, width), width);
      }
      isCounted = digests === 0 && consumed === null;
      consumed = null;
      earlier = 0;
      return ending;
    },
    isOpen: () => open !== null,
  };
}
