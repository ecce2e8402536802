import type { Body } from '../read-body.ts';

/** Names that only say "here is a message"; others tell what the message is about. */
const PLAIN_NAMES: readonly string[] = ['detail', 'message', 'error', 'errors', 'code', 'reason', 'non_field_errors'];
const DEEPEST = 3;
/** Of each list or object only so many are read, and of each text so much: a message is no flood. */
const MOST_TEXTS = 8;
const LONGEST_TEXT = 300;

/**
 * What an error body says, as one text; empty when it says nothing. Bodies are objects with `detail`, `message` or one
 * list of messages per field.
 */
export function sayingOf(body: Body): string {
  return body.kind === 'json' ? textsIn(body.value, DEEPEST).join(', ') : '';
}

/**
 * Whether the body of a 404 says that the file is not known. Servers without such an API say "not found" about the
 * address, by a page, without a word, or in words that name neither sample nor hash; the framework of the appliance says
 * exactly "Not found." about what was looked for.
 */
export function saysNotKnown(body: Body): boolean {
  const said = sayingOf(body);
  const isAbout = /\b(?:sample|hash)\b/i.test(said) && /\b(?:not found|not exist|no reference)\b/i.test(said);
  return said === 'Not found.' || /^No \w+ matches the given query\.$/.test(said) || isAbout;
}

function textsIn(value: unknown, depth: number): string[] {
  if (typeof value === 'string') {
    const text = value.slice(0, LONGEST_TEXT).trim();
    return text === '' ? [] : [text];
  }
  if (typeof value !== 'object' || value === null || depth === 0) {
    return [];
  }
  if (Array.isArray(value)) {
    return value.slice(0, MOST_TEXTS).flatMap((one) => textsIn(one, depth - 1));
  }
  return Object.entries(value)
    .slice(0, MOST_TEXTS)
    .flatMap(([name, inner]) => {
      const texts = textsIn(inner, depth - 1);
      return texts.length === 0 || PLAIN_NAMES.includes(name)
        ? texts
        : [`${name.slice(0, LONGEST_TEXT)}: ${texts.join(', ')}`];
    });
}
