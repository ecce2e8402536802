import type { RefusalKind } from '../port.ts';

/** What the thread that reads a document starts with; the bytes are handed over. */
export interface PdfStart {
  readonly bytes: Uint8Array;
  /** Tried in their order, once the document does not open without one. */
  readonly passwords: readonly string[];
}

/** To the thread: read on. One answer comes for each. */
export type ToPdfThread = 'next';

/** From the thread: the document is open, then what it was asked to read. */
export type FromPdfThread =
  | { readonly kind: 'opened'; readonly pages: number }
  /** The text of the next page; null when it could not be read. */
  | { readonly kind: 'page'; readonly text: string | null }
  | { readonly kind: 'end' }
  /** It cannot be opened: a sentence part for people. */
  | { readonly kind: 'refused'; readonly why: RefusalKind; readonly reason: string };
