import { classifyName } from './classify-name.ts';

/**
 * Fields of CEF events whose meaning another field of the same event tells (`cs1=0123… cs1Label=imphash`): ArcSight's
 * dictionary has them under a short and a full name.
 */
const KEY = '(?<![0-9A-Za-z])((?:cs|flexString|deviceCustomString)[1-9])';
const BEFORE = new RegExp(`${KEY}["'\\\\]*[\\t ]?[=:][\\t ]?["'\\\\]*$`, 'i');
const ONE = new RegExp(`^${KEY}$`, 'i');
const LABEL_RUN = new RegExp(`${KEY}Label$`, 'i');
const LABELS = new RegExp(`${KEY}Label(?![0-9A-Za-z])`, 'gi');

/** Bytes behind `cs1Label` that are looked at. */
export const FIELD_LABEL_BYTES = 72;
/** Of such a word: `deviceCustomString1Label` is the longest. */
export const LONGEST_LABEL_RUN = 24;
export const SHORTEST_LABEL_RUN = 8;

const VALUE = /^["'\\]*[\t ]?[=:][\t ]?["'\\]*([^\r\n\t|^"'\\]+)/;
/** Where the next field of the event begins. */
const NEXT_FIELD = / +[\w.-]+=/;

export function isCustomField(word: string): boolean {
  return ONE.test(word);
}

/** The field whose value stands behind `before` (at most LABEL_BYTES of the same line, as Latin-1), or null. */
export function customFieldBefore(before: string): string | null {
  return /[=:"'\\ \t]$/.test(before) ? (BEFORE.exec(before)?.[1]?.toLowerCase() ?? null) : null;
}

/** The field that a run of letters and digits names the meaning of: `cs1` for `cs1Label`, else null. */
export function fieldOfLabel(run: string): string | null {
  return LABEL_RUN.exec(run)?.[1]?.toLowerCase() ?? null;
}

/** What values of a field are set aside as, when the text right behind its label says that they are no digests of files. */
export function setAsideByFieldLabel(behind: string): string | null {
  const value = VALUE.exec(behind.slice(0, FIELD_LABEL_BYTES))?.[1] ?? '';
  const meaning = classifyName(value.split(NEXT_FIELD, 1)[0] ?? '');
  return meaning?.kind === 'never' ? meaning.name : null;
}

/** What the labels of an event say of its fields: null for a field with a label that leaves its values digests of files. */
export class FieldLabels {
  readonly #names = new Map<string, string | null>();

  /** Where several labels of one field contradict each other, none sets its values aside. */
  add(field: string, setAside: string | null): void {
    this.#names.set(field, this.#names.get(field) === null ? null : setAside);
  }

  nameOf(field: string): string | null {
    return this.#names.get(field) ?? null;
  }
}

/** The labels in a line or its first part, as Latin-1. */
export function fieldLabelsIn(line: string): FieldLabels {
  const labels = new FieldLabels();
  for (const match of line.matchAll(LABELS)) {
    const end = match.index + match[0].length;
    labels.add((match[1] ?? '').toLowerCase(), setAsideByFieldLabel(line.slice(end, end + FIELD_LABEL_BYTES)));
  }
  return labels;
}
