import type { SourceId } from '#shared/domain/source.ts';
import type { Settings } from '#shared/settings/schema.ts';
import type { Fed, FeedArgs } from '../../db/repositories/asking/queue/feed-rescans.ts';
import type { DueItems, DueItemsArgs } from '../../db/repositories/life/due.ts';
import type { Readiness, Timer } from '../outbound/port.ts';
import type { ProviderFacts } from '../../providers/port.ts';

/** Items and queue as far as they matter for what is asked again. */
export interface RescanStore {
  dueItems(args: DueItemsArgs): Promise<DueItems>;
  feed(args: FeedArgs): Promise<Fed>;
  /** Rows that wait in the groups that are fed. */
  groups(): Promise<
    readonly { readonly source: number; readonly purpose: 'new' | 'rescan'; readonly waiting: number }[]
  >;
  /** Takes out of the queue what a source is not to be asked any more without a person. */
  drop(source: number, purpose: 'new' | 'rescan', at: number): Promise<void>;
}

export interface RescanParts {
  readonly store: RescanStore;
  readonly timer: Timer;
  readonly facts: readonly ProviderFacts[];
  ready(source: SourceId): Promise<Readiness>;
  settings(): Promise<Settings>;
  /** Calls back when settings, sources or the queue changed. Returns the unsubscribe. */
  onChange(listener: () => void): () => void;
  readonly onFault: (error: unknown) => void;
}
