/** Text without ASCII blanks at its ends. A loop: the pattern for it looks at every run of blanks in the line again. */
export function trimBlanks(text: string): string {
  return withoutTail(text).slice(leading(text));
}

/** Text without ASCII blanks at its end. */
export function withoutTail(text: string): string {
  let end = text.length;
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) {
    end -= 1;
  }
  return text.slice(0, end);
}

function leading(text: string): number {
  let start = 0;
  while (start < text.length && isBlank(text.charCodeAt(start))) {
    start += 1;
  }
  return start;
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
