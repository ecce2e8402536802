import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { MemberFault } from '../port.ts';

/** What is told of a part. Names come without their namespace's prefix, so that strict and transitional files read alike. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  /** Text of the innermost element, perhaps in several pieces. */
  text(text: string): void;
}

/** Deeper than any part of a workbook. */
const DEEPEST = 64;
/** A tag, a text or a comment longer than this is held in memory as a whole; a cell holds 32,767 characters at most. */
const LONGEST_PIECE = 4 * 1024 * 1024;

/** XML fed in chunks of bytes. Throws a `MemberFault` where it is damaged, too deep or holds a piece that is too long. */
export class XmlFeed {
  readonly #parser = new SaxesParser({ xmlns: false, position: false });
  #decoder: TextDecoder | null = null;
  #depth = 0;
  #sinceEvent = 0;

  constructor(handler: XmlHandler) {
    const parser = this.#parser;
    parser.on('opentag', (tag: SaxesTagPlain) => {
      this.#sinceEvent = 0;
      this.#depth += 1;
      if (this.#depth > DEEPEST) {
        throw new MemberFault('limit', `its XML is nested deeper than ${DEEPEST} elements`);
      }
      handler.open(localName(tag.name), tag.attributes);
    });
    parser.on('closetag', (tag: SaxesTagPlain) => {
      this.#sinceEvent = 0;
      this.#depth -= 1;
      handler.close(localName(tag.name));
    });
    const text = (value: string): void => {
      this.#sinceEvent = 0;
      handler.text(value);
    };
    parser.on('text', text);
    parser.on('cdata', text);
    parser.on('doctype', () => {
      // No program writes one; what entities it declares could grow without end.
      throw new MemberFault('damaged', 'its XML declares a document type, which workbooks do not have');
    });
    parser.on('error', (error) => {
      throw new MemberFault('damaged', `its XML is damaged (${plainReason(error)})`);
    });
  }

  write(chunk: Uint8Array): void {
    this.#decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
    this.#sinceEvent += chunk.length;
    this.#feed(this.#decode(chunk));
    if (this.#sinceEvent > LONGEST_PIECE) {
      throw new MemberFault('limit', `one piece of its XML is longer than ${LONGEST_PIECE / 1024 / 1024} MiB`);
    }
  }

  /** The end: a part that stops in the middle is damaged. */
  end(): void {
    this.#feed(this.#decode(undefined));
    this.#parser.close();
  }

  #feed(text: string): void {
    if (text !== '') {
      this.#parser.write(text);
    }
  }

  #decode(chunk: Uint8Array | undefined): string {
    try {
      return this.#decoder?.decode(chunk, { stream: chunk !== undefined }) ?? '';
    } catch (error) {
      throw new MemberFault('damaged', 'its XML is not valid text', { cause: error });
    }
  }
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}

/** The value of an attribute by its local name; undefined when there is none. */
export function attribute(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  const plain = attributes[name];
  if (plain !== undefined) {
    return plain;
  }
  const prefixed = Object.keys(attributes).find((key) => key.endsWith(`:${name}`));
  return prefixed === undefined ? undefined : attributes[prefixed];
}

function encodingOf(start: Uint8Array): string {
  const [first, second] = start;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) {
    return 'utf-16le';
  }
  return (first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c) ? 'utf-16be' : 'utf-8';
}

function plainReason(error: Error): string {
  return error.message.replace(/^(?:undefined:)?\d+:\d+: /, '').replace(/\.$/, '');
}
