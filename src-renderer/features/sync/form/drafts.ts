import { create } from 'zustand';
import type { Draft } from './draft.ts';

/** What was changed in the fields of each job and not saved yet. It stays while another job or view is shown. */
export const useSyncDrafts = create<{ readonly [jobId: number]: Partial<Draft> | undefined }>(() => ({}));

export function changeDraft(jobId: number, change: Partial<Draft>): void {
  useSyncDrafts.setState((drafts) => ({ [jobId]: { ...drafts[jobId], ...change } }));
}

/** Forgets what was changed: it was saved, or is not wanted. */
export function dropDraft(jobId: number): void {
  useSyncDrafts.setState({ [jobId]: undefined });
}
