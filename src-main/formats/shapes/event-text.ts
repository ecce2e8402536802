import { columnOf, excerptOf, skipBlanks, startOfTail, textOf } from '../bytes/text.ts';
import { createEventTextCounter } from '../counters/event-counters.ts';
import { EVENT_COLUMNS, FIELD_LIMIT, HASH_FIELD, createEventReporter, isKeptField } from '../events/event-record.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { readTrimmedLines } from '../parts/trimmed-lines.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';

const FIELD = /^([A-Za-z][A-Za-z0-9]{0,40}|Event\[\d{1,9}\]) {0,20}:(?:[\t ]+(.*))?$/s;
const HASHES = /^(?:Message *: *)?Hash(?:es)? *:[\t ]*(?:MD5|SHA1|SHA256|IMPHASH)=[0-9A-Fa-f]{8,}/;
const OF_AN_EVENT = /^(?:Event\[\d+\]|UtcTime|ProcessGuid|EventID|Image|ImageLoaded|TargetFilename|TimeCreated) *:/;
/** Names of several words are not kept; what stands below them is theirs. */
const OTHER_FIELD = /^[A-Za-z][\w ]{0,40}:(?:\s|$)/;
const ENOUGH = 0.5;

/**
 * Events as text, with a line `Hashes: SHA1=...,MD5=...` among their fields: what `Get-WinEvent` and `wevtutil` print of
 * Sysmon's events (https://learn.microsoft.com/sysinternals/downloads/sysmon) and agents that follow it.
 */
export const eventText: Format = {
  id: 'event-text',
  label: 'Event text (Sysmon)',
  probe(head) {
    const hits = head.lines.filter(({ text }) => HASHES.test(text)).length;
    if (hits === 0) {
      return null;
    }
    const fields = head.lines.filter(({ text }) => FIELD.test(text) || /^[\w ]+:/.test(text)).length;
    const isEvents = head.lines.some(({ text }) => OF_AN_EVENT.test(text));
    // Texts in the cells of a table open a quote in one line and close it in another.
    const quotes = head.lines.filter(({ text }) => (text.split('"').length - 1) % 2 === 1).length;
    return isEvents && quotes < hits && fields >= head.lines.length * ENOUGH
      ? fit(head, `${hits} ${hits === 1 ? 'event' : 'events'} with a line “Hashes: ...”`)
      : null;
  },
  assume: (head) => fit(head, 'asked for'),
};

function fit(head: Head, why: string): Fit {
  return {
    why,
    digests: head.lines.filter(({ text }) => HASHES.test(text)).length,
    carriedColumns: EVENT_COLUMNS,
    digestColumns: ['Hashes'],
    open: openEventText,
    count: createEventTextCounter,
  };
}

interface OpenEvent {
  readonly line: number;
  readonly excerpt: string;
  readonly fields: Map<string, string>;
  hashes: { readonly line: number; readonly column: number; readonly excerpt: string } | null;
  last: string;
}

/** Fields an event has once: the next one of that name belongs to the next event. */
const ONCE = /^(?:Hash|Hashes|UtcTime|TimeCreated|Event\[\d+\])$/;

function openEventText(sink: RecordSink): FormatReader {
  const report = createEventReporter(sink);
  let event: OpenEvent | null = null;

  const close = (): void => {
    if (event !== null) {
      const { fields, hashes, line, excerpt } = event;
      report(hashes === null ? { line, column: 0, excerpt, fields } : { ...hashes, fields });
      event = null;
    }
  };

  const takeField = (name: string, value: string, bytes: Buffer, start: number, end: number, line: number): void => {
    const key = name.startsWith('Event[') ? 'Event[]' : name;
    if (ONCE.test(name) && event?.fields.has(key) === true) {
      close();
    }
    const from = skipBlanks(bytes, start, end);
    event ??= { line, excerpt: excerptOf(bytes, from, end), fields: new Map(), hashes: null, last: '' };
    if (!event.fields.has(key) && (ONCE.test(name) || isKeptField(name))) {
      event.fields.set(key, value.slice(0, FIELD_LIMIT));
    }
    event.last = key;
    if (HASH_FIELD.test(name) && event.hashes === null) {
      const column = columnOf(bytes, start, startOfTail(bytes, start, end, value));
      event.hashes = { line, column, excerpt: excerptOf(bytes, from, end) };
    }
  };

  const takeLine = (bytes: Buffer, start: number, from: number, end: number, line: number): void => {
    // The first line of a message stands behind its own heading.
    const text = textOf(bytes, from, end).replace(/^Message +: +(?=\S)/, '');
    const [, name, value = ''] = FIELD.exec(text) ?? [];
    if (name !== undefined) {
      takeField(name, value, bytes, start, end, line);
      return;
    }
    event ??= { line, excerpt: excerptOf(bytes, from, end), fields: new Map(), hashes: null, last: '' };
    if (OTHER_FIELD.test(text)) {
      event.last = '';
    }
    // A line that the console broke goes on without a blank.
    const before = event.fields.get(event.last);
    if (before !== undefined && before.length < FIELD_LIMIT) {
      event.fields.set(event.last, (before + text).slice(0, FIELD_LIMIT));
    }
  };

  return readTrimmedLines(sink, {
    line(bytes, start, from, end, line) {
      takeLine(bytes, start, from, end, line);
      return true;
    },
    blank: close,
    end: close,
  });
}
