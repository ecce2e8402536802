import type { layoutOf } from './html-layout.ts';

/**
 * Elements that pages of our own are made of. HTML takes any name with a dash and shows it like a `span`, and readers of
 * HTML here see names of elements alone.
 */
/** Around all of a page: what lies in it beside hashes of its rows tells of them, of the files they come from above all. */
export const OWN_PAGE = 'assay-report';
/** Around each digest of a row's file. */
export const OWN_HASH = 'assay-hash';

/** What a tag does in a page of our own, where a row is what its hashes are, each a cell. */
export function ownLayoutOf(name: string, isEnd: boolean): ReturnType<typeof layoutOf> {
  if (name === OWN_HASH) {
    return isEnd ? 'break' : 'cell';
  }
  return name === 'tr' || name === 'table' ? 'end-row' : 'none';
}
