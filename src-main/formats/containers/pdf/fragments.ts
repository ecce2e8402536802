/** One piece of text as a page places it. */
export interface PlacedText {
  readonly str: string;
  /** From text space to the page: a, b, c, d, e, f as in ISO 32000-1, 8.3.3. */
  readonly transform: readonly number[];
  /** Along the line, in units of the page. */
  readonly width: number;
}

/** Pieces of one line that follow each other without a gap: words of a sentence, or one line of a table's cell. */
export interface Fragment {
  text: string;
  /** Along its line, in units of the page. */
  readonly left: number;
  right: number;
  /** Across the lines: grows from each line to the next. */
  readonly line: number;
  readonly size: number;
  /** Direction of the text, so that lines of turned pages compare among themselves. */
  readonly turn: number;
  /** Where each character group began: index in `text` and place. */
  readonly marks: { readonly index: number; readonly left: number; readonly each: number }[];
}

/** In sizes of the font. Further apart are columns; nearer than a blank are parts of one word. */
const COLUMN_GAP = 1.2;
const BLANK_GAP = 0.15;
/** Back over the last piece: accents, and text printed twice to look bold. */
const MOST_OVERLAP = 0.5;
const SAME_LINE = 0.3;

/** Puts pieces together in the order the page draws them, which is the order they are read in by programs that write text. */
export function fragmentsOf(items: readonly PlacedText[]): Fragment[] {
  const fragments: Fragment[] = [];
  let open: Fragment | null = null;
  for (const item of items) {
    const place = placeOf(item);
    if (place === null || item.str.trim() === '') {
      continue;
    }
    if (open !== null && follows(open, place)) {
      append(open, item.str, place);
    } else {
      open = { text: '', ...place, marks: [] };
      append(open, item.str, place);
      fragments.push(open);
    }
  }
  return fragments;
}

/** Where the character at `index` begins, about: characters of a piece are taken for equally wide. */
export function placeAt(fragment: Fragment, index: number): number {
  let found = fragment.left;
  for (const { index: from, left, each } of fragment.marks) {
    if (from > index) {
      break;
    }
    found = left + (index - from) * each;
  }
  return found;
}

type Place = Pick<Fragment, 'left' | 'right' | 'line' | 'size' | 'turn'>;

function placeOf({ transform, width }: PlacedText): Place | null {
  const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = transform;
  const along = Math.hypot(a, b);
  const size = Math.hypot(c, d) || along;
  if (!(along > 0) || !Number.isFinite(along + size + x + y + width)) {
    return null;
  }
  const [cos, sin] = [a / along, b / along];
  const left = x * cos + y * sin;
  return { left, right: left + width, line: x * sin - y * cos, size, turn: Math.round(Math.atan2(b, a) * 100) };
}

function follows(open: Fragment, next: Place): boolean {
  const size = Math.max(open.size, next.size);
  const gap = next.left - open.right;
  return (
    open.turn === next.turn &&
    Math.abs(next.line - open.line) < SAME_LINE * size &&
    gap > -MOST_OVERLAP * size &&
    gap < COLUMN_GAP * size
  );
}

function append(open: Fragment, text: string, place: Place): void {
  const isApart = place.left - open.right > BLANK_GAP * place.size;
  if (open.text !== '' && isApart && !open.text.endsWith(' ') && !text.startsWith(' ')) {
    open.text += ' ';
  }
  open.marks.push({
    index: open.text.length,
    left: place.left,
    each: (place.right - place.left) / Math.max(1, text.length),
  });
  open.text += text;
  open.right = Math.max(open.right, place.right);
}
