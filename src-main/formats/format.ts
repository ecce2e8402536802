import type { FormatReader, RecordCounter, RecordSink, Restart } from './record-sink.ts';
import type { RecogniseOptions, TableView } from './recognition.ts';
import type { Head } from './head.ts';

/** Another format whose inputs look the very same, so that only a name can tell. */
export interface Twin {
  readonly format: string;
  /** Names of inputs of the other format, and of this one. */
  readonly names: RegExp;
  readonly own: RegExp;
}

/** How one format would read an input. */
export interface Fit {
  /** A sentence part for people. */
  readonly why: string;
  readonly carriedColumns: readonly string[];
  readonly digestColumns: readonly string[];
  /** Records with a digest among the lines looked at. */
  readonly digests: number;
  /** True for a document with few digests in much text: as a file it is a sample, not a list. */
  readonly isMostlyText?: boolean;
  readonly table?: TableView;
  readonly twin?: Twin;
  /** True where something looks the same that holds no hash of a file: the choice is shown as a guess. */
  readonly isGuess?: boolean;
  open(sink: RecordSink): FormatReader;
  count(): RecordCounter;
  /** Left out where a line means something only after those before it. */
  readonly restart?: Restart;
}

/** One input shape. */
export interface Format {
  readonly id: string;
  readonly label: string;
  /** The fit when the content has this shape, else null. */
  probe(head: Head): Fit | null;
  /** The fit when somebody asked for this format, whatever the content is. */
  assume(head: Head, options: RecogniseOptions): Fit;
}
