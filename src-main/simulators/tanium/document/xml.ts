import {
  expectAt,
  illegalAt,
  match,
  readName,
  skipSpace,
  upTo,
  withoutReferences,
  XmlError,
  type Cursor,
} from './cursor.ts';

/** An element with its namespace resolved. */
export interface XmlElement {
  /** Local name, without prefix. */
  readonly name: string;
  /** Empty where none holds. */
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Character data directly in it, pieces joined. */
  readonly text: string;
}

interface OpenElement {
  readonly tag: string;
  readonly name: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  readonly scope: Scope;
  text: string;
}

type Scope = Readonly<Record<string, string>>;

interface Parser extends Cursor {
  readonly open: OpenElement[];
  root: XmlElement | null;
}

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const DECLARATION =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(["'])1\.[0-9]+\1(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(["'])([A-Za-z][-\w.]*)\2)?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(["'])(?:yes|no)\4)?[ \t\r\n]*\?>/y;
/** Nearly all attributes there are, read in one step. */
const PLAIN_ATTRIBUTE = /([A-Za-z_][-.\w]*)="([^"<&\t\r\n]*)"/y;
const MOST_DEPTH = 64;

/**
 * Parses a document strictly by XML 1.0 and its namespaces: UTF-8 only, no document type, nothing forgiven. Throws
 * XmlError where it is not well-formed.
 */
export function parseXml(bytes: Uint8Array): XmlElement {
  const parser: Parser = { xml: decoded(bytes), at: 0, open: [], root: null };
  const illegal = illegalAt(parser.xml);
  if (illegal !== -1) {
    throw new XmlError('character that XML does not allow', illegal);
  }
  readDeclaration(parser);
  while (parser.at < parser.xml.length) {
    readNext(parser);
  }
  const unclosed = parser.open.at(-1);
  if (unclosed !== undefined) {
    throw new XmlError(`<${unclosed.tag}> is not closed`, parser.at);
  }
  if (parser.root === null) {
    throw new XmlError('no element', parser.at);
  }
  return parser.root;
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new XmlError('not UTF-8', 0);
  }
}

function readDeclaration(parser: Parser): void {
  if (!/^<\?xml[ \t\r\n]/.test(parser.xml)) {
    return;
  }
  const found = match(parser, DECLARATION);
  if (found === null) {
    throw new XmlError('malformed XML declaration', 0);
  }
  if (found[3] !== undefined && found[3].toLowerCase() !== 'utf-8') {
    throw new XmlError(`encoding ${found[3]}`, 0);
  }
}

function readNext(parser: Parser): void {
  const { xml, at } = parser;
  if (xml[at] !== '<') {
    readText(parser);
  } else if (xml.startsWith('<!--', at)) {
    readComment(parser);
  } else if (xml.startsWith('<![CDATA[', at)) {
    const text = upTo(parser, '<![CDATA['.length, ']]>');
    within(parser, at).text += text;
  } else if (xml.startsWith('<?', at)) {
    readInstruction(parser);
  } else if (xml.startsWith('<!', at)) {
    throw new XmlError('document type', at);
  } else if (xml.startsWith('</', at)) {
    readEndTag(parser);
  } else {
    readStartTag(parser);
  }
}

function readText(parser: Parser): void {
  const start = parser.at;
  const end = parser.xml.indexOf('<', start);
  parser.at = end === -1 ? parser.xml.length : end;
  const raw = parser.xml.slice(start, parser.at);
  if (raw.includes(']]>')) {
    throw new XmlError(']]> in text', start);
  }
  const element = parser.open.at(-1);
  if (element !== undefined) {
    element.text += withoutReferences(raw, start);
  } else if (/[^ \t\r\n]/.test(raw)) {
    throw new XmlError('text outside of the root element', start);
  }
}

function readInstruction(parser: Parser): void {
  const at = parser.at;
  parser.at += 2;
  const target = readName(parser);
  if (target.toLowerCase() === 'xml') {
    throw new XmlError('XML declaration after the beginning', at);
  }
  if (target.includes(':') || (!skipSpace(parser) && !parser.xml.startsWith('?>', parser.at))) {
    throw new XmlError('malformed instruction', at);
  }
  upTo(parser, 0, '?>');
}

function readComment(parser: Parser): void {
  const at = parser.at;
  const comment = upTo(parser, '<!--'.length, '-->');
  if (comment.includes('--') || comment.endsWith('-')) {
    throw new XmlError('-- in a comment', at);
  }
}

