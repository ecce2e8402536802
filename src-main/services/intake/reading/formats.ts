import type { RecogniseOptions, Recognition } from '../../../formats/recognition.ts';

/** What decoding found out so far. */
export interface DecodedInfo {
  readonly encoding: string;
  /** Where decoding stopped and why; what came before stands. */
  readonly fault: string | null;
}

/** The formats as reading sees them. */
export interface FormatTools {
  recognise(head: Uint8Array, complete: boolean, options: RecogniseOptions): Recognition;
  /** Bytes of any supported encoding as UTF-8 without BOM; `info` is final when the chunks have ended. */
  decode(chunks: AsyncIterable<Uint8Array>): {
    readonly chunks: AsyncIterable<Uint8Array>;
    readonly info: () => DecodedInfo;
  };
}
