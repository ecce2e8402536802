import type { FormatReader, RecordCounter, RecordSink } from './record-sink.ts';

export interface FormatChoice {
  readonly format: string;
  readonly label: string;
}

/** How an input will be read, and why. Made from its first bytes, before anything is kept. */
export interface Recognition extends FormatChoice {
  /** A sentence part for people: `header names SHA256`, `9 of 10 lines are "hash  name"`, `asked for`. */
  readonly why: string;
  /** True when a named format was recognised or at least 20 % of the first 1,000 lines hold a digest. */
  readonly isList: boolean;
  /** Names of the columns carried through to exports, in the order readers report them. */
  readonly carriedColumns: readonly string[];
  /** Names of the columns digests are taken from; empty for formats with fixed places. */
  readonly digestColumns: readonly string[];
  readonly alternatives: readonly FormatChoice[];
  open(sink: RecordSink): FormatReader;
  count(): RecordCounter;
}

export interface RecogniseOptions {
  /** A format id that overrules recognition. */
  readonly format?: string;
  /** Header names or 1-based numbers that overrule the choice of digest columns. */
  readonly digestColumns?: readonly string[];
}
