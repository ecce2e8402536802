import { changedTags, countTags, joinedNotes, tagKey } from '#shared/domain/annotation.ts';
import type { ReadableDb } from '../../db/handles.ts';
import { lastSeq } from '../../db/repositories/changes.ts';
import { isOf } from '../../db/repositories/annotations/merge.ts';
import {
  annotatedDigests,
  annotationHead,
  annotationHeads,
  annotationsMentioning,
  changedAnnotations,
  countAnnotatedDigests,
  noteStarts,
  type AnnotationHead,
} from '../../db/repositories/annotations/reads.ts';
import { digestsOfAnnotation } from '../../db/repositories/annotations/rows.ts';
import { kindsOfMask } from '../../intakes/intake-columns.ts';
import type { IntakeFile } from '../../intakes/intake-file.ts';
import type { ViewMarks } from '../../intakes/view/view-marks.ts';
import { matchDigests } from './match-digests.ts';
import type { WrittenCounts } from './port.ts';

/** Characters of a note shown in a list. */
const NOTE_START = 200;
/** Changed annotations that are looked at one by one; more of them, and the intake is looked through again. */
const FEW = 2_000;

/** What is written on a row, as a list shows it. */
export interface RowMark {
  /** Its beginning. */
  readonly note: string;
  readonly tags: readonly string[];
}

/** A row nobody has written on. */
export const UNMARKED: RowMark = { note: '', tags: [] };

/** What of an annotation shows in the intake. */
interface Shown {
  readonly entries: readonly number[];
  readonly tags: readonly string[];
  readonly isNoted: boolean;
}

/**
 * Which rows of an intake carry notes and tags: those with any digest of an annotation, unless the row's other digests say
 * that it is another file. Follows the feed of changes, so that what other processes write shows too.
 */
