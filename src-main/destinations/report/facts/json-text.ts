/**
 * A value as JSON of Unicode text (RFC 8259, 8.1): halves of characters, which no encoding can hold and many readers
 * refuse, become U+FFFD. Keys are expected to be whole.
 */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value);
  // Only such a half is written as an escape that begins like this; a backslash in the text costs a second pass at most.
  return json.includes('\\ud') ? JSON.stringify(value, wholeTexts) : json;
}

function wholeTexts(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
