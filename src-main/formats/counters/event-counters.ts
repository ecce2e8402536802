import type { RecordCounter } from '../record-sink.ts';
import { createLineSplitter } from './split-lines.ts';
import { withoutTail } from './trim-blanks.ts';

/** Fields of which an event has one. */
const ONCE =
  /^[\t-\r ]*(?:Message {1,}: {1,}(?=[^\t-\r ]))?(Hash|Hashes|UtcTime|TimeCreated|Event)(\[\d{1,9}\])? {0,20}:(?:[\t ]|$)/;

/** Counts events as text: paragraphs, and within one every field again that an event has once. */
export function createEventTextCounter(): RecordCounter {
  let records = 0;
  let isOpen = false;
  const seen = new Set<string>();
  const splitter = createLineSplitter(({ text, isOverlong }) => {
    if (isOverlong) {
      records += 1;
      return;
    }
    const line = withoutTail(text);
    if (line === '') {
      isOpen = false;
      return;
    }
    const [, name, number] = ONCE.exec(line) ?? [];
    // `Event[0]:` is a heading, `Event:` is not.
    const key = (name === 'Event') === (number !== undefined) ? name : undefined;
    if (!isOpen || (key !== undefined && seen.has(key))) {
      records += 1;
      isOpen = true;
      seen.clear();
    }
    if (key !== undefined) {
      seen.add(key);
    }
  });
  return {
    push: (chunk) => splitter.push(chunk),
    end() {
      splitter.end();
      return records;
    },
  };
}

const OPENING = /<Event(?=[\t\n\r >])/;
const CLOSING = '</Event>';

/** Counts events in XML: where one opens outside of another. */
export function createEventXmlCounter(): RecordCounter {
  let records = 0;
  let inside = false;
  let rest = '';
  return {
    push(chunk) {
      let text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
      for (;;) {
        const place = inside ? text.indexOf(CLOSING) : text.search(OPENING);
        if (place < 0) {
          break;
        }
        records += inside ? 0 : 1;
        text = text.slice(place + (inside ? CLOSING.length : 6));
        inside = !inside;
      }
      rest = text.slice(-7);
    },
    end: () => records,
  };
}
