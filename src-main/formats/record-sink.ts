/** The digests of one record, as bytes. The arrays belong to the reader and are reused: copy before returning. */
export interface DigestSlots {
  /** DIGEST_BIT values of the digests present. */
  mask: number;
  readonly md5: Uint8Array;
  readonly sha1: Uint8Array;
  readonly sha256: Uint8Array;
}

/**
 * Where readers put what they find. Lines are 1-based; columns are 1-based characters, or 0 when they mean nothing.
 * Every record is reported exactly once: by `hash`, `without` or `reject`. Only behind a `hash` the same record may be told
 * of `another` digest.
 */
export interface RecordSink {
  /** One record with at least one digest. `carried` follows the column names the reader announced; missing cells are ''. */
  hash(line: number, column: number, slots: DigestSlots, carried: readonly string[]): void;
  /**
   * A further hash of the record that `hash` was told of last: its cells name several of one kind, which are several files.
   * It is a record of its own that no counter sees.
   */
  another(line: number, column: number, slots: DigestSlots, carried: readonly string[]): void;
  /** A record of the format that names no digest at all. */
  without(line: number, reason: string, excerpt: string): void;
  /** A record whose digest field is not usable: wrong length, not hex, cut off ... */
  reject(line: number, column: number, reason: string, excerpt: string): void;
  /** Something that looks like a digest but is not a file's digest, by name: `imphash`, `ssdeep`, `longer hex run` ... */
  notDigest(name: string): void;
  /** Lines that are no records: blank, comments, format headers. */
  otherLines(count: number): void;
  /** The input is damaged from here on; what came before stands. At most once, as the last thing. */
  fault(message: string): void;
}

/** Reads one input fed in arbitrary chunks; the result never depends on where chunks were cut. UTF-8 bytes without BOM. */
export interface FormatReader {
  push(chunk: Uint8Array): void;
  end(): void;
  /** Lines read when nothing is held back, so that reading can go on behind them; null elsewhere. Left out: it cannot. */
  linesRead?(): number | null;
}

/** A sink that passes everything on, to put other doors in the place of some of its own. */
export function passingOn(sink: RecordSink): RecordSink {
  return {
    hash: (line, column, slots, carried) => sink.hash(line, column, slots, carried),
    another: (line, column, slots, carried) => sink.another(line, column, slots, carried),
    without: (line, reason, excerpt) => sink.without(line, reason, excerpt),
    reject: (line, column, reason, excerpt) => sink.reject(line, column, reason, excerpt),
    notDigest: (name) => sink.notDigest(name),
    otherLines: (count) => sink.otherLines(count),
    fault: (message) => sink.fault(message),
  };
}

/** Counts the records of an input by other code than the reader's, so that a lost row shows. */
export interface RecordCounter {
  push(chunk: Uint8Array): void;
  /** The number of records seen. */
  end(): number;
  /** What was counted when nothing is held back; null elsewhere. Left out: counting cannot go on in the middle. */
  counted?(): Counted | null;
}

/** What a counter knows between two lines. */
export interface Counted {
  readonly lines: number;
  readonly records: number;
}

/** Nothing was counted yet. */
export const NONE_COUNTED: Counted = { lines: 0, records: 0 };

/** Opens what reads and counts the rest of an input, behind lines that were read before. */
export interface Restart {
  open(sink: RecordSink, linesBefore: number): FormatReader;
  count(before: Counted): RecordCounter;
}
