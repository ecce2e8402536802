import { LABEL_BYTES, setAsideBy } from '../../names/label-before.ts';
import { type Fragment, placeAt } from './fragments.ts';

/** The end of a line that may go on, with the mark a program puts where it breaks a word. */
const TAIL = /(?<![0-9A-Za-z])([0-9a-fA-F]{4,64})(?:[-\u00ad\u2010])?\s*$/;
/** The start of a line that may go on from the one above. */
const START = /^\s*([0-9a-fA-F]{1,64})(?![0-9A-Za-z])/;
/** A digest at the start of a line. */
const VALUE = /^(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![0-9A-Za-z])/;
const LENGTHS = [64, 40, 32] as const;
const NAMES = [
  [64, /sha-?256/i],
  [40, /sha-?1(?![0-9])/i],
  [32, /md-?5/i],
] as const;
/** What could as well be a word or a number that has nothing to do with the digits above it: facade, 2024. */
const WORD_OR_NUMBER = /^(?:[a-f]{1,8}|[0-9]{1,8})$/i;
/** Lines a digest is broken into at most, and how far ahead in the page the next of them is looked for. */
const MOST_PARTS = 16;
const NEAR = 60;
/** In sizes of the font: distance of lines, how far left edges differ, and what is missing at the end of a full line. */
const PITCH = { least: 0.7, most: 2.2, tolerance: 0.15 };
const SAME_LEFT = 0.35;
const FULL_LINE = 1.6;

interface Part {
  readonly fragment: Fragment;
  /** Its place among the fragments of the page. */
  readonly at: number;
  readonly digits: string;
}

/**
 * Puts digests together that narrow cells or the end of the line broke, in place: the whole one stands where its first
 * part stood. Length alone never decides: the lines must stand right below each other at the same left edge, all but the
 * last must be full, and parts that could be values of their own are only joined where the text names the algorithm.
 * `named` are the lengths whose algorithms earlier pages name; those of this page are added.
 */
export function joinWrapped(fragments: readonly Fragment[], named: Set<number>): void {
  for (let at = 0; at < fragments.length; at += 1) {
    const fragment = fragments[at];
    if (fragment === undefined) {
      continue;
    }
    NAMES.filter(([, name]) => name.test(fragment.text)).forEach(([length]) => named.add(length));
    const tail = TAIL.exec(fragment.text);
    const digits = tail?.[1] ?? '';
    if (tail === null || digits.length === 64) {
      continue;
    }
    const parts = chainFrom(fragments, { fragment, at, digits }, tail.index);
    const count = wholeParts(parts, fragments, named);
    if (count > 1) {
      const joined = parts.slice(0, count);
      fragment.text = fragment.text.slice(0, tail.index) + joined.map((part) => part.digits).join('');
      for (const { fragment: used } of joined.slice(1)) {
        used.text = used.text.replace(START, '').trimStart();
      }
    }
  }
}

/**
 * Moves a value to the end of the line above it when that ends with a label that says it is no digest of a file: a label is
 * only looked for in the value's own line.
 */
export function joinLabels(fragments: readonly Fragment[]): void {
  fragments.forEach((fragment, at) => {
    const above = fragments[at - 1];
    const value = VALUE.exec(fragment.text)?.[0];
    if (above === undefined || value === undefined || !isBelow(above, fragment, [above.left, fragment.left], 0)) {
      return;
    }
    if (setAsideBy(`${above.text} `.slice(-LABEL_BYTES)) !== null) {
      above.text += ` ${value}`;
      fragment.text = fragment.text.slice(value.length).trimStart();
    }
  });
}

/** The lines that go on from the first one: each right below the last, all but the final one digits alone. */
function chainFrom(fragments: readonly Fragment[], first: Part, index: number): readonly Part[] {
  const parts: Part[] = [first];
  let lefts = [placeAt(first.fragment, index), first.fragment.left];
  let last = first;
  let pitch = 0;
  while (parts.length < MOST_PARTS) {
    const at = nextBelow(fragments, last, lefts, pitch);
    const fragment = fragments[at];
    const start = START.exec(fragment?.text ?? '');
    if (fragment === undefined || start === null) {
      break;
    }
    pitch = fragment.line - last.fragment.line;
    lefts = [fragment.left];
    last = { fragment, at, digits: start[1] ?? '' };
    parts.push(last);
    if (!isAlone(last)) {
      break;
    }
  }
  return parts;
}

