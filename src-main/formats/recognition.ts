import type { FormatReader, RecordCounter, RecordSink, Restart } from './record-sink.ts';

export interface FormatChoice {
  readonly format: string;
  readonly label: string;
}

/** The columns of a delimited input, for whoever chooses among them. */
export interface TableView {
  readonly columns: readonly {
    readonly name: string;
    /** Digests are taken from it. */
    readonly isTaken: boolean;
    /** Digests stand in it among the first rows. */
    readonly holdsDigests: boolean;
  }[];
  /** The cells of the row that starts in this line; null beyond the first rows. */
  cells(line: number): readonly string[] | null;
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
  /** True when nothing but likelihood chose: free text, several formats that read about as much, or look the very same. */
  readonly isGuess: boolean;
  /** Null for formats without columns. */
  readonly table: TableView | null;
  open(sink: RecordSink): FormatReader;
  count(): RecordCounter;
  /** Null where reading cannot go on in the middle. */
  readonly restart: Restart | null;
}

export interface RecogniseOptions {
  /** What the input is called. Decides only between formats whose inputs look the very same. */
  readonly name?: string;
  /** A format id that overrules recognition. */
  readonly format?: string;
  /** Header names or 1-based numbers that overrule the choice of digest columns. */
  readonly digestColumns?: readonly string[];
}
