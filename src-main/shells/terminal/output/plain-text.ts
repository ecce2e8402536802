// oxlint-disable-next-line no-control-regex -- these are what must not reach a terminal
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]/g;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /^(?:\p{Mn}|\p{Me}|\u200b|\u200c|\u200d)$/u;

/**
 * Text from a list, a file name or an error, made fit for a terminal: control characters, escape sequences and
 * direction overrides become visible, so that a dropped list cannot write to the screen on its own.
 */
export function visible(text: string): string {
  return text.replace(UNSAFE, (char) => {
    if (char === '\t') {
      return ' ';
    }
    const code = char.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** The same for whole lines of CSV or JSON shown on a terminal: line ends and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(UNSAFE, (char) => (char === '\n' || char === '\r' || char === '\t' ? char : visible(char)));
}

/** Columns a text takes on a terminal. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const char of text) {
    if (!NO_WIDTH.test(char)) {
      columns += WIDE.test(char) ? 2 : 1;
    }
  }
  return columns;
}

/** The text, cut to `width` columns with an ellipsis at the end, in the middle (hashes) or at the start (paths). */
export function fit(text: string, width: number, cut: 'end' | 'middle' | 'start' = 'end'): string {
  if (columnsOf(text) <= width) {
    return text;
  }
  if (width < 1) {
    return '';
  }
  const chars = Array.from(text);
  if (cut === 'end') {
    return `${take(chars, width - 1)}…`;
  }
  if (cut === 'start') {
    return `…${takeLast(chars, width - 1)}`;
  }
  const head = Math.ceil((width - 1) / 2);
  return `${take(chars, head)}…${takeLast(chars, width - 1 - head)}`;
}

/** The text followed by spaces up to `width` columns, or preceded by them. */
export function pad(text: string, width: number, side: 'left' | 'right'): string {
  const spaces = ' '.repeat(Math.max(0, width - columnsOf(text)));
  return side === 'left' ? text + spaces : spaces + text;
}

function take(chars: readonly string[], width: number): string {
  let taken = '';
  let left = width;
  for (const char of chars) {
    left -= columnsOf(char);
    if (left < 0) {
      break;
    }
    taken += char;
  }
  return taken;
}

function takeLast(chars: readonly string[], width: number): string {
  let taken = '';
  let left = width;
  for (const char of chars.toReversed()) {
    left -= columnsOf(char);
    if (left < 0) {
      break;
    }
    taken = char + taken;
  }
  return taken;
}
