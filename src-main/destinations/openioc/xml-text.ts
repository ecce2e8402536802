/** What XML 1.0 (2.2, Char) does not allow in any form, not even as a reference. */
const NOT_ALLOWED = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/**
 * A text as the content of an element: a parser reads it back as it was, but for characters XML cannot hold, which are
 * left out, and halves of characters, which become U+FFFD.
 */
export function xmlText(text: string): string {
  return xmlChars(text).replace(/[&<>\r]/g, (char) => REFERENCES[char] ?? '');
}

/** A text as the value of an attribute in double quotes, likewise; white space is kept from being normalised. */
export function xmlAttribute(text: string): string {
  return xmlChars(text).replace(/[&<>"\t\n\r]/g, (char) => REFERENCES[char] ?? '');
}

/** A text with what XML 1.0 can hold. */
export function xmlChars(text: string): string {
  return text.toWellFormed().replace(NOT_ALLOWED, '');
}
