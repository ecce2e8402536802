import type { RecordSink } from '../record-sink.ts';
import type { Frame } from './frame.ts';
import type { KeyRule } from './keys/key-rules.ts';

/** A value kept as written because a format knows its key. */
export interface Field {
  readonly name: string;
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** What a format sees of an open object, when records are read and when they are counted. */
export interface ObjectView {
  readonly isObject: boolean;
  /** The key it lies under. */
  readonly rule: KeyRule;
  /** The text under `type`. */
  readonly type: string;
  readonly fields: readonly Field[];
}

/** A value the format found in a field, to be read by a rule as if it stood in the object. */
export interface FoundValue {
  readonly rule: KeyRule;
  readonly text: string;
  readonly from: Field;
  /** The file's name, where the format names it beside the digest. */
  readonly fileName: string;
}

/** What a format says about an object that ends. */
export interface Settling {
  readonly values: readonly FoundValue[];
  /** True when the object is a row: reported as one without a hash when it holds none. */
  readonly isRow: boolean;
  /** The place in `above` of the object that takes over its digests, or -1. */
  readonly joins: number;
  /** Why nothing the object says counts any more; absent for one that counts. */
  readonly voidedBy?: string;
}

/** What a format that is written in JSON knows beyond the keys of JSON at large. */
export interface Dialect {
  /** Columns behind name, size and key. */
  readonly columns: readonly string[];
  /** True when rows are what `settle` says, not what the nesting says. */
  readonly hasOwnRows: boolean;
  /** Names of the fields `settle` looks at; it asks for the first of each name only. */
  readonly settledBy: ReadonlySet<string>;
  /** The rule of a key the format knows by itself, else null. */
  rule(name: string): KeyRule | null;
  /** Says what an object that ends holds; `above` is what is open around it, outermost first. Pure. */
  settle(object: ObjectView, above: readonly ObjectView[]): Settling;
  /** A state for one reading. */
  open(sink: RecordSink): DialectReading;
}

/** What a format keeps while it is read. */
export interface DialectReading {
  /** Where records go. */
  readonly sink: RecordSink;
  /** The cells behind name, size and key, for a record of the object `frame`. */
  cells(frame: Frame, above: readonly Frame[]): readonly string[];
  /** Called when an object has ended, behind its records. */
  ended(frame: Frame, above: readonly Frame[]): void;
  /** Called once, behind the last object. */
  end(): void;
}

export const SETTLED: Settling = { values: [], isRow: false, joins: -1 };

/** JSON of no particular format. */
export const PLAIN: Dialect = {
  columns: [],
  hasOwnRows: false,
  settledBy: new Set(),
  rule: () => null,
  settle: () => SETTLED,
  open: (sink) => ({ sink, cells: () => NO_CELLS, ended: () => undefined, end: () => undefined }),
};

const NO_CELLS: readonly string[] = [];

/** The first field of this name, or null. */
export function fieldOf(object: ObjectView, name: string): Field | null {
  for (const field of object.fields) {
    if (field.name === name) {
      return field;
    }
  }
  return null;
}

/** The text of the first field of this name, or ''. */
export function fieldText(object: ObjectView, name: string): string {
  return fieldOf(object, name)?.text ?? '';
}
