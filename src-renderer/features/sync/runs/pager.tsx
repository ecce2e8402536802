import type { ReactNode } from 'react';
import { number } from '../../../components/words.ts';

interface Props {
  readonly offset: number;
  readonly page: number;
  readonly total: number;
  /** What lies before and behind: records are newest first, a log is oldest first. */
  readonly words: readonly [before: string, behind: string];
  readonly onOffset: (offset: number) => void;
}

/** Where in a long table one is, and the pages beside it; nothing while all of it is in sight. */
export function Pager({ offset, page, total, words, onOffset }: Props): ReactNode {
  if (total <= page) {
    return null;
  }
  return (
    <span className="end row">
      <span>
        {number(offset + 1)} to {number(Math.min(total, offset + page))} of {number(total)}
      </span>
      <button
        type="button"
        className="linkbutton"
        disabled={offset === 0}
        onClick={() => onOffset(Math.max(0, offset - page))}
      >
        {words[0]}
      </button>
      <button
        type="button"
        className="linkbutton"
        disabled={offset + page >= total}
        onClick={() => onOffset(offset + page)}
      >
        {words[1]}
      </button>
    </span>
  );
}
