import type { ImportPreview, ListChange, ListProblem, ListQuery } from '#shared/contract/hash-list.ts';
import type { CallOutput, CallParsed } from '#shared/contract/index.ts';
import type { ListOp } from '../../db/repositories/hash-list-writes.ts';

/** The team's own list. Changes are all or nothing, audited, and felt by open intakes at once. */
export interface HashListService {
  page(query: ListQuery, page: { offset: number; limit: number }): Promise<CallOutput<'hashList.page'>>;
  add(input: CallParsed<'hashList.add'>): Promise<ListChange>;
  /** What `add` would write at this moment, and what is in its way. Writes nothing. */
  planAdd(
    input: CallParsed<'hashList.add'>,
  ): Promise<{ readonly ops: readonly ListOp[]; readonly problems: readonly ListProblem[] }>;
  /** Finds every hash in the text; each is an entry of its own. */
  addText(input: CallParsed<'hashList.addText'>): Promise<ListChange>;
  update(input: CallParsed<'hashList.update'>): Promise<ListChange>;
  remove(ids: readonly number[]): Promise<ListChange>;
  /** Removes the entries that hold one of these hashes; names hashes that are on no entry. */
  removeHashes(
    hashes: readonly string[],
  ): Promise<{ readonly change: ListChange; readonly notListed: readonly string[] }>;
  undo(changeId: number): Promise<ListChange>;
  preview(
    file: { readonly name: string; readonly chunks: AsyncIterable<Uint8Array> },
    options: {
      readonly mode: 'append' | 'replace';
      readonly settle: 'refuse' | 'keep-mine' | 'take-file';
      readonly skipMalformed: boolean;
    },
  ): Promise<ImportPreview>;
  /** Carries out a preview by its token; refused when the list changed since or problems are open. */
  import(token: string): Promise<ListChange>;
  /** The whole list as CSV text in batches, header first; reads back by `preview`. */
  exportCsv(): AsyncIterable<string>;
  audit(entryId: number | null, page: { offset: number; limit: number }): Promise<CallOutput<'hashList.audit'>>;
}
