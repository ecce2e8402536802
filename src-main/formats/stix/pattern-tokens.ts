/** One word of a STIX pattern; texts come without quotes and escapes. */
export interface PatternToken {
  readonly kind: 'text' | 'word' | 'mark';
  readonly text: string;
}

/** An object path with quoted steps and brackets, a text, a mark, or any other word. */
const TOKEN =
  /\s+|'((?:[^'\\]|\\[^])*)'|([A-Za-z0-9-]+:(?:[A-Za-z0-9_-]+|'(?:[^'\\]|\\[^])*'|"[^"]*"|\[(?:\d+|\*)\]|\.)+)|(!=|<>|<=|>=|==|[[\]()=<>,])|([^\s'[\]()=<>,!]+)|[^]/gy;

/** Cuts a pattern into tokens. Null when something in it belongs to no token. */
export function patternTokens(pattern: string): PatternToken[] | null {
  const tokens: PatternToken[] = [];
  for (const [all, text, path, mark, word] of pattern.matchAll(TOKEN)) {
    if (text !== undefined) {
      tokens.push({ kind: 'text', text: text.replaceAll(/\\([^])/g, '$1') });
    } else if (mark !== undefined) {
      tokens.push({ kind: 'mark', text: mark });
    } else if (path !== undefined || word !== undefined) {
      tokens.push({ kind: 'word', text: path ?? word ?? '' });
    } else if (all.trim() !== '') {
      return null;
    }
  }
  return tokens;
}
