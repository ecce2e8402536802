import { isAboutSomethingElse } from '../about-something-else.ts';
import type { Body } from '../read-body.ts';

/** Names an error is told by, also where an answer stands beside it. */
const ERROR_NAMES: readonly string[] = ['detail', 'message', 'error', 'errors'];
/** Names that only say "here is a message"; others tell what the message is about. */
const PLAIN_NAMES: readonly string[] = ['detail', 'message', 'error', 'errors', 'code', 'reason', 'non_field_errors'];
const DEEPEST = 3;
/** Of each list or object only so many are read, and of each text so much: a message is no flood. */
const MOST_TEXTS = 8;
const LONGEST_TEXT = 300;
const LONGEST_BODY = 2000;

/**
 * What an error body says, as one text without markup; empty when it says nothing. Bodies are objects with `detail`,
 * `message` or one list of messages per field; servers before the appliance also send plain text.
 */
export function sayingOf(body: Body): string {
  if (body.kind === 'other') {
    return body.text
      .slice(0, LONGEST_BODY)
      .replace(/<[^>]*>/g, ' ')
      .trim();
  }
  return body.kind === 'json' ? textsIn(body.value, DEEPEST).join(', ') : '';
}

/** The error that an answer with status 200 holds beside, or instead of, what was asked for; empty when it holds none. */
export function errorIn(value: unknown): string {
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return textsIn(Object.fromEntries(fields.filter(([name]) => ERROR_NAMES.includes(name))), DEEPEST).join(', ');
}

/**
 * Whether the body of a 404 says that the file is not known. Servers without such an API say "not found" about the
 * address: by a page, in plain text, without a word, or in words that name neither sample nor hash. The framework of the
 * appliance says exactly "Not found." about what was looked for.
 */
export function saysNotKnown(body: Body): boolean {
  const said = body.kind === 'json' ? sayingOf(body) : '';
  const isAbout = /\b(?:sample|hash)\b/i.test(said) && /\b(?:not found|not exist|no reference)\b/i.test(said);
  const isSaid = said === 'Not found.' || /^No \w+ matches the given query\.$/.test(said) || isAbout;
  return isSaid && !isAboutSomethingElse(said);
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
