import { type Fragment, fragmentsOf, type PlacedText } from './fragments.ts';
import { joinLabels, joinWrapped } from './wrapped-digests.ts';

const SAME_LINE = 0.3;

/** Turns pages to text, one after the other: one line for each line of a page, digests whole. */
export class PageTexts {
  /** Lengths of digests whose algorithms were named so far: they tell what a table on a later page holds. */
  readonly #named = new Set<number>();

  /** The lines of the next page; '' when it holds no text. */
  next(items: readonly PlacedText[]): string {
    const fragments = fragmentsOf(items);
    joinWrapped(fragments, this.#named);
    joinLabels(fragments);
    return linesOf(fragments);
  }
}

function linesOf(fragments: readonly Fragment[]): string {
  let text = '';
  let before: Fragment | null = null;
  for (const fragment of fragments) {
    const words = plain(fragment.text);
    if (words === '') {
      continue;
    }
    if (before !== null) {
      text += isBeside(before, fragment) ? '  ' : '\n';
    }
    text += words;
    before = fragment;
  }
  return text === '' ? '' : `${text}\n`;
}

/** Cells of one line of a table. */
function isBeside(left: Fragment, right: Fragment): boolean {
  return (
    left.turn === right.turn &&
    Math.abs(left.line - right.line) < SAME_LINE * Math.max(left.size, right.size) &&
    right.left >= left.right
  );
}

/** Without control characters, which fonts without a table of characters leave behind. */
function plain(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}
