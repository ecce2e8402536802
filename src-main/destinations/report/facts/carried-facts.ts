import { type TlpLevel, stricter, tlpLevel } from './tlp.ts';

/** What columns of the list say about a row's file that other forms have a place of their own for. */
export interface CarriedFacts {
  /** As the list writes it, a path included; '' when it names none. Longer than 4,096 characters it is cut, visibly. */
  readonly name: string;
  /** In bytes; null when the list tells none. */
  readonly size: number | null;
  /** Ids of the STIX or MISP objects the row was read from. */
  readonly stixId: string;
  readonly mispUuid: string;
  /** Marking definitions that are ids. */
  readonly markingIds: readonly string[];
  readonly tlp: TlpLevel | null;
  /** Tags the list carried, levels of the Traffic Light Protocol left out. */
  readonly tags: readonly string[];
}

const NAME_COLUMNS: readonly RegExp[] = [
  /^(file ?name|filename|name|file)$/,
  /(path|file ?name)$/,
  /^(image|executable|module)$/,
];
const SIZE_COLUMN = /^(file ?)?(size|length|bytes)( in bytes)?$/;
/** Columns whose cells name a level of the Traffic Light Protocol, with or without `TLP:`. */
const TLP_COLUMN = /^(tlp( (level|marking|colou?r|label))?|traffic light protocol)$/;
const LONGEST_NAME = 4096;
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const STIX_ID = new RegExp(`^[a-z][a-z0-9-]*--${UUID}$`, 'i');
/** Readers of STIX refuse an id whose UUID has no version of RFC 4122 (STIX 2.1, 2.9). */
const MARKING_ID = /^marking-definition--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const WHOLE_UUID = new RegExp(`^${UUID}$`, 'i');

/** A reader of rows whose lists carried these columns. It looks at column names once. */
export function carriedFacts(columns: readonly string[]): (carried: readonly string[]) => CarriedFacts {
  const words = columns.map((column) =>
    column
      .toLowerCase()
      .replaceAll(/[_\s.-]+/g, ' ')
      .trim(),
  );
  const places = (fits: (word: string) => boolean): number[] =>
    words.flatMap((word, place) => (fits(word) ? [place] : []));
  const names = [...new Set(NAME_COLUMNS.flatMap((pattern) => places((word) => pattern.test(word))))];
  const sizes = places((word) => SIZE_COLUMN.test(word));
  const stixIds = places((word) => word === 'stix id');
  const uuids = places((word) => word === 'uuid');
  const markings = places((word) => word === 'marking');
  const tags = places((word) => word === 'tags');
  const levels = places((word) => TLP_COLUMN.test(word));
  return (carried) => {
    const labels = listed(carried, [...markings, ...tags]);
    return {
      name: cut(firstOf(carried, names, (text) => text.trim() !== '')),
      size: sizeOf(firstOf(carried, sizes, (text) => /^\d{1,15}$/.test(text))),
      stixId: firstOf(carried, stixIds, (text) => STIX_ID.test(text)),
      mispUuid: firstOf(carried, uuids, (text) => WHOLE_UUID.test(text)),
      markingIds: labels.filter((label) => MARKING_ID.test(label)).map((label) => label.toLowerCase()),
      tlp: [...labels, ...listed(carried, levels).map(inFull)].reduce<TlpLevel | null>(
        (level, label) => stricter(level, tlpLevel(label)),
        null,
      ),
      tags: listed(carried, tags).filter((tag) => tlpLevel(tag) === null),
    };
  };
}

function firstOf(carried: readonly string[], places: readonly number[], fits: (text: string) => boolean): string {
  for (const place of places) {
    const text = carried[place] ?? '';
    if (fits(text)) {
      return text;
    }
  }
  return '';
}

function listed(carried: readonly string[], places: readonly number[]): string[] {
  const all = places.flatMap((place) => (carried[place] ?? '').split(', ')).map((label) => label.trim());
  return [...new Set(all.filter((label) => label !== ''))];
}

function inFull(level: string): string {
  return /^tlp/i.test(level) ? level : `TLP:${level}`;
}

function sizeOf(text: string): number | null {
  return text === '' ? null : Number(text);
}

function cut(name: string): string {
  const whole = name.toWellFormed();
  return whole.length <= LONGEST_NAME
    ? whole
    : `${whole.slice(0, LONGEST_NAME).toWellFormed()}… (${whole.length} characters)`;
}
