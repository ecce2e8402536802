import type { HistoryLane, ItemChange, ItemState } from '#shared/contract/history.ts';
import type { SourceId } from '#shared/domain/source.ts';

/** What a source says about one file at present. Times are seconds since the epoch. */
export interface PresentItem {
  readonly source: SourceId;
  readonly fileId: number;
  /** The strongest digest of the file. */
  readonly hash: string;
  readonly state: ItemState;
  /** Since when it says so. */
  readonly since: number;
}

/** A change with the file it is about. */
export interface FileChange {
  readonly fileId: number;
  readonly change: ItemChange;
}

type Stretch = HistoryLane['stretches'][number];

/**
 * One line per item that says something: what its source said, in stretches that follow one another without a gap. A clock
 * that was set back makes a stretch empty, never overlapping.
 */
export function lanesOf(items: readonly PresentItem[], changes: readonly FileChange[]): HistoryLane[] {
  return items.map((item) => {
    const own = changes
      .filter(({ fileId, change }) => fileId === item.fileId && change.source === item.source)
      .map(({ change }) => change)
      .sort((a, b) => a.id - b.id);
    return { source: item.source, hash: item.hash, stretches: stretchesOf(item, own) };
  });
}

function stretchesOf(item: PresentItem, own: readonly ItemChange[]): Stretch[] {
  const stretches: Stretch[] = [];
  let from = own[0]?.from ?? item.since;
  for (const { before, at } of own) {
    const to = Math.max(from, at);
    stretches.push({ ...before, from, to });
    from = to;
  }
  stretches.push({ ...item.state, from, to: null });
  return stretches;
}
