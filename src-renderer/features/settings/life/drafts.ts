import { create } from 'zustand';
import type { SourceId } from '#shared/domain/source.ts';
import type { LifeDraft, SourceDraft } from './draft.ts';

/** What was changed and not saved yet; it stays while another page or view is shown. */
interface Changed {
  readonly fields: Partial<Omit<LifeDraft, 'sources'>>;
  readonly sources: Readonly<Partial<Record<SourceId, Partial<SourceDraft>>>>;
}

const NOTHING: Changed = { fields: {}, sources: {} };

export const useLifeDraft = create<Changed>(() => NOTHING);

export function changeField(change: Changed['fields']): void {
  useLifeDraft.setState(({ fields }) => ({ fields: { ...fields, ...change } }));
}

export function changeSource(source: SourceId, change: Partial<SourceDraft>): void {
  useLifeDraft.setState(({ sources }) => ({
    sources: { ...sources, [source]: { ...sources[source], ...change } },
  }));
}

/** Forgets what was changed: it was saved, or is not wanted. */
export function dropLifeDraft(): void {
  useLifeDraft.setState(NOTHING);
}

/** What is kept with what was changed laid over it. */
export function withChanged(kept: LifeDraft, { fields, sources }: Changed): LifeDraft {
  const own = Object.entries(kept.sources).map(([source, draft]) => [
    source,
    { ...draft, ...sources[source as SourceId] },
  ]);
  return { ...kept, ...fields, sources: Object.fromEntries(own) };
}
