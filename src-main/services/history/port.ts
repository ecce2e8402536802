import type { CallOutput, CallParsed } from '#shared/contract/index.ts';

/** What sources said over time, and what they said otherwise. */
export interface HistoryService {
  /** INVALID_ARGUMENT when it is no hash. */
  ofHash(hash: string, limit: number): Promise<CallOutput<'history.ofHash'>>;
  page(
    query: CallParsed<'changes.page'>['query'],
    page: { readonly offset: number; readonly limit: number },
  ): Promise<CallOutput<'changes.page'>>;
  /** All changes since a moment, newest first, for writing out. */
  all(query: CallParsed<'changes.page'>['query']): AsyncIterable<CallOutput<'changes.page'>['rows'][number]>;
  /** Also up to which change all were looked at. */
  unseen(): Promise<CallOutput<'changes.unseen'> & { readonly seenUpTo: number }>;
  /** Flips written after this change, in the order they were written. */
  flipsAfter(id: number, limit: number): Promise<CallOutput<'changes.page'>['rows']>;
  /** Up to this flip; null for everything up to now. */
  seen(upTo: number | null): Promise<void>;
}
