/** Characters (UTF-16 units) a note may have. */
export const NOTE_LENGTH = 10_000;
/** Tags one file may carry. */
export const MOST_TAGS = 32;
/** Characters (UTF-16 units) a tag may have. */
export const TAG_LENGTH = 64;

/** What people wrote on a file. */
export interface Annotation {
  readonly note: string;
  /** In the order of their keys, each once. */
  readonly tags: readonly string[];
}

/** What tags are compared by: case and composition of letters do not tell tags apart. */
export function tagKey(tag: string): string {
  return tag.normalize('NFC').toLowerCase();
}

/**
 * A tag as it is kept: composed, trimmed, spaces inside as they are. Null where it cannot be one: empty, over
 * `TAG_LENGTH`, or with control characters, line breaks, half characters or marks that turn the direction of text.
 */
export function asTag(text: string): string | null {
  const tag = text.normalize('NFC').trim();
  return tag === '' || tag.length > TAG_LENGTH || FORBIDDEN.test(tag) ? null : tag;
}

/** A note as it is kept: line ends as \n, no other control characters but tabs, no blanks around it; may be empty. */
export function asNote(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(CONTROL, '').toWellFormed().trim();
}

/** Tags with some added and some taken away, by key and in order; the spelling that was there first stays. */
export function changedTags(
  tags: readonly string[],
  add: readonly string[],
  remove: readonly string[] = [],
): readonly string[] {
  const gone = new Set(remove.map(tagKey));
  const kept = new Map<string, string>();
  for (const tag of [...tags.filter((tag) => !gone.has(tagKey(tag))), ...add]) {
    if (!kept.has(tagKey(tag))) {
      kept.set(tagKey(tag), tag);
    }
  }
  return [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tag]) => tag);
}

/** A tag and how many files carry it. */
export interface TagCount {
  readonly tag: string;
  readonly count: number;
}

/** Most used first, then by name. */
export function byCount(a: TagCount, b: TagCount): number {
  return b.count - a.count || (tagKey(a.tag) < tagKey(b.tag) ? -1 : 1);
}

/** How many of several tag lists hold each tag, the most used first; spellings are counted together. */
export function countTags(lists: Iterable<readonly string[]>): TagCount[] {
  // Many files share one list: its tags are looked at once.
  const times = new Map<readonly string[], number>();
  for (const tags of lists) {
    times.set(tags, (times.get(tags) ?? 0) + 1);
  }
  const counts = new Map<string, TagCount>();
  for (const [tags, files] of times) {
    for (const tag of tags) {
      const known = counts.get(tagKey(tag));
      counts.set(tagKey(tag), { tag: known?.tag ?? tag, count: (known?.count ?? 0) + files });
    }
  }
  return [...counts.values()].sort(byCount);
}

/** Notes of one file as one, each once, a line apart. */
export function joinedNotes(notes: readonly string[]): string {
  return [...new Set(notes.filter((note) => note !== ''))].join('\n');
}

const FORBIDDEN = /[\p{Cc}\p{Cs}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u;
const CONTROL = /(?![\t\n])\p{Cc}/gu;