export class IntakeMarks implements ViewMarks {
  readonly #file: IntakeFile;
  readonly #db: ReadableDb;
  readonly #shown = new Map<number, Shown>();
  readonly #byEntry = new Map<number, readonly number[]>();
  /** Tag lists by their stored text: most rows of a list that was written on in one step share one. */
  readonly #lists = new Map<string, readonly string[]>();
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
      const hadSome = this.#shown.size > 0;
      this.#readAll();
      return hadSome || this.#shown.size > 0;
    }
    return changed.map((id) => this.#readOne(id)).some((isShown) => isShown);
  }

  /** Whether anything is written on any entry. */
  get isWritten(): boolean {
    return this.#byEntry.size > 0;
  }

  /** What is written on entries, in their order: for a page. Of a note the first `characters`. */
  on(entries: ArrayLike<number> & Iterable<number>, characters = NOTE_START): readonly RowMark[] {
    const all = Array.from(entries);
    if (this.#shown.size === 0) {
      return all.map(() => UNMARKED);
    }
    const noted = all.flatMap((entry) => this.#idsOn(entry)).filter((id) => this.#shown.get(id)?.isNoted === true);
    const notes = noted.length === 0 ? new Map<number, string>() : noteStarts(this.#db, noted, characters);
    return all.map((entry) => {
      const ids = this.#idsOn(entry);
      if (ids.length === 0) {
        return UNMARKED;
      }
      const note = joinedNotes(ids.map((id) => notes.get(id) ?? ''));
      return { note: note.slice(0, characters).toWellFormed(), tags: this.#tagsOn(entry) };
    });
  }

  /** Entries that carry one of these tags. */
  tagged(tags: readonly string[]): Uint8Array {
    const keys = new Set(tags.map(tagKey));
    return this.#marked(this.#withTag((tag) => keys.has(tag)));
  }

  /** Entries whose note or tags hold a text, ignoring the case of ASCII letters in notes and of all in tags. */
  mentioning(text: string): Uint8Array {
    const key = tagKey(text);
    return this.#marked([...annotationsMentioning(this.#db, text), ...this.#withTag((tag) => tag.includes(key))]);
  }

  /** What entries are ordered by; null for those without tags. */
  sortKey(entry: number): string | null {
    const tags = this.#tagsOn(entry);
    return tags.length === 0 ? null : tags.map(tagKey).join('\n');
  }

  /** Entries with tags, in no order. */
  withTags(): number[] {
    return [...this.#byEntry.keys()].filter((entry) => this.#tagsOn(entry).length > 0);
  }

  /** Tags of this intake with the number of rows that carry each, and the rows with a note. */
  counts(): WrittenCounts {
    const noted = [...this.#byEntry.values()].filter((ids) => ids.some((id) => this.#shown.get(id)?.isNoted === true));
    return { tags: countTags([...this.#byEntry.keys()].map((entry) => this.#tagsOn(entry))), noted: noted.length };
  }

  #idsOn(entry: number): readonly number[] {
    return this.#byEntry.get(entry) ?? [];
  }

  #tagsOn(entry: number): readonly string[] {
    const [only = [], ...others] = this.#idsOn(entry).map((id) => this.#shown.get(id)?.tags ?? []);
    return others.reduce((all, tags) => changedTags(all, tags), only);
  }

  /** Annotations with a tag whose key fits. */
  #withTag(fits: (key: string) => boolean): number[] {
    const lists = new Set([...this.#lists.values()].filter((tags) => tags.some((tag) => fits(tagKey(tag)))));
    return [...this.#shown].filter(([, { tags }]) => lists.has(tags)).map(([id]) => id);
  }

  #marked(ids: readonly number[]): Uint8Array {
    const found = new Uint8Array(this.#file.entries);
    for (const id of ids) {
      for (const entry of this.#shown.get(id)?.entries ?? []) {
        found[entry] = 1;
      }
    }
    return found;
  }

  #readAll(): void {
    this.#shown.clear();
    this.#byEntry.clear();
    this.#lists.clear();
    const count = countAnnotatedDigests(this.#db);
    if (count === 0) {
      return;
    }
    const entries = new Map<number, Set<number>>();
    for (const [id, entry] of matchDigests(this.#file, annotatedDigests(this.#db), count)) {
      entries.set(id, (entries.get(id) ?? new Set()).add(entry));
    }
    // All heads, then what is wanted of them: another statement cannot run while one is iterated.
    const heads = entries.size === 0 ? [] : [...annotationHeads(this.#db)].filter(([id]) => entries.has(id));
    for (const head of heads) {
      this.#take(head, entries.get(head[0]) ?? new Set());
    }
  }

  #readOne(id: number): boolean {
    const before = this.#shown.get(id)?.entries ?? [];
    for (const entry of before) {
      const others = this.#idsOn(entry).filter((other) => other !== id);
      if (others.length === 0) {
        this.#byEntry.delete(entry);
      } else {
        this.#byEntry.set(entry, others);
      }
    }
    this.#shown.delete(id);
    const head = annotationHead(this.#db, id);
    if (head !== null) {
      const digests = Object.values(digestsOfAnnotation(this.#db, id));
      const pairs = digests.map((hex): [Uint8Array, number] => [Buffer.from(hex, 'hex'), id]);
      this.#take(head, new Set(matchDigests(this.#file, pairs, pairs.length).map(([, entry]) => entry)));
    }
    return before.length > 0 || this.#shown.has(id);
  }

  #take([id, text, isNoted]: AnnotationHead, entries: ReadonlySet<number>): void {
    const shown = [...entries].filter((entry) => this.#isOf(entry, id));
    if (shown.length === 0) {
      return;
    }
    const tags = this.#lists.get(text) ?? (JSON.parse(text) as string[]);
    this.#lists.set(text, tags);
    this.#shown.set(id, { entries: shown, tags, isNoted: isNoted === 1 });
    for (const entry of shown) {
      const known = this.#byEntry.get(entry);
      this.#byEntry.set(entry, known === undefined ? [id] : [...known, id].sort((a, b) => a - b));
    }
  }

  /** A row with one digest alone has nothing that could say that it is another file. */
  #isOf(entry: number, id: number): boolean {
    const mask = this.#file.groups[this.#file.groupOf(entry)]?.mask ?? 0;
    return kindsOfMask(mask).length === 1 || isOf(this.#file.digestsOf(entry), digestsOfAnnotation(this.#db, id));
  }
}
