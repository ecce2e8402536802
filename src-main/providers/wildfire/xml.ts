import { SaxesParser } from 'saxes';

/** One `<get-verdict-info>` as it stands: texts trimmed, absent and empty elements alike null. */
export interface VerdictEntry {
  readonly sha256: string | null;
  readonly md5: string | null;
  readonly verdict: string | null;
}

export type WildFireDocument =
  | {
      readonly kind: 'document';
      /** Name of the root element. */
      readonly root: string;
      readonly entries: readonly VerdictEntry[];
      /** Text of the first `<error-message>`, without the quotes it is set in. */
      readonly errorMessage: string | null;
    }
  | { readonly kind: 'not-xml'; readonly why: string };

/** Deeper than any answer; a document that nests further is none. */
const DEEPEST = 32;
const FIELDS = ['sha256', 'md5', 'verdict'] as const;
type Field = (typeof FIELDS)[number];

/**
 * Reads an answer of the WildFire API. Elements are found wherever they stand, whatever the root is called. Blank lines
 * before the XML declaration are passed over, as the cloud sends them. A document type declaration is refused, and with it
 * every entity but the five of XML itself. A document that is not well-formed to its end is `not-xml`: half of a batch is
 * no answer.
 */
export function parseWildFire(body: Uint8Array): WildFireDocument {
  const text = new TextDecoder('utf-8').decode(body).replace(/^[\s\uFEFF]+/, '');
  if (!text.startsWith('<')) {
    return { kind: 'not-xml', why: text === '' ? 'it is empty' : 'it is no XML' };
  }
  const reader = createReader();
  try {
    reader.parser.write(text).close();
  } catch (error) {
    return { kind: 'not-xml', why: reasonOf(error) };
  }
  return reader.document();
}

/** Thrown out of the parser for what is well-formed and refused all the same. */
class Refused extends Error {}

function createReader(): { readonly parser: SaxesParser; document(): WildFireDocument } {
  const parser = new SaxesParser({ position: false });
  const path: string[] = [];
  const entries: VerdictEntry[] = [];
  let root = '';
  let errorMessage: string | null = null;
  let entry: { sha256: string | null; md5: string | null; verdict: string | null } | null = null;
  let text = '';

  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Refused('it declares a document type');
  });
  parser.on('opentag', ({ name }) => {
    if (path.push(name) > DEEPEST) {
      throw new Refused('it nests too deep');
    }
    root ||= name;
    text = '';
    if (name === 'get-verdict-info') {
      entry = { sha256: null, md5: null, verdict: null };
    }
  });
  const onText = (piece: string): void => {
    text += piece;
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', ({ name }) => {
    path.pop();
    const value = text.trim();
    text = '';
    if (name === 'get-verdict-info' && entry !== null) {
      entries.push(entry);
      entry = null;
    } else if (entry !== null && isField(name)) {
      entry[name] = value === '' ? null : value;
    } else if (name === 'error-message') {
      errorMessage ??= unquoted(value);
    }
  });
  return { parser, document: () => ({ kind: 'document', root, entries, errorMessage }) };
}

function isField(name: string): name is Field {
  return FIELDS.some((field) => field === name);
}

/** Messages come in single quotes: `'Invalid apikey'`. */
function unquoted(text: string): string {
  return /^'.*'$/s.test(text) && text.length > 1 ? text.slice(1, -1).trim() : text;
}

function reasonOf(error: unknown): string {
  return error instanceof Refused ? error.message : 'it is no whole XML document';
}
