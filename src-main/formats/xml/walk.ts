import { SaxesParser } from 'saxes';
import { asBuffer } from '../bytes/text.ts';
import type { FormatReader } from '../record-sink.ts';

/** What a document in XML tells. Names come without their prefix. */
export interface XmlEvents {
  /** `line` and `column` are where its content begins, 1-based. */
  open(name: string, attributes: Readonly<Record<string, string>>, line: number, column: number): void;
  /** `text` is what stands in the element directly; null when it is over the limit. */
  close(name: string, text: string | null): void;
  /** Nothing is read from here on: the document is no XML, or over a limit, or it ends too early. */
  stop(message: string): void;
}

/** The longest text of an element, in characters. */
export const XML_TEXT_LIMIT = 1024 * 1024;
const DEPTH_LIMIT = 256;
/** Input goes to the parser in blocks of this size, so that limits do not depend on where chunks were cut. */
const BLOCK_BYTES = 64 * 1024;
/** The parser holds a text, comment or declaration until it ends; longer ones are given up. */
const HELD_LIMIT = 4 * XML_TEXT_LIMIT;
const KEPT = 'Nothing was read from there on; what came before is kept.';

interface Open {
  readonly name: string;
  text: string;
  isOverlong: boolean;
}

/**
 * Reads XML 1.0 in bounded memory. Declared entities are never expanded and nothing outside the document is ever looked
 * at: a reference to one is a fault like any other.
 */
export function createXmlWalk(events: XmlEvents): FormatReader {
  const parser = new SaxesParser({ xmlns: false });
  const decoder = new TextDecoder('utf-8');
  const block = Buffer.alloc(BLOCK_BYTES);
  const open: Open[] = [];
  let filled = 0;
  const state = { isStopped: false };
  let wasOpened = false;
  let lastEvent = 0;

  const stop = (message: string): void => {
    if (!state.isStopped) {
      state.isStopped = true;
      events.stop(message);
    }
  };
  const stopHere = (reason: string): void =>
    stop(`Line ${parser.line}, column ${parser.column + 1}: ${reason}. ${KEPT}`);

  parser.on('error', ({ message }) => stopHere(message.replace(/^(?:[^:]*:)?\d+:\d+: /, '').replace(/\.$/, '')));
  parser.on('opentag', ({ name, attributes }) => {
    lastEvent = parser.position;
    wasOpened = true;
    if (state.isStopped) {
      return;
    }
    if (open.length === DEPTH_LIMIT) {
      stopHere(`elements lie more than ${DEPTH_LIMIT} deep in each other`);
      return;
    }
    open.push({ name: withoutPrefix(name), text: '', isOverlong: false });
    events.open(withoutPrefix(name), attributes, parser.line, parser.column + 1);
  });
  const addText = (text: string): void => {
    lastEvent = parser.position;
    const top = open.at(-1);
    if (top !== undefined && !state.isStopped) {
      top.isOverlong = top.isOverlong || top.text.length + text.length > XML_TEXT_LIMIT;
      top.text = top.isOverlong ? '' : top.text + text;
    }
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  for (const passed of ['comment', 'processinginstruction', 'doctype'] as const) {
    parser.on(passed, () => {
      lastEvent = parser.position;
    });
  }
  parser.on('closetag', () => {
    lastEvent = parser.position;
    const top = state.isStopped ? undefined : open.pop();
    if (top !== undefined) {
      events.close(top.name, top.isOverlong ? null : top.text);
    }
  });

  const release = (): void => {
    parser.write(decoder.decode(block.subarray(0, filled), { stream: true }));
    filled = 0;
    if (parser.position - lastEvent > HELD_LIMIT) {
      stopHere('a text or declaration is longer than 4 MiB');
    }
  };

  return {
    push(chunk) {
      const bytes = asBuffer(chunk);
      let at = 0;
      while (at < bytes.length && !state.isStopped) {
        const take = Math.min(BLOCK_BYTES - filled, bytes.length - at);
        bytes.copy(block, filled, at, at + take);
        filled += take;
        at += take;
        if (filled === BLOCK_BYTES) {
          release();
        }
      }
    },
    end() {
      if (!state.isStopped) {
        release();
      }
      if (!state.isStopped && (open.length > 0 || !wasOpened)) {
        stop(`The XML is cut off in line ${parser.line}. What came before is kept.`);
      }
    },
  };
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