/** True when its line holds nothing else. */
function isAlone({ fragment }: Part): boolean {
  return (START.exec(fragment.text)?.[0] ?? '').length >= withoutMark(fragment.text).length;
}

/** Without the mark where a word is broken; blanks are cut without a pattern, which would be slow among very many. */
function withoutMark(text: string): string {
  return text.trimEnd().replace(/[-\u00ad\u2010]$/, '');
}

function nextBelow(fragments: readonly Fragment[], last: Part, lefts: readonly number[], pitch: number): number {
  const end = Math.min(fragments.length, last.at + 1 + NEAR);
  for (let at = last.at + 1; at < end; at += 1) {
    const each = fragments[at];
    if (each !== undefined && isBelow(last.fragment, each, lefts, pitch)) {
      return at;
    }
  }
  return -1;
}

function isBelow(above: Fragment, below: Fragment, lefts: readonly number[], pitch: number): boolean {
  const { size } = above;
  const distance = below.line - above.line;
  return (
    above.turn === below.turn &&
    Math.abs(below.size - size) < 0.1 * size &&
    distance > PITCH.least * size &&
    distance < PITCH.most * size &&
    (pitch === 0 || Math.abs(distance - pitch) < PITCH.tolerance * size) &&
    lefts.some((left) => Math.abs(below.left - left) < SAME_LEFT * size)
  );
}

/** How many of the parts make one digest; 0 when nothing shows that they do. */
function wholeParts(parts: readonly Part[], fragments: readonly Fragment[], named: ReadonlySet<number>): number {
  const total = parts.reduce((sum, part) => sum + part.digits.length, 0);
  for (const length of LENGTHS) {
    let sum = 0;
    const count = parts.findIndex((part) => (sum += part.digits.length) >= length) + 1;
    const taken = parts.slice(0, count);
    if (count > 1 && sum === length && belongTogether(taken, length, total, fragments, named)) {
      return count;
    }
  }
  return 0;
}

function belongTogether(
  parts: readonly Part[],
  length: number,
  total: number,
  fragments: readonly Fragment[],
  named: ReadonlySet<number>,
): boolean {
  const digits = parts.map((part) => part.digits);
  const whole = digits.join('');
  if (/[a-f]/.test(whole) && /[A-F]/.test(whole)) {
    return false;
  }
  const last = parts.at(-1);
  const early = parts.slice(0, -1);
  const edge = Math.max(...early.map((part) => rightEdge(part, fragments)));
  const areFull = early.every(({ fragment }) => fragment.right > edge - FULL_LINE * fragment.size);
  if (last === undefined || !areFull) {
    return false;
  }
  const isNamed = named.has(length) || isNamedBehind(last, length);
  if (!isNamed && WORD_OR_NUMBER.test(last.digits) && !isAlone(last)) {
    return false;
  }
  const first = digits[0] ?? '';
  const rest = digits.slice(1).join('');
  if (digits.every((each) => each.length === first.length)) {
    return isNamed || (digits.length > 2 && total === length);
  }
  // A whole MD5 or SHA-1 with something behind it: digits with letters are no date and no number.
  const isWhole = (value: string): boolean => LENGTHS.some((each) => each === value.length);
  return !isWhole(first) || (!isWhole(rest) && (isNamed || /[a-f]/i.test(rest)));
}

/** True when the algorithm is named right behind the last digits: 81437 (SHA-1). */
function isNamedBehind({ fragment }: Part, length: number): boolean {
  const [word = ''] = /^[\s([]{0,4}[a-z0-9-]{3,8}/i.exec(fragment.text.replace(START, '')) ?? [];
  return NAMES.some(([each, name]) => each === length && name.test(word));
}

/** How far lines of the same column reach, as far as the lines near this one tell. */
function rightEdge({ fragment, at }: Part, fragments: readonly Fragment[]): number {
  const { size, line, left, turn } = fragment;
  const near = fragments
    .slice(Math.max(0, at - NEAR), at + NEAR)
    .filter(
      (each) =>
        each.turn === turn &&
        Math.abs(each.left - left) < SAME_LEFT * size &&
        Math.abs(each.line - line) < 4 * size &&
        Math.abs(each.size - size) < 0.1 * size,
    );
  return Math.max(fragment.right, ...near.map(({ right }) => right));
}
