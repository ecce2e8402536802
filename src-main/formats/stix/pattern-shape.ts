/** A pattern with a mark in place of each text it compares with: feeds write thousands that differ in these texts alone. */
export interface PatternShape {
  /** The pattern with marks; patterns of one shape are the same here. */
  readonly marked: string;
  /** The texts the marks stand for, in order. */
  readonly texts: readonly string[];
}

/** No text holds it: patterns that do have no shape. */
const MARK = '\u0000';
/** Behind these a text begins; anywhere else a quote may belong to a path. */
const BEFORE_TEXT = /[=(,]\s*$/;
/** Texts kept apart, in one pattern. */
const MOST_TEXTS = 64;

/** The shape of a pattern; null where its texts cannot be told by the quotes alone. */
export function shapeOf(pattern: string): PatternShape | null {
  if (pattern.includes('\\') || pattern.includes('"') || pattern.includes(MARK)) {
    return null;
  }
  // Without escapes every second part stands in quotes.
  const parts = pattern.split("'");
  if (parts.length % 2 === 0 || parts.length > 2 * MOST_TEXTS) {
    return null;
  }
  const texts: string[] = [];
  for (let at = 1; at < parts.length; at += 2) {
    if (isBeforeText(parts[at - 1] as string)) {
      texts.push(parts[at] as string);
      parts[at] = `${MARK}${texts.length - 1}`;
    }
  }
  return { marked: parts.join("'"), texts };
}

/** True for what stands in a pattern of marks for a text. */
export function isMark(value: string): boolean {
  return value.charCodeAt(0) === 0;
}

/** A value of a pattern of marks as it is in the pattern with these texts. */
export function withTexts(value: string, texts: readonly string[]): string {
  return isMark(value) ? (texts[Number(value.slice(1))] ?? '') : value;
}

function isBeforeText(part: string): boolean {
  return part.endsWith('= ') || BEFORE_TEXT.test(part);
}
