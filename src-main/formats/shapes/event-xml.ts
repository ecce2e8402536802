import { isWord } from '../bytes/hex.ts';
import { asBuffer, excerptOf, quote, textOf } from '../bytes/text.ts';
import { LINE_LIMIT } from '../bytes/lines.ts';
import { createEventXmlCounter } from '../counters/event-counters.ts';
import { EVENT_COLUMNS, FIELD_LIMIT, HASH_FIELD, createEventReporter, isKeptField } from '../events/event-record.ts';
import { decodeEntities } from '../events/entities.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';

const OPENING = Buffer.from('<Event');
const CLOSING = Buffer.from('</Event>');
const NAMED_DATA = /<Data\s+Name\s*=\s*(?:"([^"<]{1,80})"|'([^'<]{1,80})')\s*>([^<]*)(?=<|$)/g;
const HASHES = /<Data\s+Name\s*=\s*["']Hash(?:es)?["']\s*>/;
const HASH_LIKE = /(?<![0-9A-Za-z])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![0-9A-Za-z])/g;

/**
 * Windows events as XML, one after the other or below a root element: `wevtutil qe /f:xml`, exports of the event viewer
 * (https://learn.microsoft.com/windows/win32/wes/eventschema-schema). Only `Data` elements by name are looked at.
 */
export const eventXml: Format = {
  id: 'event-xml',
  label: 'Event XML (Windows)',
  probe(head) {
    if (!/^\s*</.test(head.bytes.toString('latin1', 0, 1024))) {
      return null;
    }
    const text = head.bytes.toString('latin1');
    const events = text.match(/<Event[\s>]/g)?.length ?? 0;
    const isEvents = text.includes('/win/2004/08/events/event');
    return events > 0 && isEvents && HASHES.test(text) ? fit(head, `elements “Event” whose data names Hashes`) : null;
  },
  assume: (head) => fit(head, 'asked for'),
};

function fit(head: Head, why: string): Fit {
  return {
    why,
    digests: head.bytes.toString('latin1').split(HASHES).length - 1,
    carriedColumns: EVENT_COLUMNS,
    digestColumns: ['Hashes'],
    open: openEventXml,
    count: createEventXmlCounter,
  };
}

/** Where the bytes held start: their line, and the bytes of that line in front of them. */
interface Place {
  line: number;
  /** Characters of the line in front. */
  column: number;
}

function openEventXml(sink: RecordSink): FormatReader {
  const report = createEventReporter(sink);
  let held: Buffer = Buffer.alloc(0);
  const place: Place = { line: 1, column: 0 };
  let isInside = false;
  /** The event was too long: it is reported and skipped to its end. */
  let isSkipping = false;

  const drop = (length: number): void => {
    movePast(place, held, length);
    held = held.subarray(length);
  };

  const outside = (length: number): void => {
    held
      .toString('latin1', 0, length)
      .match(HASH_LIKE)
      ?.forEach(() => sink.notDigest('hash outside an event'));
    drop(length);
  };

  const takeEvent = (length: number): void => {
    if (!isSkipping) {
      report(readEvent(held.subarray(0, length), place));
    }
    isSkipping = false;
    drop(length);
  };

  /** Works off what is held; true when more may be found in it. */
  const step = (): boolean => {
    if (!isInside) {
      const at = openingIn(held);
      outside(at < 0 ? lastBoundary(held) : at);
      isInside = at >= 0;
      return isInside;
    }
    const end = held.indexOf(CLOSING);
    const length = end < 0 ? held.length - CLOSING.length : end;
    if (length > LINE_LIMIT && !isSkipping) {
      sink.reject(place.line, 0, 'the event is longer than 1 MiB', excerptOf(held, 0, held.length));
      isSkipping = true;
    }
    if (end >= 0) {
      takeEvent(end + CLOSING.length);
      isInside = false;
      return true;
    }
    if (isSkipping) {
      drop(length);
    }
    return false;
  };

  return {
    push(chunk) {
      held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, asBuffer(chunk)]);
      while (step()) {
        // Until what is left holds no whole event.
      }
    },
    end() {
      if (isInside) {
        const { line } = place;
        takeEvent(held.length);
        sink.fault(`The input ends inside the event that starts in line ${line}.`);
      } else {
        outside(held.length);
      }
    },
  };
}

/** Where the last word starts, with the byte in front of it: it may go on. A word that long is none that matters. */
function lastBoundary(bytes: Buffer): number {
  let at = bytes.length;
  while (at > 0 && isWord(bytes[at - 1] as number)) {
    at -= 1;
  }
  return Math.max(0, at - 1, bytes.length - LONGEST_WORD);
}

const LONGEST_WORD = 4096;

/** Where an element `Event` opens, with the byte behind its name at hand. */
function openingIn(bytes: Buffer): number {
  let at = bytes.indexOf(OPENING);
  while (at >= 0) {
    const next = bytes[at + OPENING.length];
    if (next === undefined) {
      return -1;
    }
    if (next === 62 || next === 32 || next === 9 || next === 10 || next === 13) {
      return at;
    }
    at = bytes.indexOf(OPENING, at + 1);
  }
  return -1;
}

function readEvent(bytes: Buffer, start: Readonly<Place>): Parameters<ReturnType<typeof createEventReporter>>[0] {
  // Places are looked for in bytes, texts decoded from them.
  const text = bytes.toString('latin1');
  const fields = new Map<string, string>();
  let hashes: { line: number; column: number; excerpt: string } | null = null;
  for (const match of text.matchAll(NAMED_DATA)) {
    const name = match[1] ?? match[2] ?? '';
    const value = match[3] ?? '';
    const from = match.index + match[0].length - value.length;
    if (!fields.has(name) && isKeptField(name)) {
      fields.set(name, decodeEntities(textOf(bytes, from, from + Math.min(value.length, FIELD_LIMIT))).trim());
    }
    if (hashes === null && HASH_FIELD.test(name)) {
      const at = { ...start };
      movePast(at, bytes, from);
      hashes = { line: at.line, column: at.column + 1, excerpt: quote(textOf(bytes, from, from + value.length)) };
    }
  }
  const place = hashes ?? { line: start.line, column: 0, excerpt: excerptOf(bytes, 0, bytes.length) };
  return { ...place, fields };
}

function movePast(place: Place, bytes: Buffer, length: number): void {
  const part = bytes.subarray(0, length);
  let from = 0;
  for (let feed = part.indexOf(10); feed >= 0; feed = part.indexOf(10, feed + 1)) {
    place.line += 1;
    place.column = 0;
    from = feed + 1;
  }
  for (let at = from; at < length; at += 1) {
    place.column += ((bytes[at] as number) & 0xc0) === 0x80 ? 0 : 1;
  }
}
