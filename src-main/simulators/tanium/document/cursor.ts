/** The document is not well-formed; `message` says what, `at` where, in characters from its beginning. */
export class XmlError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(`${message} at character ${at}`);
    this.at = at;
  }
}

/** A place in a text that moves on as it is read. */
export interface Cursor {
  readonly xml: string;
  at: number;
}

const NAME_START =
  ':A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F' +
  '\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
const NAME = new RegExp(`[${NAME_START}][${NAME_START}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F-\\u2040]*`, 'uy');
const SPACES = ' \t\r\n';
/** What XML 1.0 forbids anywhere, and halves of surrogate pairs that stand alone. */
const ILLEGAL =
  // oxlint-disable-next-line no-control-regex -- these are the characters it looks for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Where the first character stands that XML does not allow; -1 when there is none. */
export function illegalAt(xml: string): number {
  return xml.search(ILLEGAL);
}

/** Reads a name. Throws XmlError when there is none. */
export function readName(cursor: Cursor): string {
  const found = match(cursor, NAME);
  if (found === null) {
    throw new XmlError('no name', cursor.at);
  }
  return found[0];
}

/** Passes white space; tells whether there was any. */
export function skipSpace(cursor: Cursor): boolean {
  const from = cursor.at;
  while (SPACES.includes(cursor.xml[cursor.at] ?? 'x')) {
    cursor.at += 1;
  }
  return cursor.at > from;
}

/** Passes `text`. Throws XmlError when something else stands there. */
export function expectAt(cursor: Cursor, text: string): void {
  if (!cursor.xml.startsWith(text, cursor.at)) {
    throw new XmlError(`no ${text}`, cursor.at);
  }
  cursor.at += text.length;
}

/** The text from `skip` characters on to `end`, which is passed, too. Throws XmlError without an end. */
export function upTo(cursor: Cursor, skip: number, end: string): string {
  const from = cursor.at + skip;
  const to = cursor.xml.indexOf(end, from);
  if (to === -1) {
    throw new XmlError(`no ${end}`, cursor.at);
  }
  cursor.at = to + end.length;
  return cursor.xml.slice(from, to);
}

/** What a sticky pattern finds at this place, which it passes; null without moving. */
export function match(cursor: Cursor, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.xml);
  if (found !== null) {
    cursor.at = pattern.lastIndex;
  }
  return found;
}

/** Text with its line ends normalised and its references resolved. Throws XmlError for one that is none. */
export function withoutReferences(raw: string, at: number): string {
  const text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
  if (!text.includes('&')) {
    return text;
  }
  return text.replace(/&([^;&]*)(;?)/g, (_whole, name: string, end: string) => {
    const character = end === '' ? undefined : characterOf(name);
    if (character === undefined || ILLEGAL.test(character)) {
      throw new XmlError(`&${name.slice(0, 20)} is no reference`, at);
    }
    return character;
  });
}

function characterOf(reference: string): string | undefined {
  const numeric = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(reference);
  if (numeric === null) {
    return Object.hasOwn(ENTITIES, reference) ? ENTITIES[reference] : undefined;
  }
  const code = numeric[1] === undefined ? Number(numeric[2]) : Number.parseInt(numeric[1], 16);
  return code > 0x10ffff ? undefined : String.fromCodePoint(code);
}
