import type { SyncJobConfig } from '#shared/settings/sync-job.ts';

/**
 * What is wrong with a TQL of the user's own, as a sentence; null when nothing is. It is put into parentheses beside
 * other conditions, so it must not close them: parentheses and quotation marks have to be balanced at every place.
 * Whether the rest of it can be understood is for the server to say.
 */
export function checkTql(text: string): string | null {
  if (!text.isWellFormed()) {
    return 'The TQL holds half a character. Remove it.';
  }
  for (const { 0: literal, index } of text.matchAll(LITERAL)) {
    const control = /\p{Cc}/u.exec(literal);
    if (control !== null) {
      return `The TQL has a line break or control character at character ${index + control.index + 1}, inside of quotation marks.`;
    }
  }
  const outside = text.replace(LITERAL, (literal) => ' '.repeat(literal.length));
  return strayCharacter(outside) ?? whyUnbalanced(outside);
}

type Asked = Pick<SyncJobConfig, 'tql' | 'owners' | 'includeTags' | 'excludeTags'>;

/** What is wrong with the TQL or the names of a job, as a sentence that names the field; null when nothing is. */
export function checkQuery(config: Asked): string | null {
  if (config.tql.trim() !== '') {
    return checkTql(config.tql);
  }
  const fields = [
    ['ThreatConnect Owners', config.owners],
    ['Include Tags', config.includeTags],
    ['Exclude Tags', config.excludeTags],
  ] as const;
  for (const [field, names] of fields) {
    if (names.some((name) => name.trim() === '')) {
      return `${field} holds an empty name. Remove it.`;
    }
    if (names.some((name) => /\p{Cc}/u.test(name) || !name.isWellFormed())) {
      return `A name in ${field} holds a line break or a character that no name has. Enter it again.`;
    }
  }
  return null;
}

/** A text in quotation marks, with what a backslash escapes in it. */
const LITERAL = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/gs;

/** What no query has outside of texts: there a backslash or backtick has no meaning that is documented. */
function strayCharacter(outside: string): string | null {
  const open = outside.search(/["']/);
  if (open >= 0) {
    return `The TQL opens a quotation mark at character ${open + 1} and never closes it.`;
  }
  const curved = outside.search(/[“”„‟«»‘’‚‛]/);
  if (curved >= 0) {
    return `The TQL has a curved quotation mark at character ${curved + 1}. Use " or '.`;
  }
  const stray = outside.search(/[\\`;]/);
  if (stray >= 0) {
    return `The TQL has ${outside.charAt(stray)} at character ${stray + 1}, outside of quotation marks.`;
  }
  const control = outside.replace(/[\r\n\t]/g, ' ').search(/\p{Cc}/u);
  return control >= 0 ? `The TQL has a control character at character ${control + 1}.` : null;
}

function whyUnbalanced(outside: string): string | null {
  let depth = 0;
  for (const { 0: parenthesis, index } of outside.matchAll(/[()]/g)) {
    depth += parenthesis === '(' ? 1 : -1;
    if (depth < 0) {
      return `The TQL closes a parenthesis at character ${index + 1} that was never opened.`;
    }
  }
  return depth === 0 ? null : `The TQL leaves ${depth === 1 ? 'a parenthesis' : `${depth} parentheses`} open.`;
}
