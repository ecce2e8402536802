import type { RecordSink } from '../record-sink.ts';
import type { Claim } from './claims.ts';
import type { Frame } from './frame.ts';
import type { KeyRule } from './key-rules.ts';

/** What a format that is written in JSON knows beyond the keys of JSON at large. */
export interface Dialect {
  /** Columns behind name, size and key. */
  readonly columns: readonly string[];
  /** The rule of a key the format knows by itself, else null. */
  rule(name: string): KeyRule | null;
  /** A state for one reading. */
  open(sink: RecordSink): DialectReading;
}

export interface DialectReading {
  /**
   * Called for every object that ends, before its claims are settled; `above` are the open objects and arrays around
   * it, outermost first. May add claims and drop them, and says where they belong.
   */
  close(frame: Frame, above: readonly Frame[]): Settling;
  /** The cells behind name, size and key. */
  cells(claim: Claim, frame: Frame, above: readonly Frame[]): readonly string[];
}

export interface Settling {
  /** True when the object is a row: reported as one without a hash when it holds none. */
  readonly isRow: boolean;
  /** The open object that takes over its claims, or null. */
  readonly joins: Frame | null;
}

/** JSON of no particular format. */
export const PLAIN: Dialect = {
  columns: [],
  rule: () => null,
  open: () => ({ close: () => SETTLED, cells: () => [] }),
};

export const SETTLED: Settling = { isRow: false, joins: null };
