import { changedTags, countTags, joinedNotes, tagKey } from '#shared/domain/annotation.ts';
import type { ReadableDb } from '../../db/handles.ts';
import { lastSeq } from '../../db/repositories/changes.ts';
import { isOf } from '../../db/repositories/annotations/merge.ts';
import {
  annotatedDigests,
  annotationsMentioning,
  annotationStart,
  changedAnnotations,
  countAnnotatedDigests,
} from '../../db/repositories/annotations/reads.ts';
import { annotationById, digestsOfAnnotation } from '../../db/repositories/annotations/rows.ts';
import type { IntakeFile } from '../../intakes/intake-file.ts';
import type { ViewMarks } from '../../intakes/view/view-marks.ts';
import type { WrittenCounts } from './port.ts';
import { matchDigests } from './match-digests.ts';

/** Characters of a note shown in a list. */
export const NOTE_START = 200;
/** Changed annotations that are looked at one by one; more of them, and the intake is looked through again. */
const FEW = 2_000;

/** What is written on a row, as a list shows it. */
export interface RowMark {
  /** The first `NOTE_START` characters. */
  readonly note: string;
  readonly tags: readonly string[];
}

export const UNMARKED: RowMark = { note: '', tags: [] };

/**
 * Which rows of an intake carry notes and tags: those with any digest of an annotation, unless the row's other digests say
 * that it is another file. Follows the feed of changes, so that what other processes write shows too.
 */
export class IntakeMarks implements ViewMarks {
  readonly #file: IntakeFile;
  readonly #db: ReadableDb;
  readonly #entries = new Map<number, readonly number[]>();
  readonly #byEntry = new Map<number, readonly number[]>();
  readonly #tags = new Map<number, readonly string[]>();
  /** Annotations with a note. */
  readonly #noted = new Set<number>();
  #seq: number | null = null;

  constructor(file: IntakeFile, db: ReadableDb) {
    this.#file = file;
    this.#db = db;
  }

  /** Takes in what was written since; true when a row of this intake may show something else. */
  refresh(): boolean {
    const seq = lastSeq(this.#db);
    if (seq === this.#seq) {
      return false;
    }
    const changed = this.#seq === null ? null : changedAnnotations(this.#db, this.#seq);
    this.#seq = seq;
    if (changed === null || changed.length > FEW) {
      const hadSome = this.#entries.size > 0;
      this.#readAll();
      return hadSome || this.#entries.size > 0;
    }
    return changed.map((id) => this.#readOne(id)).some((isShown) => isShown);
  }

  /** What is written on an entry, the beginning of the note. */
  at(entry: number): RowMark {
    const ids = this.#byEntry.get(entry);
    if (ids === undefined) {
      return UNMARKED;
    }
    const starts = ids.map((id) => annotationStart(this.#db, id, NOTE_START)).filter((start) => start !== null);
    const note = joinedNotes(starts.map((start) => start.note));
    return { note: note.slice(0, NOTE_START).toWellFormed(), tags: united(starts.map(({ tags }) => tags)) };
  }

  /** The annotations an entry shows, in whole. */
  on(entry: number): NonNullable<ReturnType<typeof annotationById>>[] {
    return (this.#byEntry.get(entry) ?? []).map((id) => annotationById(this.#db, id)).filter((row) => row !== null);
  }

  /** Entries that carry one of these tags. */
  tagged(tags: readonly string[]): Uint8Array {
    const keys = new Set(tags.map(tagKey));
    return this.#marked(
      [...this.#tags].filter(([, own]) => own.some((tag) => keys.has(tagKey(tag)))).map(([id]) => id),
    );
  }

  /** Entries whose note or tags hold a text, ignoring the case of ASCII letters in notes and of all in tags. */
  mentioning(text: string): Uint8Array {
    const key = tagKey(text);
    const byTag = [...this.#tags].filter(([, own]) => own.some((tag) => tagKey(tag).includes(key))).map(([id]) => id);
    return this.#marked([...annotationsMentioning(this.#db, text), ...byTag]);
  }

  /** What entries are ordered by; null for those without tags. */
  sortKey(entry: number): string | null {
    const tags = this.#tagsAt(entry);
    return tags.length === 0 ? null : tags.map(tagKey).join('\n');
  }

  /** Entries with tags, in no order. */
  withTags(): number[] {
    return [...this.#byEntry.keys()].filter((entry) => this.#tagsAt(entry).length > 0);
  }

  /** Tags of this intake with the number of rows that carry each, and the rows with a note. */
  counts(): WrittenCounts {
    const noted = [...this.#byEntry.values()].filter((ids) => ids.some((id) => this.#noted.has(id)));
    return { tags: countTags([...this.#byEntry.keys()].map((entry) => this.#tagsAt(entry))), noted: noted.length };
  }

  #tagsAt(entry: number): readonly string[] {
    return united((this.#byEntry.get(entry) ?? []).map((id) => this.#tags.get(id) ?? []));
  }

  #marked(ids: readonly number[]): Uint8Array {
    const found = new Uint8Array(this.#file.entries);
    for (const id of ids) {
      for (const entry of this.#entries.get(id) ?? []) {
        found[entry] = 1;
      }
    }
    return found;
  }

  #readAll(): void {
    this.#entries.clear();
    this.#byEntry.clear();
    this.#tags.clear();
    this.#noted.clear();
    const count = countAnnotatedDigests(this.#db);
    const found = count === 0 ? [] : matchDigests(this.#file, annotatedDigests(this.#db), count);
    const entries = Map.groupBy(found, ([id]) => id);
    for (const [id, pairs] of entries) {
      this.#take(id, new Set(pairs.map(([, entry]) => entry)));
    }
  }

  #readOne(id: number): boolean {
    const before = this.#entries.get(id) ?? [];
    for (const entry of before) {
      const others = (this.#byEntry.get(entry) ?? []).filter((other) => other !== id);
      if (others.length === 0) {
        this.#byEntry.delete(entry);
      } else {
        this.#byEntry.set(entry, others);
      }
    }
    this.#entries.delete(id);
    this.#tags.delete(id);
    this.#noted.delete(id);
    const digests = Object.values(digestsOfAnnotation(this.#db, id));
    const pairs = digests.map((hex): [Uint8Array, number] => [Buffer.from(hex, 'hex'), id]);
    this.#take(id, new Set(matchDigests(this.#file, pairs, pairs.length).map(([, entry]) => entry)));
    return before.length > 0 || this.#entries.has(id);
  }

  #take(id: number, entries: ReadonlySet<number>): void {
    const digests = digestsOfAnnotation(this.#db, id);
    const shown = [...entries].filter((entry) => isOf(this.#file.digestsOf(entry), digests));
    const start = annotationStart(this.#db, id, 1);
    if (shown.length === 0 || start === null) {
      return;
    }
    this.#entries.set(id, shown);
    this.#tags.set(id, start.tags);
    if (start.note !== '') {
      this.#noted.add(id);
    }
    for (const entry of shown) {
      this.#byEntry.set(
        entry,
        [...(this.#byEntry.get(entry) ?? []), id].sort((a, b) => a - b),
      );
    }
  }
}

function united(lists: readonly (readonly string[])[]): readonly string[] {
  const [only = [], ...others] = lists;
  return others.reduce((all, tags) => changedTags(all, tags), only);
}
