import { parseDigest } from '#shared/domain/hash.ts';
import { createSlots, takeDigest } from '../bytes/hex.ts';
import { isEmptyCell, packedDigests, packedOthers } from '../delimited/cell.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import { FILE_FIELDS, fileOfEvent } from '../names/event-file.ts';
import type { RecordSink } from '../record-sink.ts';

/** What is carried with every event. */
export const EVENT_COLUMNS: readonly string[] = ['Image', 'UtcTime', 'User', 'ParentImage'];

/** The fields events name hashes in. */
export const HASH_FIELD = /^Hash(?:es)?$/;

/** True for the fields of an event that say something about its file or itself; no other one is kept. */
export function isKeptField(name: string): boolean {
  return HASH_FIELD.test(name) || EVENT_COLUMNS.includes(name) || FILE_FIELDS.includes(name);
}

/** The longest field that is kept, in characters. */
export const FIELD_LIMIT = 8192;

export interface EventFields {
  /** Of the hashes, or of the event when it names none. */
  readonly line: number;
  readonly column: number;
  readonly excerpt: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** Reports events, each exactly once: all digests of its hash fields are one file's. */
export function createEventReporter(sink: RecordSink): (event: EventFields) => void {
  const slots = createSlots();

  const take = (hex: string): boolean => {
    const bytes = Buffer.from(hex);
    return takeDigest(bytes, 0, bytes.length, slots) !== 0;
  };

  /** Takes what a field holds; returns why nothing of it is usable, or null. */
  const takeField = (value: string): string | null => {
    const packed = packedDigests(value);
    packed.forEach(({ hex }) => take(hex));
    packedOthers(value).forEach((name) => sink.notDigest(name));
    if (packed.length > 0 || isEmptyCell(value)) {
      return null;
    }
    const plain = parseDigest(value);
    if (plain !== null) {
      return take(plain.hex) ? null : 'not a hash';
    }
    const damaged = [...value.matchAll(/=([^,;| ]+)/g)].map(([, text = '']) => whyNoDigest(text));
    return damaged.find((why) => why !== null) ?? whyNoDigest(value);
  };

  return ({ line, column, excerpt, fields }) => {
    slots.mask = 0;
    let problem: string | null = null;
    for (const [name, value] of fields) {
      if (HASH_FIELD.test(name)) {
        problem = takeField(value) ?? problem;
      }
    }
    if (slots.mask !== 0) {
      const [, ...others] = EVENT_COLUMNS;
      const file = fileOfEvent((name) => fields.get(name));
      sink.hash(line, column, slots, [file, ...others.map((name) => fields.get(name) ?? '')]);
    } else if (problem !== null) {
      sink.reject(line, column, problem, excerpt);
    } else {
      sink.without(line, 'no hash in this event', excerpt);
    }
  };
}