function readStartTag(parser: Parser): void {
  const at = parser.at;
  parser.at += 1;
  const tag = readName(parser);
  const raw = new Map<string, string>();
  let spaced = skipSpace(parser);
  while (parser.xml[parser.at] !== '>' && !parser.xml.startsWith('/>', parser.at)) {
    const [name, value] = readAttribute(parser);
    if (!spaced || raw.has(name)) {
      throw new XmlError(spaced ? `attribute ${name} twice` : 'no space before an attribute', parser.at);
    }
    raw.set(name, value);
    spaced = skipSpace(parser);
  }
  if (parser.root !== null) {
    throw new XmlError('second root element', at);
  }
  if (parser.open.length >= MOST_DEPTH) {
    throw new XmlError('nested too deeply', at);
  }
  parser.open.push(opened(tag, raw, parser.open.at(-1)?.scope ?? { xml: XML_NAMESPACE }, at));
  const empty = parser.xml[parser.at] === '/';
  parser.at += empty ? 2 : 1;
  if (empty) {
    closeElement(parser);
  }
}

function opened(tag: string, raw: ReadonlyMap<string, string>, outer: Scope, at: number): OpenElement {
  // Most elements declare nothing and have plain names only: a large document has a thousand times as many of them.
  const isPlain = [...raw.keys()].every((name) => !name.includes(':') && name !== 'xmlns');
  const scope = isPlain ? outer : declared(raw, outer, at);
  const { local, namespace } = resolved(tag, scope, scope[''] ?? '', at);
  const attributes = isPlain ? raw : qualified(raw, scope, at);
  return { tag, name: local, namespace, attributes, children: [], scope, text: '' };
}

function declared(raw: ReadonlyMap<string, string>, outer: Scope, at: number): Scope {
  const own = [...raw].filter(([name]) => isDeclaration(name));
  const wrong = own.find(([name, value]) => name !== 'xmlns' && !mayBeDeclared(name.slice('xmlns:'.length), value));
  if (wrong !== undefined) {
    throw new XmlError(`${wrong[0]} declares nothing`, at);
  }
  return { ...outer, ...Object.fromEntries(own.map(([name, value]) => [name.slice('xmlns:'.length), value])) };
}

/** Attributes that are no declarations; those of a namespace as `{namespace}name`. */
function qualified(raw: ReadonlyMap<string, string>, scope: Scope, at: number): ReadonlyMap<string, string> {
  const own = [...raw].filter(([name]) => !isDeclaration(name));
  return new Map(
    own.map(([name, value]) => {
      const { local, namespace } = resolved(name, scope, '', at);
      return [namespace === '' ? local : `{${namespace}}${local}`, value];
    }),
  );
}

function mayBeDeclared(prefix: string, namespace: string): boolean {
  const isReserved = prefix === 'xmlns' || (prefix === 'xml' && namespace !== XML_NAMESPACE);
  return prefix !== '' && !prefix.includes(':') && namespace !== '' && !isReserved;
}

function isDeclaration(name: string): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:');
}

function resolved(name: string, scope: Scope, unprefixed: string, at: number): { local: string; namespace: string } {
  const colon = name.indexOf(':');
  if (colon === -1) {
    return { local: name, namespace: unprefixed };
  }
  const [prefix, local] = [name.slice(0, colon), name.slice(colon + 1)];
  const namespace = Object.hasOwn(scope, prefix) ? scope[prefix] : undefined;
  if (prefix === '' || namespace === undefined || local === '' || local.includes(':')) {
    throw new XmlError(`prefix of ${name} is not declared`, at);
  }
  return { local, namespace };
}

function readAttribute(parser: Parser): readonly [string, string] {
  const plain = match(parser, PLAIN_ATTRIBUTE);
  if (plain !== null) {
    return [plain[1] ?? '', plain[2] ?? ''];
  }
  const name = readName(parser);
  skipSpace(parser);
  expectAt(parser, '=');
  skipSpace(parser);
  const quote = parser.xml[parser.at];
  if (quote !== '"' && quote !== "'") {
    throw new XmlError('attribute value without quotes', parser.at);
  }
  const at = parser.at;
  const raw = upTo(parser, 1, quote);
  if (raw.includes('<')) {
    throw new XmlError('< in an attribute', at);
  }
  return [name, withoutReferences(/[\t\r\n]/.test(raw) ? raw.replace(/\r\n|[\t\r\n]/g, ' ') : raw, at)];
}

function readEndTag(parser: Parser): void {
  const at = parser.at;
  parser.at += 2;
  const tag = readName(parser);
  skipSpace(parser);
  expectAt(parser, '>');
  const element = within(parser, at);
  if (element.tag !== tag) {
    throw new XmlError(`</${tag}> closes <${element.tag}>`, at);
  }
  closeElement(parser);
}

function closeElement(parser: Parser): void {
  const element = parser.open.pop();
  const parent = parser.open.at(-1);
  if (element === undefined) {
    return;
  }
  const { name, namespace, attributes, children, text } = element;
  const closed: XmlElement = { name, namespace, attributes, children, text };
  if (parent === undefined) {
    parser.root = closed;
  } else {
    parent.children.push(closed);
  }
}

function within(parser: Parser, at: number): OpenElement {
  const element = parser.open.at(-1);
  if (element === undefined) {
    throw new XmlError('outside of the root element', at);
  }
  return element;
}
