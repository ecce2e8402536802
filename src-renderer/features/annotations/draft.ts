import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { asNote, changedTags, tagKey } from '#shared/domain/annotation.ts';

/** What is written on the chosen files now, taken together. */
export type Summary = CallOutput<'annotation.of'>;

/** What a person has chosen to write; nothing is written yet. */
export interface Draft {
  /** Null: as it is. */
  readonly note: string | null;
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** A tag as the editor shows it. */
export interface DraftTag {
  readonly tag: string;
  /** True where all files will carry it. */
  readonly onAll: boolean;
  /** How many files carry it now. */
  readonly count: number;
}

/** A draft that changes nothing. */
export const UNCHANGED: Draft = { note: null, add: [], remove: [] };

/** Adds a tag to all files. */
export function withTag(draft: Draft, tag: string): Draft {
  return { ...draft, add: changedTags(draft.add, [tag]), remove: changedTags(draft.remove, [], [tag]) };
}

/** Takes a tag away from all files. */
export function withoutTag(draft: Draft, tag: string): Draft {
  return { ...draft, add: changedTags(draft.add, [], [tag]), remove: changedTags(draft.remove, [tag]) };
}

/** The tags the files will carry. */
export function tagsOf(summary: Summary, draft: Draft): readonly DraftTag[] {
  const gone = new Set(draft.remove.map(tagKey));
  const added = new Set(draft.add.map(tagKey));
  const present = summary.tags.filter(({ tag }) => !gone.has(tagKey(tag)));
  const known = new Set(present.map(({ tag }) => tagKey(tag)));
  return [
    ...present.map(({ tag, count }) => ({
      tag,
      count,
      onAll: count === summary.files || added.has(tagKey(tag)),
    })),
    ...draft.add.filter((tag) => !known.has(tagKey(tag))).map((tag) => ({ tag, count: 0, onAll: true })),
  ];
}

/** The call that writes the draft; null when it changes nothing. */
export function changeOf(summary: Summary, draft: Draft): Omit<CallInput<'annotation.set'>, 'target'> | null {
  const present = new Map(summary.tags.map(({ tag, count }) => [tagKey(tag), count]));
  const add = draft.add.filter((tag) => present.get(tagKey(tag)) !== summary.files);
  const remove = draft.remove.filter((tag) => present.has(tagKey(tag)));
  const note = draft.note === null ? null : asNote(draft.note);
  const isNoted = note !== null && note !== summary.note;
  if (add.length === 0 && remove.length === 0 && !isNoted) {
    return null;
  }
  const before = summary.note === null ? {} : { noteBefore: summary.note };
  return { add, remove, ...(isNoted ? { note, ...before } : {}) };
}
