import { create } from 'zustand';
import type { SourceId } from '#shared/domain/source.ts';
import type { Draft } from './draft.ts';

/** What was changed in the fields of each source and not saved yet. It stays while another source or view is shown. */
export const useDrafts = create<{ readonly [S in SourceId]?: Partial<Draft> }>(() => ({}));

export function changeDraft(source: SourceId, change: Partial<Draft>): void {
  useDrafts.setState((drafts) => ({ [source]: { ...drafts[source], ...change } }));
}

/** Forgets what was changed: it was saved, or is not wanted. */
export function dropDraft(source: SourceId): void {
  useDrafts.setState({ [source]: {} });
}
